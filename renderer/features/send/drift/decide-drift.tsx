import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import type { DriftRow } from '../../../../shared/sync/seen/reconcile.ts';
import { useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { remotePlaceOf } from '../../../sync/plan-input.ts';
import type { Connection } from '../../../sync/sending.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useFormats } from '../../../ui/format.ts';
import { announce } from '../../../ui/live.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import type { Vault } from '../use-vault.tsx';
import { BinChoice } from './bin-choice.tsx';
import { driftKey } from './drift-key.ts';
import { holdingBins } from './holding-bins.ts';
import { knownMovements } from './known-movements.ts';

/** Rows in the document at once; what lies beyond is decided in a second go. */
export const MOST_ROWS = 200;

type Choice = 'take_theirs' | 'send_ours';

/**
 * Names the figures before whose figure stands is recorded. One piece: figures, reading and decision are of the same rows.
 */
export function DecideDrift({
  choice,
  connection,
  card,
  rows: asked,
  vault,
  onDone,
  onClose,
}: {
  choice: Choice;
  connection: Connection;
  card: ConnectorCard;
  rows: readonly DriftRow[];
  vault: Vault;
  onDone: () => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('send');
  const { ledger, sending } = useTallybook();
  const deciding = useTask<unknown>();
  // The figures named here are the ones decided about, whatever arrives meanwhile.
  const [rows] = useState(() => asked.slice(0, MOST_ROWS));
  const catalogue = ledger.catalogue();
  const binsOf = useMemo(() => {
    const places = new Map([...sending.mapping(connection.id).bins].map(([bin, place]) => [place, bin]));
    return holdingBins({
      lines: ledger.state().books.lines.values(),
      placeOf: remotePlaceOf(ledger, card),
      binOf: (place) => {
        const key = places.get(place);
        return key === undefined ? undefined : (catalogue.bin(key)?.code ?? key);
      },
    });
  }, [ledger, sending, connection.id, card, catalogue]);
  const [bins, setBins] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(rows.map((row) => [driftKey(row), binsOf(row)[0]?.bin ?? ''])),
  );
  const known = choice === 'take_theirs' ? knownMovements(sending.movements(connection.id), rows) : 0;
  const binOf = (row: DriftRow) => catalogue.bin(bins[driftKey(row)] ?? '')?.code;
  const ready = choice === 'send_ours' || rows.every((row) => binOf(row) !== undefined);

  async function decide(): Promise<void> {
    if (!ready) return;
    await deciding.run(async () => {
      const done = await vault.opened<unknown, { code: string }>(() =>
        choice === 'send_ours'
          ? sending.sendOurs(connection.id, rows)
          : sending.takeTheirs(
              connection.id,
              rows.flatMap((row) => {
                const bin = binOf(row);
                return bin === undefined ? [] : [{ row, bin }];
              }),
            ),
      );
      if (done.ok) {
        announce(t(`decide.${choice}.said`, { count: rows.length, remote: card.title }));
        onDone();
      }
      return done;
    });
  }

  return (
    <Dialog
      wide
      title={t(`decide.${choice}.title`, { count: rows.length, remote: card.title })}
      onClose={onClose}
      onConfirm={() => void decide()}
      scrolls={choice === 'send_ours'}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('decide.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" autoFocus disabled={!ready || deciding.running}>
            {t(`decide.${choice}.do`, { count: rows.length })}
          </Button>
        </>
      }
    >
      <p>{t(`decide.${choice}.text`, { remote: card.title })}</p>
      {known > 0 && (
        <p className="warn" data-testid="known-movements">
          {t('decide.known', { count: known })} <Link href={`/send/${connection.id}/moved`}>{t('decide.toMoved')}</Link>
        </p>
      )}
      {asked.length > rows.length && <p className="muted">{t('decide.more', { count: asked.length - rows.length })}</p>}
      <DecidedRows
        choice={choice}
        rows={rows}
        binsOf={binsOf}
        bins={bins}
        onBin={(key, bin) => setBins({ ...bins, [key]: bin })}
      />
      {!ready && <p className="muted">{t('bin.missing')}</p>}
      <TaskSaid task={deciding} running={t('decide.running')} />
    </Dialog>
  );
}

/** The figures that are decided about; where theirs is taken, the bin that takes the difference. */
function DecidedRows({
  choice,
  rows,
  binsOf,
  bins,
  onBin,
}: {
  choice: Choice;
  rows: readonly DriftRow[];
  binsOf: ReturnType<typeof holdingBins>;
  /** By `driftKey`. */
  bins: Readonly<Record<string, string>>;
  onBin: (key: string, bin: string) => void;
}): ReactElement {
  const { t } = useTranslation('send');
  const { ledger } = useTallybook();
  const formats = useFormats();
  const catalogue = ledger.catalogue();
  return (
    <table className="lines">
      <thead>
        <tr>
          <th scope="col">{t('drift.column.item')}</th>
          <th scope="col">{t('drift.column.site')}</th>
          <th scope="col" className="n">
            {t('drift.column.ours')}
          </th>
          <th scope="col" className="n">
            {t('drift.column.theirs')}
          </th>
          <th scope="col" className="n">
            {t(`decide.${choice}.change`)}
          </th>
          {choice === 'take_theirs' && <th scope="col">{t('bin.head')}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const name = catalogue.name(row.item);
          const change = choice === 'take_theirs' ? row.difference : negated(row.difference);
          return (
            <tr key={driftKey(row)} data-testid="decide-row">
              <th scope="row">{name}</th>
              <td>{row.site}</td>
              <td className="n num">{formats.quantity(row.ours, { unit: catalogue.unit(row.item) })}</td>
              <td className="n num">
                {row.theirs === null
                  ? t('drift.noRecord')
                  : formats.quantity(row.theirs, { unit: catalogue.unit(row.item) })}
              </td>
              <td className="n num">{formats.quantity(change, { signed: true, unit: catalogue.unit(row.item) })}</td>
              {choice === 'take_theirs' && (
                <td>
                  <BinChoice
                    label={t('bin.label', { item: name })}
                    options={binsOf(row).map((option) => ({ ...option, unit: catalogue.unit(row.item) }))}
                    value={bins[driftKey(row)] ?? ''}
                    onChange={(bin) => onBin(driftKey(row), bin)}
                  />
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function negated(quantity: string): string {
  if (quantity === '0') return quantity;
  return quantity.startsWith('-') ? quantity.slice(1) : `-${quantity}`;
}
