import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionHolder } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import type { Connection } from '../../sync/sending.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/field.tsx';
import { notify } from '../../ui/notice.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/**
 * Says what it means that another laptop sends, then does it: this one gives the connection away, or takes it from one that
 * was revoked. The way back has the focus first.
 */
export function ChangeSender({
  holder,
  connection,
  onClose,
}: {
  holder: ConnectionHolder;
  connection: Connection;
  onClose: () => void;
}): ReactElement {
  const { t, i18n } = useTranslation('send');
  const { host, ledger, sending } = useTallybook();
  const { ask } = useTeam();
  const errorText = useErrorText();
  const [to, setTo] = useState(holder.mayGive[0]?.laptop ?? '');
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const isTaking = holder.mayTake;
  const names = { connection: connection.name, name: holder.name };

  async function change(): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    const changed = await host.holdConnection({ connection: connection.id, laptop: isTaking ? holder.here : to });
    busy.current = false;
    if (!changed.ok) return setProblem(errorText(changed.error));
    await ledger.takeIn(changed.value.entries);
    await ask();
    const name = holder.mayGive.find(({ laptop }) => laptop === to)?.name ?? '';
    notify(() => (isTaking ? i18n.t('send:sender.taken', names) : i18n.t('send:sender.given', { ...names, name })));
    // What others posted and this laptop may send now waits for a person; what goes again by itself does not.
    void sending.flush();
    onClose();
  }

  return (
    <Dialog
      title={t(isTaking ? 'sender.takeTitle' : 'sender.giveTitle', names)}
      onClose={onClose}
      onConfirm={() => void change()}
      actions={
        <>
          <Button keyCap="Esc" autoFocus onClick={onClose}>
            {t('sender.keep')}
          </Button>
          <Button type="submit" variant="main">
            {t(isTaking ? 'sender.take' : 'sender.giveDo')}
          </Button>
        </>
      }
    >
      {!isTaking && (
        <Select
          label={t('sender.giveLabel')}
          value={to}
          options={holder.mayGive.map(({ laptop, name }) => ({ value: laptop, label: name }))}
          onChange={setTo}
        />
      )}
      <p>{isTaking ? t('sender.takeText', names) : t('sender.giveText')}</p>
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
