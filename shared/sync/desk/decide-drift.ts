import { fingerprint } from '../../domain/fingerprint.ts';
import { skuKey } from '../../domain/item.ts';
import type { Fact } from '../../domain/ledger-entry.ts';
import { formatQuantity, hasPrecision, parseQuantity, quantityOf } from '../../domain/quantity.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HostError, HostInput } from '../../ports/host.ts';
import type { PlannedLine, RemoteConnector } from '../../ports/remote-inventory.ts';
import { isUnderWay, type DeskState } from './desk-state.ts';
import { freezeAnew } from './freeze-again.ts';
import { frozenFacts } from './frozen-facts.ts';
import { atTheirPresent } from '../seen/remote-clock.ts';
import type { SeenFigure } from './judge-plan.ts';
import { figureKey } from '../../ports/figure-key.ts';

type Decision = HostInput<'decideDrift'>;
type Row = Decision['rows'][number];
type Known = {
  readonly connector: RemoteConnector;
  readonly state: DeskState;
  readonly seen: SeenFigure;
  /** Whether something that another laptop froze has not come to its end at a place. */
  readonly isUnderWay?: (place: { remoteItem: string; remoteLocation: string }) => boolean;
  /** This laptop's time, and by how much it is ahead of the remote's, ms. */
  readonly now: number;
  readonly aheadMs: number | undefined;
};

const refuse = (reason: string): { ok: false; error: HostError } => err({ code: 'bad_request', reason });

/**
 * A decision on differences, as facts that are sealed together: whose figure stands, and what makes the other equal to
 * it. `theirs` must be the newest figure that was read, with nothing of ours on its way there. Decided twice: nothing.
 */
export function driftFacts(input: Decision, known: Known): Result<readonly Fact[], HostError> {
  const { connection, decision, choice, rows } = input;
  if (known.state.decisions.has(decision)) return ok([]);
  const refused = judgeRows(input, known);
  if (refused !== null) return err(refused);
  const { now: nowMs, aheadMs } = known;
  const theirTime = aheadMs === undefined ? {} : { theirTime: new Date(nowMs - aheadMs).toISOString() };
  const decided: Fact = { kind: 'drift_decided', connection, decision, choice, ...theirTime, rows };
  if (choice === 'take_theirs') {
    const corrections = correctionsOf(input);
    return corrections.ok ? ok([decided, ...corrections.value]) : corrections;
  }
  if (known.connector.abilities.readOnly) return refuse('this remote is read only');
  const now = new Date(known.now).toISOString();
  const changes = rows.flatMap((row) => lineOf(input, row, now));
  const lines = atTheirPresent(changes, known);
  if (lines.some((line) => !hasPrecision(quantityOf(line.quantity), known.connector.abilities.maxPrecision)))
    return refuse('the remote takes fewer decimals');
  const requests = freezeAnew(known.connector, lines, { known: (id) => known.state.open.has(id) });
  if (!requests.ok) return requests;
  return ok([decided, ...frozenFacts({ connection, batch: decision }, requests.value, [])]);
}

function judgeRows({ connection, rows }: Decision, { state, seen, isUnderWay: isElsewhere }: Known): HostError | null {
  const underWay = isUnderWay(state, connection);
  const places = new Set(rows.map((row) => figureKey(row.remoteItem, row.remoteLocation)));
  if (places.size !== rows.length) return { code: 'bad_request', reason: 'a place is named twice' };
  for (const row of rows) {
    const figure = seen(row.remoteItem, row.remoteLocation);
    const [ours, theirs] = [parseQuantity(row.ours), row.theirs === null ? null : parseQuantity(row.theirs)];
    if (!ours.ok || theirs?.ok === false) return { code: 'bad_request', reason: 'a figure is no quantity' };
    if (underWay(row) || isElsewhere?.(row) === true)
      return { code: 'bad_request', reason: 'a change of ours is on its way there' };
    const same = theirs === null ? figure === null : typeof figure === 'string' && quantityOf(figure) === theirs.value;
    if (!same) return { code: 'bad_request', reason: 'the figure is not the newest: read it again' };
  }
  return null;
}

function differenceOf(row: Row): bigint {
  return quantityOf(row.ours) - quantityOf(row.theirs ?? '0');
}

function lineOf({ connection, decision }: Decision, row: Row, now: string): PlannedLine[] {
  const difference = differenceOf(row);
  if (difference === 0n) return [];
  const { item, remoteItem, remoteLocation } = row;
  const named = [connection, decision, figureKey(remoteItem, remoteLocation)].join('\u001E');
  return [
    {
      ref: `tb-${fingerprint(named)}`,
      item,
      remoteItem,
      remoteLocation,
      change: 'adjust',
      quantity: formatQuantity(difference),
      bins: [],
      from: formatQuantity(quantityOf(row.theirs ?? '0')),
      occurredAt: now,
    },
  ];
}

/** Corrections of our book: item by item they must come to theirs − ours, and they may touch no other item. */
function correctionsOf({ decision, rows, corrections }: Decision): Result<readonly Fact[], HostError> {
  const open = new Map<string, bigint>();
  const add = (item: string, amount: bigint) => open.set(skuKey(item), (open.get(skuKey(item)) ?? 0n) + amount);
  for (const row of rows) add(row.item, -differenceOf(row));
  for (const { item, quantity } of corrections) {
    const parsed = parseQuantity(quantity);
    if (!parsed.ok || !open.has(skuKey(item))) return refuse('a correction is about something else');
    add(item, -parsed.value);
  }
  if ([...open.values()].some((left) => left !== 0n)) return refuse('the corrections are not the difference');
  const reference = `drift ${decision}`;
  return ok(
    corrections
      .filter((one) => quantityOf(one.quantity) !== 0n)
      .map(({ item, bin, lot, quantity }) => ({
        kind: 'stock_changed',
        item,
        bin,
        ...(lot === undefined ? {} : { lot }),
        quantity,
        reason: 'correction',
        reference,
      })),
  );
}
