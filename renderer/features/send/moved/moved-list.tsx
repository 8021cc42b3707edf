import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { hasRole } from '../../../../shared/domain/person.ts';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
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
import { movedColumns } from './moved-columns.tsx';
import { countMoved, isSettled, mayTake, movedRows, type Moved } from './moved-rows.ts';
import { TakeMoved } from './take-moved.tsx';

/** One entry into the ledger takes this many. */
const MOST_AT_ONCE = 5000;

/** What others changed at a remote. Taking a movement books it in our ledger at the time it happened; nothing is sent. */
export function MovedList({
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
  const version = useLedger((ledger) => ledger.version());
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const pull = useTask<{ figures: number; movements: number }>();
  const [open, setOpen] = useState(true);
  const [active, setActive] = useState<string>();
  const [taking, setTaking] = useState<readonly Moved[]>();
  const [now] = useState(() => new Date().toISOString());
  const all = useMemo(
    () => movedRows(sending.movements(connection.id)),
    // oxlint-disable-next-line react/exhaustive-deps -- `version` stands for all that the ledger knows
    [sending, connection.id, version],
  );
  const counts = countMoved(all);
  const rows = useKeptOrder(String(open), all, () => (open ? all.filter(({ state }) => !isSettled(state)) : all));
  const selection = useSelection(rows);
  const takeable = rows.filter(mayTake);
  const chosen = selection.chosen.length > 0 ? selection.chosen : rows.filter(({ key }) => key === active);
  const about = chosen.filter(mayTake);
  const may = hasRole(person, ['lead', 'approver', 'admin']);
  const ask = () => may && about.length > 0 && setTaking(about.slice(0, MOST_AT_ONCE));
  const run = () => void pull.run(() => vault.opened(() => sending.pull(connection.id)));
  useKeys([
    { key: 'P', label: t('moved.pull'), run },
    { key: 'T', label: t('moved.act'), run: ask },
  ]);

  return (
    <div className="part">
      <div className="row head">
        <Button variant={all.length === 0 ? 'main' : 'plain'} compact keyCap="P" disabled={pull.running} onClick={run}>
          {t('moved.pull')}
        </Button>
        <TaskSaid task={pull} running={t('drift.running', { remote: card.title })}>
          {({ movements }) => t('moved.pulled', { count: movements })}
        </TaskSaid>
        {all.length > 0 && (
          <span role="status" data-testid="moved-counts">
            {t('moved.counts', {
              open: formats.whole(all.length - counts.taken - counts.covered - counts.unknown),
              taken: formats.whole(counts.taken + counts.covered),
              unknown: formats.whole(counts.unknown),
            })}
          </span>
        )}
        {counts.unknown > 0 && <Link href={`/send/${connection.id}/mapping`}>{t('cure.item_not_mapped')}</Link>}
        <span className="push">
          <Checkbox label={t('moved.onlyOpen')} checked={open} onChange={setOpen} />
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState>{all.length === 0 ? t('moved.nothing', { remote: card.title }) : t('moved.allTaken')}</EmptyState>
      ) : (
        <>
          <DataGrid
            label={t('moved.label')}
            columns={movedColumns({ t, formats, catalogue, now })}
            rows={rows}
            rowKey={({ key }) => key}
            active={active}
            onActive={setActive}
            selected={selection.keys}
            onSelect={selection.toggle}
            onOpen={ask}
            rowTestId="moved-row"
            rowProps={({ state }) => ({ 'data-state': state })}
          />
          <footer className="acts">
            <span className="muted" role="status">
              {about.length === 0 ? t('moved.choose') : t('moved.about', { count: about.length })}
            </span>
            <Button
              compact
              variant="quiet"
              disabled={takeable.length === 0}
              onClick={() => (selection.keys.size > 0 ? selection.clear() : selection.set(takeable))}
            >
              {selection.keys.size > 0 ? t('select.none') : t('moved.selectAll', { count: takeable.length })}
            </Button>
            <Button compact variant="main" keyCap="T" disabled={!may || about.length === 0} onClick={ask}>
              {t('moved.act')}
            </Button>
          </footer>
        </>
      )}
      <p className="muted small note">{t('moved.never')}</p>
      {taking && (
        <TakeMoved
          connection={connection}
          title={card.title}
          rows={taking}
          onDone={() => {
            setTaking(undefined);
            selection.clear();
          }}
          onClose={() => setTaking(undefined)}
        />
      )}
    </div>
  );
}
