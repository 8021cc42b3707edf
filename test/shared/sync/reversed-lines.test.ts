import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fact, FactOf, LedgerEntry, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { quantityOf } from '../../../shared/domain/quantity.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import {
  foldSendMarks,
  foldSendMarksOf,
  linesUnderWay,
  NO_SEND_MARKS,
  openLines,
  type SendMarks,
} from '../../../shared/sync/outbox/open-lines.ts';
import { createChain, posted } from './entries.ts';

const TEA = posted('TEA', 'A', '7', '-3');
const OIL = posted('OIL', 'A', '9', '2');

function negated(text: string): string {
  return text.startsWith('-') ? text.slice(1) : text === '0' ? text : `-${text}`;
}

function takenBack(lines: readonly PostedLine[], batch = 'r1', reverses = 'b1'): FactOf<'lines_reversed'> {
  const back = lines.map((line) => ({
    ...line,
    counted: line.bookThen,
    bookThen: line.counted,
    variance: negated(line.variance),
  }));
  return { kind: 'lines_reversed', batch, reverses, lines: back, reason: 'other' };
}

function frozen(id: string, batch: string, lines: readonly PostedLine[], connection = 'c1'): Fact {
  const sent = lines.map((line) => ({
    ref: lineRef(connection, batch, [line]),
    item: line.item,
    remoteItem: 'r',
    remoteLocation: 'MAIN',
    change: 'adjust' as const,
    quantity: line.variance,
    bins: [line.bin],
  }));
  const requests = [{ id, idempotencyKey: id, method: 'POST' as const, path: '/', body: '', lines: sent }];
  return { kind: 'send_frozen', connection, batch, requests, stopped: [] };
}

type Ending = 'confirmed' | 'rejected' | 'again' | 'doubtful';

function settled(request: string, ending: Ending, refs: readonly string[], connection = 'c1'): Fact {
  const outcome =
    ending === 'confirmed'
      ? { state: 'confirmed' as const, receipts: [] }
      : {
          state: 'split' as const,
          arrived: [],
          missing: ending === 'again' ? [...refs] : [],
          refused: ending === 'rejected' ? refs.map((ref) => ({ ref, detail: '' })) : [],
          doubtful: ending === 'doubtful' ? refs.map((ref) => ({ ref, before: null, now: null })) : [],
        };
  return { kind: 'send_settled', connection, request, attempt: 1, outcome };
}

const fold = (entries: readonly LedgerEntry[]) => entries.reduce(foldSendMarks, NO_SEND_MARKS);
const open = (marks: SendMarks, batch: string, more: object = {}) =>
  openLines(marks, { connection: 'c1', batch, ...more }).lines.map(({ item, variance }) => `${item} ${variance}`);
const underWay = (marks: SendMarks) => [...linesUnderWay(marks, 'c1')].map(({ line }) => line.variance);

describe('lines that were taken back', () => {
  const ref = lineRef('c1', 'b1', [TEA]);

  test('O775 what was taken back before it was sent is not sent, nor is what takes it back', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [TEA, OIL] });
    expect(fold(chain.entries).waiting).toBe(2);
    chain.add(takenBack([TEA]));
    const marks = fold(chain.entries);
    expect([open(marks, 'b1'), open(marks, 'r1'), underWay(marks), marks.waiting]).toEqual([['OIL 2'], [], ['2'], 1]);
    expect(open(marks, 'b1', { withRejected: true })).toEqual(['OIL 2']);
  });

  test('O775 a line that was refused and then taken back is not sent again', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [TEA] });
    chain.add(frozen('q1', 'b1', [TEA]));
    chain.add(settled('q1', 'rejected', [ref]));
    chain.add(takenBack([TEA]));
    const marks = fold(chain.entries);
    expect([open(marks, 'b1', { withRejected: true }), open(marks, 'r1'), marks.waiting]).toEqual([[], [], 0]);
  });

  test('O776 what takes a line back is sent once that line has arrived, and not while it may still arrive', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [TEA] });
    chain.add(frozen('q1', 'b1', [TEA]));
    chain.add(takenBack([TEA]));
    const at = () => {
      const marks = fold(chain.entries);
      return [open(marks, 'b1'), open(marks, 'r1'), marks.waiting];
    };
    expect(at()).toEqual([[], [], 2]);
    chain.add(settled('q1', 'doubtful', [ref]));
    expect(at()).toEqual([[], [], 2]);
    chain.add({ kind: 'doubt_settled', connection: 'c1', request: 'q1', arrived: [], missing: [ref] });
    // It goes again by itself: then it goes back.
    expect(at()).toEqual([['TEA -3'], [], 2]);
    chain.add(frozen('q2', 'b1', [TEA]));
    chain.add(settled('q2', 'confirmed', [ref]));
    expect(at()).toEqual([[], ['TEA 3'], 1]);
    expect(underWay(fold(chain.entries))).toEqual(['3']);
    chain.add(frozen('q3', 'r1', takenBack([TEA]).lines));
    expect(at()).toEqual([[], [], 1]);
    chain.add(settled('q3', 'confirmed', []));
    expect([at(), underWay(fold(chain.entries))]).toEqual([[[], [], 0], []]);
  });

  test('O776 a line sent over another connection to the same account goes back over this one', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [TEA] });
    chain.add(frozen('q1', 'b1', [TEA], 'c0'));
    chain.add(settled('q1', 'confirmed', [], 'c0'));
    chain.add(takenBack([TEA]));
    expect([open(fold(chain.entries), 'r1'), open(fold(chain.entries), 'r1', { beside: ['c0'] })]).toEqual([
      [],
      ['TEA 3'],
    ]);
  });

  test('O776 what two laptops took back is sent once, under the reversal that stands', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [TEA] });
    chain.add(frozen('q1', 'b1', [TEA]));
    chain.add(settled('q1', 'confirmed', []));
    chain.add(takenBack([TEA], 'r2'));
    chain.add(takenBack([TEA], 'r1'));
    const stands = (entries: readonly LedgerEntry[]) =>
      entries.reduce(
        (marks, entry) => foldSendMarksOf(marks, entry, (batch) => (batch === 'b1' ? 'b1' : 'r1')),
        NO_SEND_MARKS,
      );
    expect([open(stands(chain.entries), 'r1'), open(stands(chain.entries), 'r2')]).toEqual([['TEA 3'], []]);
    // The other laptop has sent it under its own, before it heard of this one.
    chain.add(frozen('q2', 'r2', takenBack([TEA]).lines));
    chain.add(settled('q2', 'confirmed', []));
    const marks = stands(chain.entries);
    expect([open(marks, 'r1'), open(marks, 'r2'), underWay(marks), marks.waiting]).toEqual([[], [], [], 0]);
  });

  test('O776 of a line that two laptops posted with other figures, what stands goes back', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [TEA] });
    chain.add({ kind: 'lines_posted', batch: 'b2', lines: [posted('TEA', 'A', '5', '-5')] });
    chain.add(takenBack([posted('TEA', 'A', '5', '-5')], 'r1', 'b2'));
    chain.add(frozen('q1', 'b1', [TEA]));
    chain.add(settled('q1', 'confirmed', []));
    const marks = chain.entries.reduce(
      (state, entry) => foldSendMarksOf(state, entry, (batch) => (batch === 'r1' ? 'r1' : 'b1')),
      NO_SEND_MARKS,
    );
    expect(open(marks, 'r1')).toEqual(['TEA 3']);
  });

  test('O780 of a line that two laptops posted with other figures, what arrived goes back', () => {
    const other = posted('TEA', 'A', '5', '-5');
    const back = (standing: PostedLine) => {
      const chain = createChain();
      chain.add({ kind: 'lines_posted', batch: 'b1', lines: [standing] });
      chain.add({ kind: 'lines_posted', batch: 'b2', lines: [other] });
      chain.add(frozen('q1', 'b2', [other]));
      chain.add(settled('q1', 'confirmed', []));
      chain.add(takenBack([standing], 'r1', 'b1'));
      return chain;
    };
    const fromBoth = (entries: readonly LedgerEntry[]) =>
      entries.reduce(
        (state, entry) => foldSendMarksOf(state, entry, (batch) => (batch === 'b2' ? 'b1' : batch)),
        NO_SEND_MARKS,
      );
    const chain = back(TEA);
    const before = fromBoth(chain.entries);
    expect([open(before, 'b1'), open(before, 'r1'), underWay(before)]).toEqual([[], ['TEA 5'], ['5']]);
    chain.add(frozen('q2', 'r1', openLines(fromBoth(chain.entries), { connection: 'c1', batch: 'r1' }).lines));
    chain.add(settled('q2', 'confirmed', []));
    expect([open(fromBoth(chain.entries), 'r1'), fromBoth(chain.entries).waiting]).toEqual([[], 0]);
    // Where the one that stands changed nothing, the other one still did.
    expect(open(fromBoth(back(posted('TEA', 'A', '10', '0')).entries), 'r1')).toEqual(['TEA 5']);
  });

  test('O776 what two laptops took back with other figures is waited for no longer than it is open', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [posted('TEA', 'A', '10', '0')] });
    chain.add({ kind: 'lines_posted', batch: 'b2', lines: [TEA] });
    chain.add(takenBack([TEA], 'r1', 'b2'));
    const marks = chain.entries.reduce(
      (state, entry) => foldSendMarksOf(state, entry, (batch) => (batch === 'b2' ? 'b1' : batch)),
      NO_SEND_MARKS,
    );
    expect([open(marks, 'r1'), marks.waiting]).toEqual([[], 0]);
  });

  test('L856 a reversal that names another batch of the bin takes back the line where it was posted and sent', () => {
    const chain = createChain();
    chain.add({ kind: 'lines_posted', batch: 'b1', lines: [TEA] });
    chain.add(frozen('q1', 'b1', [TEA]));
    chain.add(settled('q1', 'confirmed', []));
    chain.add(takenBack([TEA], 'r1', 'b2'));
    const marks = chain.entries.reduce(
      (state, entry) => foldSendMarksOf(state, entry, (batch) => (batch === 'r1' ? 'r1' : 'b1')),
      NO_SEND_MARKS,
    );
    expect([open(marks, 'r1'), marks.waiting]).toEqual([['TEA 3'], 1]);
  });

  test('O777 whatever is sent, refused, lost and taken back in whatever order, the remote ends with what still stands', () => {
    const step = fc.record({
      do: fc.constantFrom('post', 'freeze', 'freeze', 'settle', 'settle', 'reverse'),
      which: fc.nat(7),
      ending: fc.constantFrom<Ending>('confirmed', 'confirmed', 'rejected', 'again', 'doubtful'),
    });
    let back = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 40, size: 'max' }), (script) => {
        const chain = createChain();
        // Lots of one item lie in one bin: a request names the bin and not them.
        const lines = ['-3', '2', '5', '-7'].map((variance, at) =>
          posted('TEA', at < 3 ? 'A' : 'B', '9', variance, { lot: `L${at}`, anchor: `a${at}` }),
        );
        chain.add({ kind: 'lines_posted', batch: 'b1', lines: lines.slice(0, 3) });
        let isPosted = false;
        let made = 0;
        let marks = fold(chain.entries);
        const remote = new Map<string, bigint>();
        const reversed = new Set<string>();
        const waiting: { id: string; batch: string; lines: readonly PostedLine[] }[] = [];
        const say = (fact: Fact) => {
          marks = foldSendMarks(marks, chain.add(fact));
        };
        const settle = (at: number, ending: Ending) => {
          const [request] = waiting.splice(at % Math.max(1, waiting.length), 1);
          if (request === undefined) return;
          const { id, batch } = request;
          const refs = request.lines.map((line) => lineRef('c1', batch, [line]));
          say(settled(id, ending, refs));
          if (ending === 'doubtful') {
            const fact = { kind: 'doubt_settled' as const, connection: 'c1', request: id };
            say(at % 2 === 0 ? { ...fact, arrived: refs, missing: [] } : { ...fact, arrived: [], missing: refs });
          }
          if (ending !== 'confirmed' && (ending !== 'doubtful' || at % 2 !== 0)) return;
          for (const line of request.lines)
            remote.set(lineKey(line), (remote.get(lineKey(line)) ?? 0n) + quantityOf(line.variance));
        };
        const freeze = (batch: string, withRejected: boolean) => {
          const some = openLines(marks, { connection: 'c1', batch, withRejected }).lines;
          if (some.length === 0) return false;
          made += 1;
          say(frozen(`q${made}`, batch, some));
          waiting.push({ id: `q${made}`, batch, lines: some });
          return true;
        };
        for (const { do: what, which, ending } of script) {
          if (what === 'post' && !isPosted) {
            isPosted = true;
            say({ kind: 'lines_posted', batch: 'b1', lines: lines.slice(3) });
          } else if (what === 'freeze') freeze(which < 4 ? 'b1' : `r${which % 4}`, ending === 'rejected');
          else if (what === 'settle') settle(which, ending);
          else if (what === 'reverse') {
            const line = lines[which % 4];
            if (line === undefined || reversed.has(lineKey(line)) || (which % 4 === 3 && !isPosted)) continue;
            reversed.add(lineKey(line));
            say(takenBack([line], `r${which % 2}`));
          }
        }
        // In the end all that is open is sent, and everything arrives.
        for (let more = true; more;) {
          while (waiting.length > 0) settle(0, 'confirmed');
          more = ['b1', 'r0', 'r1'].map((batch) => freeze(batch, true)).includes(true);
        }
        for (const line of isPosted ? lines : lines.slice(0, 3)) {
          const stands = reversed.has(lineKey(line)) ? 0n : quantityOf(line.variance);
          expect(remote.get(lineKey(line)) ?? 0n).toBe(stands);
          if (reversed.has(lineKey(line)) && remote.has(lineKey(line))) back += 1;
        }
        expect([marks.waiting, [...linesUnderWay(marks, 'c1')]]).toEqual([0, []]);
      }),
      { numRuns: 800 },
    );
    expect(back).toBeGreaterThan(200);
  });
});
