import { figureKey } from '../../ports/figure-key.ts';
import type { DoubtfulLine, FrozenRequest, ObservedCount, SendLine } from '../../domain/ledger-entry.ts';
import { quantityOf } from '../../domain/quantity.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { ReadBack, Receipt, RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { figureOf, productsOf } from './counts.ts';
import { readFigures } from './figures.ts';
import { readPlaceId } from './ids.ts';

/**
 * Which lines of a request have arrived, told from nothing but the figures before it and now (contracts: Zettle 6): moved by
 * exactly the line's amount, it arrived; unmoved, it did not; anything else is for a person. Lines of one figure are judged
 * together.
 */
export async function readBackFigures(
  account: ZettleAccount,
  request: FrozenRequest,
  before: readonly ObservedCount[] | undefined,
): Promise<Result<ReadBack, RemoteError>> {
  const then = new Map((before ?? []).map((count) => [keyOf(count), count.quantity]));
  const now = await figuresNow(account, request.lines);
  if (!now.ok) return now;
  const receipts: Receipt[] = [];
  const doubtful: DoubtfulLine[] = [];
  for (const [key, lines] of grouped(request.lines, keyOf)) {
    const [was, is] = [then.get(key) ?? null, now.value.get(key) ?? null];
    const verdict = judge(was, is, lines);
    if (verdict === 'arrived') receipts.push(...lines.map(({ ref }) => ({ ref })));
    if (verdict === 'doubtful') doubtful.push(...lines.map(({ ref }) => ({ ref, before: was, now: is })));
  }
  return ok({ receipts, doubtful });
}

function judge(was: string | null, is: string | null, lines: readonly SendLine[]): 'arrived' | 'missing' | 'doubtful' {
  if (was === null || is === null) return 'doubtful';
  const change = lines.reduce((sum, line) => sum + quantityOf(line.quantity), 0n);
  const moved = quantityOf(is) - quantityOf(was);
  // Lines that cancel out leave the figure as it was, whether or not they arrived.
  if (change === 0n) return 'doubtful';
  if (moved === change) return 'arrived';
  return moved === 0n ? 'missing' : 'doubtful';
}

async function figuresNow(
  account: ZettleAccount,
  lines: readonly SendLine[],
): Promise<Result<ReadonlyMap<string, string | null>, RemoteError>> {
  const now = new Map<string, string | null>();
  for (const [location, some] of grouped(lines, (line) => line.remoteLocation)) {
    const place = readPlaceId(location);
    if (place === null) return err({ code: 'rejected', detail: 'no place of Zettle', refs: [] });
    const figures = await readFigures(account, place, productsOf(some.map((line) => line.remoteItem)));
    if (!figures.ok) return figures;
    for (const { remoteItem } of some) {
      const figure = figureOf(figures.value, remoteItem, location);
      now.set(keyOf(figure), figure.quantity);
    }
  }
  return ok(now);
}

function keyOf({ remoteItem, remoteLocation }: { remoteItem: string; remoteLocation: string }): string {
  return figureKey(remoteItem, remoteLocation);
}

function grouped(lines: readonly SendLine[], by: (line: SendLine) => string): ReadonlyMap<string, readonly SendLine[]> {
  const groups = new Map<string, SendLine[]>();
  for (const line of lines) {
    const group = groups.get(by(line));
    if (group === undefined) groups.set(by(line), [line]);
    else group.push(line);
  }
  return groups;
}
