import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { DriftRow } from '../../../../shared/sync/seen/reconcile.ts';
import { hasRole } from '../../../../shared/domain/person.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { useFormats } from '../../../ui/format.ts';
import { useKeys } from '../../../ui/use-keys.ts';
import type { ConnectionPart } from '../connection-part.ts';
import { PulledRows, usePulledView } from '../pulled-rows.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import { DecideDrift } from './decide-drift.tsx';
import { driftColumns } from './drift-columns.tsx';
import { driftKey } from './drift-key.ts';
import { countDrift, sortDrift } from './drift-order.ts';

/**
 * Our book beside the remote's figures: what differs, and whose figure stands. One piece: table, keys and dialog act on one
 * selection.
 */
export function DriftTable({ connection, card, vault }: ConnectionPart): ReactElement {
  const { t } = useTranslation('send');
  const { sending, person } = useTallybook();
  const formats = useFormats();
  const pull = useTask<{ figures: number; movements: number }>();
  const version = useLedger((ledger) => ledger.version());
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [only, setOnly] = useState(true);
  const [deciding, setDeciding] = useState<{ choice: 'take_theirs' | 'send_ours'; rows: readonly DriftRow[] }>();
  const all = useMemo(
    () => sortDrift(sending.drift(connection.id)).map((row) => ({ ...row, key: driftKey(row) })),
    // oxlint-disable-next-line react/exhaustive-deps -- `version` stands for all that the ledger knows
    [sending, connection.id, version],
  );
  const counts = countDrift(all);
  const isOpen = ({ state }: DriftRow) => state === 'differs';
  const view = usePulledView(all, {
    view: `${only} ${pull.value?.figures ?? ''} ${pull.running}`,
    show: (row) => !only || isOpen(row) || row.state === 'hidden',
    isOpen,
  });
  const { selection, about } = view;
  const mayDecide = hasRole(person, ['approver']);
  const mayTake = mayDecide && about.length > 0;
  const maySend = mayTake && !card.abilities.readOnly;
  // A fresh reading comes before the decision, and rows may agree after it: what was asked about stays.
  const decide = (choice: 'take_theirs' | 'send_ours') => setDeciding({ choice, rows: about });
  const run = () =>
    void pull.run(async () => {
      const done = await vault.opened(() => sending.pull(connection.id));
      selection.clear();
      return done;
    });
  useKeys([
    { key: 'P', label: t('drift.pull'), run },
    { key: 'T', label: t('decide.take_theirs.act'), run: () => mayTake && decide('take_theirs') },
    { key: 'O', label: t('decide.send_ours.act'), run: () => maySend && decide('send_ours') },
  ]);

  return (
    <div className="part drift">
      <PulledRows
        view={view}
        words={{
          label: t('drift.label'),
          pull: t('drift.pull'),
          only: t('drift.onlyDifferences'),
          nothing: all.length === 0 ? t('drift.nothing') : t('drift.noDifference'),
          hint: about.length === 0 ? t('drift.choose') : t('drift.about', { count: about.length }),
          selectOpen: t('select.differing', { count: view.open.length }),
          note: t('drift.never'),
        }}
        pulling={pull.running}
        onPull={run}
        only={only}
        onOnly={setOnly}
        said={
          <>
            <TaskSaid task={pull} running={t('drift.running', { remote: card.title })}>
              {({ figures, movements }) =>
                [
                  t('drift.pulled', { count: figures }),
                  ...(card.abilities.movements ? [t('moved.pulled', { count: movements })] : []),
                ].join(' · ')
              }
            </TaskSaid>
            {all.length > 0 && (
              <span data-testid="drift-counts">
                {t('drift.counts', {
                  reconciled: formats.whole(counts.reconciled),
                  differs: formats.whole(counts.differs),
                  notSeen: formats.whole(counts.not_seen),
                  waiting: formats.whole(counts.waiting),
                })}
                {counts.hidden > 0 && ` · ${t('drift.hidden', { count: counts.hidden })}`}
              </span>
            )}
          </>
        }
        columns={driftColumns({ t, formats, catalogue })}
        rowTestId="drift-row"
        acts={
          <>
            <Button compact keyCap="T" disabled={!mayTake} onClick={() => decide('take_theirs')}>
              {t('decide.take_theirs.act')}
            </Button>
            {card.abilities.readOnly ? (
              <span className="muted">{t('decide.readOnly', { remote: card.title })}</span>
            ) : (
              <Button compact keyCap="O" disabled={!maySend} onClick={() => decide('send_ours')}>
                {t('decide.send_ours.act')}
              </Button>
            )}
          </>
        }
      />
      {deciding && (
        <DecideDrift
          choice={deciding.choice}
          connection={connection}
          card={card}
          rows={deciding.rows}
          vault={vault}
          onDone={() => {
            setDeciding(undefined);
            selection.clear();
          }}
          onClose={() => setDeciding(undefined)}
        />
      )}
    </div>
  );
}
