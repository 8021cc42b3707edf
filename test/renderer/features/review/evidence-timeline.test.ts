import { describe, expect, test } from 'vitest';
import { evidenceTimeline, secondsBetween } from '../../../../renderer/features/review/evidence-timeline.ts';
import { entryId, type Fact, type LedgerEntry } from '../../../../shared/domain/ledger-entry.ts';
import { quantityOf } from '../../../../shared/domain/quantity.ts';

const zeros = '0'.repeat(64);

function entries(facts: readonly { at: string; by?: string; fact: Fact }[]): LedgerEntry[] {
  return facts.map(({ at, by = 'ana', fact }, index) => ({
    id: entryId('d', index + 1),
    device: 'd',
    seq: index + 1,
    at: `2026-11-20T${at}.000Z`,
    by,
    v: 1,
    prev: zeros,
    hash: zeros,
    fact,
  }));
}

const scan = (bin: string, more: { lot?: string } = {}): Fact => ({
  kind: 'counted',
  stocktake: 's',
  pass: 1,
  bin,
  item: 'OIL',
  quantity: '1',
  how: 'scan',
  code: '4006381333931',
  ...more,
});
const HERE = { bin: 'a-07', lot: undefined };

describe('evidence timeline', () => {
  test('U60 scans of one person in a row are told as one event, with how many and how long', () => {
    const told = evidenceTimeline(
      entries([
        { at: '14:31:00', fact: scan('A-07') },
        { at: '14:31:20', fact: scan('A-07') },
        { at: '14:31:48', fact: scan('A-07') },
        { at: '14:32:00', by: 'ben', fact: scan('A-07') },
      ]),
      HERE,
    );
    expect(told.map(({ by, what }) => [by, what.kind === 'scanned' ? what.scans : 0])).toEqual([
      ['ana', 3],
      ['ben', 1],
    ]);
    const [first] = told;
    expect(first?.what.kind === 'scanned' && secondsBetween(first.at, first.what.until)).toBe(48);
  });

  test('U61 only what concerns the line is told: other bins and other lots are left out', () => {
    const told = evidenceTimeline(
      entries([
        { at: '10:00:00', fact: scan('B-01') },
        { at: '10:01:00', fact: scan('A-07', { lot: '2409' }) },
        { at: '10:02:00', fact: { kind: 'stock_moved', item: 'OIL', from: 'A-07', to: 'B-01', quantity: '5' } },
        { at: '10:03:00', fact: { kind: 'stock_moved', item: 'OIL', from: 'C-01', to: 'A-07', quantity: '2' } },
      ]),
      HERE,
    );
    expect(told.map(({ what }) => [what.kind, what.quantity])).toEqual([
      ['moved_out', quantityOf('-5')],
      ['moved_in', quantityOf('2')],
    ]);
  });

  test('U62 what was learned late stands where it happened, and says when it was learned', () => {
    const told = evidenceTimeline(
      entries([
        { at: '14:31:00', fact: scan('A-07') },
        {
          at: '16:02:00',
          fact: {
            kind: 'stock_changed',
            item: 'OIL',
            bin: 'A-07',
            quantity: '-2',
            reason: 'sale',
            happenedAt: '2026-11-20T14:00:00.000Z',
          },
        },
      ]),
      HERE,
    );
    expect(told.map(({ what, learnedAt }) => [what.kind, learnedAt])).toEqual([
      ['stock', '2026-11-20T16:02:00.000Z'],
      ['scanned', undefined],
    ]);
  });

  test('U824 what was settled about a line that several people counted is told where it was, with who is believed', () => {
    const settled = (bin: string, note?: string): Fact => ({
      kind: 'overlap_settled',
      stocktake: 's',
      pass: 2,
      bin,
      item: 'OIL',
      person: 'ben',
      ...(note !== undefined && { note }),
      saw: [
        { person: 'ana', counted: '5' },
        { person: 'ben', counted: '7' },
      ],
    });
    const told = evidenceTimeline(
      entries([
        { at: '14:31:00', fact: settled('A-07') },
        { at: '14:32:00', fact: settled('A-08') },
        { at: '14:33:00', fact: settled('A-07', 'Ana counted the next shelf') },
      ]),
      HERE,
    );
    expect(told.map(({ what }) => what)).toMatchObject([
      { kind: 'overlap_settled', pass: 2, believed: 'ben' },
      { kind: 'overlap_settled', pass: 2, believed: 'ben', note: 'Ana counted the next shelf' },
    ]);
  });

  test('U865 that a posted line was reversed is told where it happened, with who, where, why and the note', () => {
    const reversal = { batch: 'r', by: 'mia', at: '2026-11-20T12:00:00.000Z', reason: 'other', note: 'wrong shelf' };
    const told = evidenceTimeline(
      entries([
        { at: '10:00:00', fact: scan('A-07') },
        { at: '14:00:00', by: 'ben', fact: scan('A-07') },
      ]),
      HERE,
      { ...reversal, device: 'd', quantity: quantityOf('3') },
    );
    expect(told.map(({ what }) => what.kind)).toEqual(['scanned', 'reversed', 'scanned']);
    expect(told[1]).toMatchObject({ by: 'mia', device: 'd', what: { reason: 'other', note: 'wrong shelf' } });
  });
});
