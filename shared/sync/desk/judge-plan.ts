import { skuKey } from '../../domain/item.ts';
import type { PostedLine } from '../../domain/ledger-entry.ts';
import { lineKey } from '../../domain/line-key.ts';
import { binKey } from '../../domain/location.ts';
import { parseQuantity, quantityOf } from '../../domain/quantity.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HostError } from '../../ports/host.ts';
import type { PlannedLine } from '../../ports/remote-inventory.ts';
import { linesOfRef } from '../outbox/line-ref.ts';
import { openLines, type SendMarks } from '../outbox/open-lines.ts';

/** One batch on one connection. */
export type Sent = { readonly connection: string; readonly batch: string };

/** The newest figure of a place that the host itself has seen; undefined: none, or something of ours was sent there since. */
export type SeenFigure = (remoteItem: string, remoteLocation: string) => string | null | undefined;

/** `isUnderWay`: something of ours has not come to its end at the place. */
export type Judging = {
  readonly seen: SeenFigure;
  readonly isUnderWay: (place: { remoteItem: string; remoteLocation: string }) => boolean;
  readonly isFile: boolean;
  /** Other connections to the same account. */
  readonly beside: readonly string[];
};

/**
 * Refuses planned lines that are not just what was posted: each must name open lines of the batch by its reference, in
 * exactly its bins, and carry the sum of their variances (`adjust`) or of what was counted (`count`). A line that names
 * the remote's figure (`from`) must name the newest one; not in a file, it then carries what was counted less that figure.
 * What a line says to be `beside` the posted figures is added to them: sealed with it, it is the person's word.
 * No posted line may be in two of them. Lines that were rejected may be sent anew.
 */
export function judgePlan(
  marks: SendMarks,
  sent: Sent,
  lines: readonly PlannedLine[],
  judging: Judging,
): Result<null, HostError> {
  const { beside } = judging;
  const taken = new Set<string>();
  const open = byItem(openLines(marks, { ...sent, beside }).lines);
  let rejected: ByItem | undefined;
  const withRejected = () => (rejected ??= byItem(openLines(marks, { ...sent, beside, withRejected: true }).lines));
  for (const line of lines) {
    const named = namedLines(open, sent, line) ?? namedLines(withRejected(), sent, line);
    const bins = new Set(named?.map((one) => binKey(one.bin)));
    const stray = line.bins.find((bin) => !bins.has(binKey(bin)));
    if (named === undefined || stray !== undefined)
      return err({ code: 'not_posted', item: line.item, bin: stray ?? line.bins[0] ?? '' });
    const refused = judgeAmount(judging, line, named);
    if (refused !== null) return err(refused);
    for (const one of named) {
      const key = lineKey(one);
      if (taken.has(key)) return err({ code: 'bad_request', reason: 'a posted line is named twice' });
      taken.add(key);
    }
  }
  return ok(null);
}

function judgeAmount(
  { seen, isUnderWay, isFile }: Judging,
  line: PlannedLine,
  named: readonly PostedLine[],
): HostError | null {
  const { item, change, from } = line;
  const wrong: HostError = { code: 'not_the_posted_amount', item, bin: line.bins[0] ?? '' };
  const asked = parseQuantity(line.quantity);
  if (!asked.ok) return wrong;
  const counted = total(named, 'counted');
  const variance = total(named, 'variance');
  const besides = parseQuantity(line.beside ?? '0');
  if (!besides.ok || (change === 'count' && besides.value !== 0n)) return wrong;
  const beside = besides.value;
  if (isFile && (change !== 'adjust' || from === undefined))
    return { code: 'bad_request', reason: 'a file needs the figure that each line stands on' };
  if (from === undefined) return asked.value === (change === 'count' ? counted : variance + beside) ? null : wrong;
  if (isUnderWay(line)) return { code: 'bad_request', reason: 'a change of ours is on its way there' };
  const figure = seen(line.remoteItem, line.remoteLocation);
  if (change === 'count' || figure === undefined || quantityOf(figure ?? '0') !== quantityOf(from))
    return { code: 'bad_request', reason: 'the figure is not the newest: read it again' };
  const target = counted + beside - quantityOf(from);
  if (!isFile) return asked.value === target ? null : wrong;
  if (quantityOf(from) + asked.value < 0n) return { code: 'bad_request', reason: 'a figure in a file is below zero' };
  return asked.value === (line.beside === undefined ? variance : target) ? null : wrong;
}

/** The open posted lines that a planned line names with its reference. */
function namedLines(open: ByItem, { connection, batch }: Sent, line: PlannedLine): readonly PostedLine[] | undefined {
  return linesOfRef(open.get(skuKey(line.item)) ?? [], { connection, batch, bins: line.bins, ref: line.ref });
}

type ByItem = ReadonlyMap<string, readonly PostedLine[]>;

function byItem(lines: readonly PostedLine[]): ByItem {
  const groups = new Map<string, PostedLine[]>();
  for (const line of lines) {
    const key = skuKey(line.item);
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  return groups;
}

function total(lines: readonly PostedLine[], figure: 'counted' | 'variance'): bigint {
  return lines.reduce((sum, line) => sum + quantityOf(line[figure]), 0n);
}
