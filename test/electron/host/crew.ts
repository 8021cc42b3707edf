import type { Fact, FactOf, LedgerEntry, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { reviewBatch, toPostedLine } from '../../../shared/domain/variance.ts';
import type { HostOutput } from '../../../shared/ports/host.ts';
import type { Role } from '../../../shared/domain/person.ts';
import type { RunningHost } from '../../../electron/host/create-host.ts';
import { does } from './bench.ts';

export const PIN = '2468';
/** `code`: the recovery code that the first admin was told. */
export type Crew = { admin: string; code: string; byRole: Record<Role, string> };

/** The first admin, and one person more for each role alone. Ends with the admin signed in. */
export async function hire(running: RunningHost): Promise<Crew> {
  const { person, recoveryCode } = await does(running, 'createFirstPerson', { name: 'Ada', pin: PIN });
  const one = async (role: Role) =>
    (await does(running, 'savePerson', { name: role, roles: [role], active: true, pin: PIN })).person.id;
  return {
    admin: person.id,
    code: recoveryCode,
    byRole: {
      counter: await one('counter'),
      lead: await one('lead'),
      approver: await one('approver'),
      admin: await one('admin'),
    },
  };
}

export async function enter(running: RunningHost, person: string): Promise<void> {
  await does(running, 'signIn', { person, pin: PIN });
}

export const LINE = { item: 'SKU-1', bin: 'A-01' };
export const STOCKTAKE: Fact = {
  kind: 'stocktake_created',
  stocktake: 'take-1',
  name: 'Autumn',
  blind: true,
  bins: ['A-01', 'A-02'],
};
export const COUNTED: FactOf<'counted'> = {
  kind: 'counted',
  stocktake: 'take-1',
  pass: 1,
  ...LINE,
  quantity: '5',
  how: 'scan',
};
export const BATCH: FactOf<'batch_submitted'> = {
  kind: 'batch_submitted',
  batch: 'batch-1',
  stocktake: 'take-1',
  pass: 1,
  bins: ['A-01'],
};
export const APPROVED: FactOf<'lines_decided'> = {
  kind: 'lines_decided',
  batch: 'batch-1',
  decision: 'approve',
  lines: [LINE],
};
/** What a page would post if it made its figures up; `posting` says what was really counted. */
export const POSTED: FactOf<'lines_posted'> = {
  kind: 'lines_posted',
  batch: 'batch-1',
  lines: [
    { ...LINE, counted: '5', bookThen: '7', variance: '-2', anchor: 'entry-1', countedAt: '2026-11-22T07:00:00.000Z' },
  ],
};

/** A stocktake counted by the counter and handed in; ends with the counter signed in. */
export async function countAndSubmit(
  running: RunningHost,
  crew: Crew,
  bins: readonly string[] = ['A-01'],
  lines: readonly CountedLine[] = POSTED.lines,
): Promise<void> {
  await enter(running, crew.byRole.lead);
  const stock = lines
    .filter(({ bookThen }) => bookThen !== '0')
    .map(({ item, bin, lot, bookThen }): Fact => ({
      kind: 'stock_changed',
      item,
      bin,
      ...(lot !== undefined && { lot }),
      quantity: bookThen,
      reason: 'opening',
    }));
  await does(running, 'append', { facts: [...stock, STOCKTAKE] });
  await enter(running, crew.byRole.counter);
  const counts = lines.map(({ item, bin, lot, counted }): Fact => ({
    ...COUNTED,
    item,
    bin,
    ...(lot !== undefined && { lot }),
    quantity: counted,
  }));
  const counted = new Set(lines.map(({ bin }) => bin));
  const ends = bins.map((bin): Fact => {
    const sheet = { stocktake: 'take-1', pass: 1, bin };
    return counted.has(bin) ? { kind: 'bin_finished', ...sheet } : { kind: 'bin_confirmed_empty', ...sheet };
  });
  await does(running, 'append', { facts: [...counts, ...ends] });
  await does(running, 'append', { facts: [{ ...BATCH, bins: [...bins] }] });
}

/** What is counted, and what the book has of it. */
export type CountedLine = Pick<PostedLine, 'item' | 'bin' | 'lot' | 'counted' | 'bookThen'>;

/** Every entry of the journal; somebody is signed in. */
export async function journalOf(running: RunningHost): Promise<LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  let next: number | undefined = 1;
  while (next !== undefined) {
    const page: HostOutput<'readJournal'> = await does(running, 'readJournal', { fromSeq: next, limit: 5000 });
    entries.push(...page.entries);
    next = page.nextSeq;
  }
  return entries;
}

/** The posting of lines of the batch as an honest page makes it. */
export async function posting(
  running: RunningHost,
  lines: readonly Pick<PostedLine, 'item' | 'bin' | 'lot'>[] = [LINE],
): Promise<FactOf<'lines_posted'>> {
  const { batches, stocktakes, books } = foldLedger(await journalOf(running));
  const batch = batches.get('batch-1');
  const rows = new Map(batch ? reviewBatch(batch, stocktakes, books).map((row) => [row.key, toPostedLine(row)]) : []);
  return { ...POSTED, lines: lines.flatMap((line) => rows.get(lineKey(line)) ?? []) };
}
