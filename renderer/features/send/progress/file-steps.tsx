import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostOutput } from '../../../../shared/ports/host.ts';
import type { OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';
import { useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { TextInput } from '../../../ui/field.tsx';
import { announce } from '../../../ui/live.tsx';
import { fileName } from '../../../../shared/domain/file-name.ts';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import type { Vault } from '../use-vault.tsx';

/**
 * A request that is a file: save it, put it where the remote can fetch it, give its address, and follow or stop. One piece:
 * each step is shown by what the one before it answered.
 */
export function FileSteps({
  request,
  name,
  title,
  vault,
}: {
  request: OutboxRequest;
  name: string;
  title: string;
  vault: Vault;
}): ReactElement {
  const { t } = useTranslation('send');
  const { host, sending } = useTallybook();
  const [url, setUrl] = useState('');
  const save = useTask<HostOutput<'saveFile'>>();
  const start = useTask<null>();
  const abort = useTask<null>();
  const [sure, setSure] = useState(false);
  const address = url.trim();
  const fine = URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
  const { job } = request;

  async function begin(): Promise<void> {
    if (!fine) return;
    await start.run(async () => {
      const done = await vault.opened(() => sending.startFile(request.connection, request.id, address));
      // The address may open the file to anyone: it is not kept, not even here.
      if (done.ok) {
        setUrl('');
        announce(t('file.started', { remote: title }));
      }
      return done;
    });
  }

  return (
    <div className="file-steps">
      {job === undefined ? (
        <ol>
          <li className="row">
            <span>{t('file.step.save')}</span>
            <Button
              compact
              onClick={() =>
                void save.run(() =>
                  host.saveFile({ suggestedName: fileName([name, request.id], 'csv'), text: request.request.body }),
                )
              }
            >
              {t('file.save')}
            </Button>
            <TaskSaid task={save} running={t('file.saving')}>
              {({ outcome }) => t(`file.${outcome}`)}
            </TaskSaid>
          </li>
          <li>{t('file.step.put', { remote: title })}</li>
          <li>
            <form
              className="field-row"
              onSubmit={(event) => {
                event.preventDefault();
                void begin();
              }}
            >
              <TextInput
                label={t('file.address')}
                hint={t('file.addressHint')}
                type="url"
                mono
                maxLength={2000}
                value={url}
                error={address !== '' && !fine ? t('file.addressWrong') : undefined}
                onChange={(event) => setUrl(event.target.value)}
              />
              <Button type="submit" variant="main" compact keyCap="Enter" disabled={!fine || start.running}>
                {t('file.start')}
              </Button>
            </form>
            <TaskSaid task={start} running={t('file.starting', { remote: title })} />
          </li>
        </ol>
      ) : (
        <p role="status">
          {t('file.follow', { remote: title })} <span className="code small">{job}</span>
        </p>
      )}
      <div className="row">
        {sure ? (
          <>
            <span>{t(job === undefined ? 'file.abortUnstarted' : 'file.abortText', { remote: title })}</span>
            <Button
              compact
              disabled={abort.running}
              onClick={() =>
                void abort
                  .run(() => vault.opened(() => sending.abortFile(request.connection, request.id)))
                  .then(() => setSure(false))
              }
            >
              {t('file.abortSure')}
            </Button>
            <Button compact variant="quiet" onClick={() => setSure(false)}>
              {t('file.abortNot')}
            </Button>
          </>
        ) : (
          <Button compact variant="quiet" onClick={() => setSure(true)}>
            {t('file.abort')}
          </Button>
        )}
        <TaskSaid task={abort} running={t('file.aborting')} />
      </div>
    </div>
  );
}
