import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { hasRole } from '../../../../shared/domain/person.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { Button } from '../../../ui/button.tsx';
import { useFormats } from '../../../ui/format.ts';
import { useKeys } from '../../../ui/use-keys.ts';
import type { ConnectionPart } from '../connection-part.ts';
import { PulledRows, usePulledView } from '../pulled-rows.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import { movedColumns } from './moved-columns.tsx';
import { countMoved, isSettled, mayTake, movedRows, type Moved } from './moved-rows.ts';
import { TakeMoved } from './take-moved.tsx';

/** One entry into the ledger takes this many. */
const MOST_AT_ONCE = 5000;

/**
 * What others changed at a remote. Taking a movement books it in our ledger at the time it happened; nothing is sent. One
 * piece: table, keys and dialog act on one selection.
 */
export function MovedList({ connection, card, vault }: ConnectionPart): ReactElement {
  const { t } = useTranslation('send');
  const { sending, person } = useTallybook();
  const formats = useFormats();
  const version = useLedger((ledger) => ledger.version());
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const pull = useTask<{ figures: number; movements: number }>();
  const [open, setOpen] = useState(true);
  const [taking, setTaking] = useState<readonly Moved[]>();
  const [now] = useState(() => new Date().toISOString());
  const all = useMemo(
    () => movedRows(sending.movements(connection.id)),
    // oxlint-disable-next-line react/exhaustive-deps -- `version` stands for all that the ledger knows
    [sending, connection.id, version],
  );
  const counts = countMoved(all);
  const view = usePulledView(all, {
    view: String(open),
    show: ({ state }) => !open || !isSettled(state),
    isOpen: mayTake,
  });
  const { selection, about } = view;
  const may = hasRole(person, ['lead', 'approver', 'admin']);
  const ask = () => may && about.length > 0 && setTaking(about.slice(0, MOST_AT_ONCE));
  const run = () => void pull.run(() => vault.opened(() => sending.pull(connection.id)));
  useKeys([
    { key: 'P', label: t('moved.pull'), run },
    { key: 'T', label: t('moved.act'), run: ask },
  ]);

  return (
    <div className="part">
      <PulledRows
        view={view}
        words={{
          label: t('moved.label'),
          pull: t('moved.pull'),
          only: t('moved.onlyOpen'),
          nothing: all.length === 0 ? t('moved.nothing', { remote: card.title }) : t('moved.allTaken'),
          hint: about.length === 0 ? t('moved.choose') : t('moved.about', { count: about.length }),
          selectOpen: t('moved.selectAll', { count: view.open.length }),
          note: t('moved.never'),
        }}
        pulling={pull.running}
        onPull={run}
        only={open}
        onOnly={setOpen}
        said={
          <>
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
          </>
        }
        columns={movedColumns({ t, formats, catalogue, now })}
        rowTestId="moved-row"
        onOpen={ask}
        acts={
          <Button compact variant="main" keyCap="T" disabled={!may || about.length === 0} onClick={ask}>
            {t('moved.act')}
          </Button>
        }
      />
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
