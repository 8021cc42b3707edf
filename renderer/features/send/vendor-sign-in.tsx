import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostOutput } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { TaskSaid } from './task-said.tsx';
import { useTask } from './use-task.ts';
import type { Vault } from './use-vault.tsx';

/** Signing in at the vendor: their page opens in the person's own browser, and what it answers is brought back here. */
export function VendorSignIn({
  connection,
  title,
  vault,
}: {
  connection: Connection;
  title: string;
  vault: Vault;
}): ReactElement {
  const { t } = useTranslation('send');
  const { host, sending } = useTallybook();
  const begin = useTask<HostOutput<'beginVendorSignIn'>>();
  const finish = useTask<HostOutput<'finishVendorSignIn'>>();
  const [answer, setAnswer] = useState('');
  const given = answer.trim();

  function start(): void {
    finish.forget();
    setAnswer('');
    void begin.run(() => vault.opened(() => host.beginVendorSignIn({ connection: connection.id })));
  }

  async function bring(): Promise<void> {
    if (given === '') return;
    await finish.run(async () => {
      const done = await vault.opened(() => host.finishVendorSignIn({ connection: connection.id, answer: given }));
      if (done.ok) {
        announce(t('signIn.done', { remote: title }));
        begin.forget();
        // What waited for just this goes on.
        void sending.flush();
      }
      return done;
    });
  }

  return (
    <section aria-label={t('signIn.do', { remote: title })}>
      <div className="row">
        <Button onClick={start} disabled={begin.running}>
          {t('signIn.do', { remote: title })}
        </Button>
        <span className="muted">{t('signIn.opens')}</span>
      </div>
      <TaskSaid task={begin} running={t('signIn.opening')}>
        {({ url }) => (
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void bring();
            }}
          >
            <p>{t('signIn.steps', { remote: title })}</p>
            <TextInput label={t('signIn.address')} value={url} readOnly mono />
            <div className="field-row">
              <TextInput
                label={t('signIn.answer')}
                hint={t('signIn.answerHint')}
                value={answer}
                maxLength={4000}
                mono
                onChange={(event) => setAnswer(event.target.value)}
              />
              <Button type="submit" variant="main" keyCap="Enter" disabled={given === '' || finish.running}>
                {t('signIn.finish')}
              </Button>
            </div>
          </form>
        )}
      </TaskSaid>
      <TaskSaid task={finish} running={t('signIn.finishing', { remote: title })}>
        {() => <p>{t('signIn.done', { remote: title })}</p>}
      </TaskSaid>
    </section>
  );
}
