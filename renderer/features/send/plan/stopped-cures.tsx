import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ok } from '../../../../shared/domain/result.ts';
import type { StoppedLine } from '../../../../shared/domain/ledger-entry.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../../sync/sending.ts';
import { textOr } from '../../../texts/keys.ts';
import { Button } from '../../../ui/button.tsx';
import { announce } from '../../../ui/live.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import type { Vault } from '../use-vault.tsx';
import { stoppedGroups, trackingOf, type StoppedGroup } from './cures.ts';

/** For each kind of stopped lines the one thing that lets them through. */
export function StoppedCures({
  connection,
  stopped,
  vault,
  onCured,
}: {
  connection: Connection;
  stopped: readonly StoppedLine[];
  vault: Vault;
  /** Something was done about it here: the plan is another one now. */
  onCured: () => void;
}): ReactElement | null {
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const mapping = useLedger(() => sending.mapping(connection.id));
  const tracking = useTask<null>();
  const groups = stoppedGroups(stopped);
  if (groups.length === 0) return null;
  const places = trackingOf(stopped, { mapping, binSite: (bin) => catalogue.bin(bin)?.site });
  const untracked = [...places.values()].reduce((sum, items) => sum + items.length, 0);

  async function track(): Promise<void> {
    await tracking.run(async () => {
      for (const [place, items] of places) {
        const done = await vault.opened(() => sending.startTracking(connection.id, items, place));
        if (!done.ok) return done;
      }
      announce(t('track.done', { count: untracked }));
      onCured();
      return ok(null);
    });
  }

  const act = ({ cure }: StoppedGroup): ReactElement | null => {
    switch (cure) {
      case 'match':
        return <Link href={`/send/${connection.id}/mapping`}>{t('track.toMapping')}</Link>;
      case 'import':
        return <Link href="/items/import">{t('track.toImport')}</Link>;
      case 'compare':
        return <Link href={`/send/${connection.id}/drift`}>{t('track.toDrift')}</Link>;
      case 'track':
        return untracked === 0 ? null : (
          <Button compact disabled={tracking.running} onClick={() => void track()}>
            {t('track.do', { count: untracked })}
          </Button>
        );
      case 'ask':
      case 'none':
        return null;
    }
  };

  return (
    <section className="cures" aria-label={t('track.label')}>
      <ul>
        {groups.map((group) => (
          <li key={group.code} className="row" data-testid="cure" data-code={group.code}>
            <span>{textOr(t, `cure.${group.code}`, t('cure.other'))}</span>
            {act(group)}
          </li>
        ))}
      </ul>
      <TaskSaid task={tracking} running={t('track.running')} />
    </section>
  );
}
