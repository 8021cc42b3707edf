import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Laptop } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { knownUpTo, useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useFormats } from '../../ui/format.ts';
import { notify } from '../../ui/notice.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/** Says exactly what stands of a laptop and what never will, then revokes it. It cannot be taken back, so Enter keeps it. */
export function RevokeDialog({ laptop, onClose }: { laptop: Laptop; onClose: () => void }): ReactElement {
  const { t, i18n } = useTranslation('team');
  const { host, ledger } = useTallybook();
  const { ask } = useTeam();
  const formats = useFormats();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const { name, entries, refused, forkedAt } = laptop;
  const upTo = knownUpTo(laptop);
  const stands = { count: entries, name, number: formats.whole(entries) };

  async function revoke(): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    const revoked = await host.revokeLaptop({ laptop: laptop.laptop });
    busy.current = false;
    if (!revoked.ok) return setProblem(errorText(revoked.error));
    await ledger.takeIn(revoked.value.entries);
    // What it had said behind its fork counted here until now.
    if (forkedAt !== null) await ledger.catchUp();
    await ask();
    notify(() => i18n.t('team:revoke.done', { name }));
    onClose();
  }

  return (
    <Dialog
      title={t('revoke.title', { name })}
      onClose={onClose}
      onConfirm={() => void revoke()}
      actions={
        <>
          <Button keyCap="Esc" autoFocus onClick={onClose}>
            {t('revoke.keep')}
          </Button>
          <Button type="submit" variant="main">
            {t('revoke.do')}
          </Button>
        </>
      }
    >
      <p>
        {entries === 0 || upTo === null
          ? t('revoke.standsNothing', { name })
          : forkedAt === null
            ? t('revoke.stands', { ...stands, when: formats.moment(upTo) })
            : t('revoke.standsUpTo', { name, from: formats.whole(forkedAt) })}{' '}
        {refused > 0 && t('revoke.refused', { count: refused })}
      </p>
      <p>{t('revoke.never', { name })}</p>
      <p className="muted">{t('revoke.first')}</p>
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
