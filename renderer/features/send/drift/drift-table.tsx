import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import type { DriftRow } from '../../../../shared/sync/seen/reconcile.ts';
import { hasRole } from '../../../../shared/domain/person.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../../sync/sending.ts';
import { Button } from '../../../ui/button.tsx';
import { DataGrid } from '../../../ui/data-grid.tsx';
import { Checkbox } from '../../../ui/field.tsx';
import { useFormats } from '../../../ui/format.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { useKeys } from '../../../ui/use-keys.ts';
import { TaskSaid } from '../task-said.tsx';
import { useKeptOrder } from '../use-kept-order.ts';
import { useSelection } from '../use-selection.ts';
import { useTask } from '../use-task.ts';
import type { Vault } from '../use-vault.tsx';
import { DecideDrift } from './decide-drift.tsx';
import { driftColumns } from './drift-columns.tsx';
import { driftKey } from './drift-key.ts';
import { countDrift, sortDrift } from './drift-order.ts';

/** Our book beside the remote's figures: what differs, and whose figure stands. */
export function DriftTable({
  connection,
  card,
  vault,
}: {
  connection: Connection;
  card: ConnectorCard;
  vault: Vault;
}): ReactElement {
  const { t } = useTranslation('send');
  const { sending, person } = useTallybook();
  const formats = useFormats();
  const pull = useTask<{ figures: number; movements: number }>();
  const version = useLedger((ledger) => ledger.version());
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [only, setOnly] = useState(true);
  const [active, setActive] = useState<string>();
  const [deciding, setDeciding] = useState<{ choice: 'take_theirs' | 'send_ours'; rows: readonly DriftRow[] }>();
  const all = useMemo(
    () => sortDrift(sending.drift(connection.id)).map((row) => ({ ...row, key: driftKey(row) })),
    // oxlint-disable-next-line react/exhaustive-deps -- `version` stands for all that the ledger knows
    [sending, connection.id, version],
  );
  const counts = countDrift(all);
  const rows = useKeptOrder(`${only} ${pull.value?.figures ?? ''} ${pull.running}`, all, () =>
    only ? all.filter(({ state }) => state === 'differs' || state === 'hidden') : all,
  );
  const selection = useSelection(rows);
  const differing = rows.filter(({ state }) => state === 'differs');
  const chosen = selection.chosen.length > 0 ? selection.chosen : rows.filter(({ key }) => key === active);
  const about = chosen.filter(({ state }) => state === 'differs');
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
      <div className="row head">
        <Button variant={all.length === 0 ? 'main' : 'plain'} desk keyCap="P" disabled={pull.running} onClick={run}>
          {t('drift.pull')}
        </Button>
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
        <span className="push">
          <Checkbox label={t('drift.onlyDifferences')} checked={only} onChange={setOnly} />
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState>{all.length === 0 ? t('drift.nothing') : t('drift.noDifference')}</EmptyState>
      ) : (
        <DataGrid
          label={t('drift.label')}
          columns={driftColumns({ t, formats, catalogue })}
          rows={rows}
          rowKey={({ key }) => key}
          active={active}
          onActive={setActive}
          selected={selection.keys}
          onSelect={selection.toggle}
          rowTestId="drift-row"
          rowProps={({ state }) => ({ 'data-state': state })}
        />
      )}
      {rows.length > 0 && (
        <footer className="acts">
          <span className="muted" role="status">
            {about.length === 0 ? t('drift.choose') : t('drift.about', { count: about.length })}
          </span>
          <Button
            desk
            variant="quiet"
            disabled={differing.length === 0}
            onClick={() => (selection.keys.size > 0 ? selection.clear() : selection.set(differing))}
          >
            {selection.keys.size > 0 ? t('select.none') : t('select.differing', { count: differing.length })}
          </Button>
          <Button desk keyCap="T" disabled={!mayTake} onClick={() => decide('take_theirs')}>
            {t('decide.take_theirs.act')}
          </Button>
          {card.abilities.readOnly ? (
            <span className="muted">{t('decide.readOnly', { remote: card.title })}</span>
          ) : (
            <Button desk keyCap="O" disabled={!maySend} onClick={() => decide('send_ours')}>
              {t('decide.send_ours.act')}
            </Button>
          )}
        </footer>
      )}
      <p className="muted small note">{t('drift.never')}</p>
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
