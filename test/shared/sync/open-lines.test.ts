import { describe, expect, test } from 'vitest';
import type { FrozenRequest, LedgerEntry, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import {
  foldSendMarks,
  foldSendMarksOf,
  isSentElsewhere,
  lastFrozenAt,
  linesUnderWay,
  NO_SEND_MARKS,
  openBatches,
  openElsewhere,
  openLines,
} from '../../../shared/sync/outbox/open-lines.ts';
import { at, createChain, posted } from './entries.ts';

const HERE = { connection: 'c1', batch: 'b1' };
const fold = (entries: readonly LedgerEntry[]) => entries.reduce(foldSendMarks, NO_SEND_MARKS);
const names = (entries: readonly LedgerEntry[], withRejected = false) =>
  openLines(fold(entries), { ...HERE, withRejected }).lines.map((line) => `${line.item}/${line.bin}${line.lot ?? ''}`);

function request(id: string, groups: readonly (readonly PostedLine[])[]): FrozenRequest {
  const lines = groups.map((group) => ({
    ref: lineRef('c1', 'b1', group),
    item: group[0]!.item,
    remoteItem: 'r',
    remoteLocation: 'MAIN',
    change: 'adjust' as const,
    quantity: '1',
    bins: group.map((line) => line.bin),
  }));
  return { id, idempotencyKey: id, method: 'POST', path: '/', body: '', lines };
}

describe('open lines', () => {
  const [tea, cup, late] = [
    posted('TEA', 'A', '1', '1'),
    posted('CUP', 'A', '1', '1'),
    posted('TEA', 'A', '2', '1', { lot: 'L2', anchor: 'late' }),
  ];
  const frozen = (...requests: FrozenRequest[]) => ({ kind: 'send_frozen' as const, ...HERE, requests, stopped: [] });
  const settled = (id: string, code: string, refs: string[]) => ({
    kind: 'send_settled' as const,
    connection: 'c1',
    request: id,
    attempt: 1,
    outcome: { state: 'rejected' as const, code, detail: '', refs },
  });

  test('O10 a posted line is open until it is frozen, once for each connection', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea, cup] });
    expect(names(chain.entries)).toEqual(['TEA/A', 'CUP/A']);
    chain.add(frozen(request('r1', [[tea]])));
    expect(names(chain.entries)).toEqual(['CUP/A']);
    expect(openLines(fold(chain.entries), { connection: 'c2', batch: 'b1' }).lines).toHaveLength(2);
    expect(openBatches(fold(chain.entries), 'c1')).toEqual(['b1']);
  });

  test('M863 what was sent over another connection to the same account is not open for sending', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea, cup] });
    const over = (of: readonly LedgerEntry[], beside: readonly string[]) =>
      openLines(fold(of), { connection: 'c2', batch: 'b1', beside }).lines.map(({ item }) => item);
    chain.add(frozen(request('r1', [[tea], [cup]])));
    expect(over(chain.entries, ['c1'])).toEqual([]);
    expect(over(chain.entries, ['c3'])).toEqual(['TEA', 'CUP']);
    // What was refused there, or did not arrive, is nobody's yet.
    chain.add(settled('r1', 'rejected', [lineRef('c1', 'b1', [tea])]));
    expect(over(chain.entries, ['c1'])).toEqual(['TEA', 'CUP']);
  });

  /** Folds what two laptops say, where b1 has the lines in the books. */
  const among = (entries: readonly LedgerEntry[], under: (batch: string) => string | undefined) =>
    entries.reduce((marks, entry) => foldSendMarksOf(marks, entry, under), NO_SEND_MARKS);
  const open = (marks: ReturnType<typeof among>, batch: string) =>
    openLines(marks, { connection: 'c1', batch }).lines.map(({ item }) => item);

  test('O773 a line that two laptops posted under two batches is planned and sent once, under the batch in which it stands', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b2', lines: [tea] });
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea, cup] });
    const inFirst = () => among(chain.entries, () => 'b1');
    expect([open(inFirst(), 'b1'), open(inFirst(), 'b2'), inFirst().waiting]).toEqual([['TEA', 'CUP'], [], 2]);
    expect([...linesUnderWay(inFirst(), 'c1')].map(({ batch }) => batch)).toEqual(['b1', 'b1']);
    // The other laptop sends it under its own batch, before it hears of this one.
    chain.add({ ...frozen(request('r1', [[tea]])), batch: 'b2' });
    expect([open(inFirst(), 'b1'), open(inFirst(), 'b2')]).toEqual([['CUP'], []]);
    expect([...linesUnderWay(inFirst(), 'c1')]).toHaveLength(2);
    chain.add({
      kind: 'send_settled',
      connection: 'c1',
      request: 'r1',
      attempt: 1,
      outcome: { state: 'confirmed', receipts: [] },
    });
    expect([[...linesUnderWay(inFirst(), 'c1')].length, inFirst().waiting]).toEqual([1, 1]);
    expect(isSentElsewhere(inFirst(), HERE, lineKey(tea))).toBe(true);
  });

  test('O774 what was posted and stands on nothing is not sent', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea] });
    const marks = among(chain.entries, () => undefined);
    expect([open(marks, 'b1'), marks.waiting, [...linesUnderWay(marks, 'c1')]]).toEqual([[], 0, []]);
  });

  test('O11 a lot posted after the plan was made stays open, though its bin is named in the request', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea] });
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [late] });
    chain.add(frozen(request('r1', [[tea]])));
    expect(names(chain.entries)).toEqual(['TEA/AL2']);
  });

  test('O12 when a remote refuses a whole request for one line, the others are open again and the named one is settled', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea, cup] });
    chain.add(frozen(request('r1', [[tea], [cup]])));
    chain.add(settled('r1', 'rejected', [lineRef('c1', 'b1', [tea])]));
    expect(names(chain.entries)).toEqual(['CUP/A']);
    expect(openLines(fold(chain.entries), HERE).again).toBe(true);
    expect(names(chain.entries, true)).toEqual(['TEA/A', 'CUP/A']);
  });

  test('O13 when a remote holds part of a request, only what is missing is open again', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea, cup] });
    chain.add(frozen(request('r1', [[tea], [cup]])));
    chain.add(settled('r1', 'partly_applied', [lineRef('c1', 'b1', [tea])]));
    expect(names(chain.entries)).toEqual(['TEA/A']);
  });

  test('O14 another batch with a difference that has not arrived is known, and so is the time of the last freezing', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea] });
    const elsewhere = () =>
      openElsewhere(fold(chain.entries), { connection: 'c1', batch: 'b2', binSite: () => 'Main' });
    expect(elsewhere()('tea', 'Main')).toBe(true);
    expect(elsewhere()('CUP', 'Main')).toBe(false);
    chain.add(frozen(request('r1', [[tea]])), at(5000));
    expect(lastFrozenAt(fold(chain.entries), 'c1')('TEA', 'MAIN')).toBe(at(5000));
    expect(elsewhere()('TEA', 'Main')).toBe(true);
    chain.add({
      kind: 'send_settled',
      connection: 'c1',
      request: 'r1',
      attempt: 1,
      outcome: { state: 'confirmed', receipts: [] },
    });
    expect(elsewhere()('TEA', 'Main')).toBe(false);
  });

  test('O15 a refused request leaves no time of freezing behind', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [tea] });
    chain.add(frozen(request('r1', [[tea]])));
    chain.add(settled('r1', 'rejected', [lineRef('c1', 'b1', [tea])]));
    expect(lastFrozenAt(fold(chain.entries), 'c1')('TEA', 'MAIN')).toBeUndefined();
  });
});
