import { describe, expect, test } from 'vitest';
import { planSentences } from '../../../../renderer/features/send/plan/plan-sentences.ts';
import { countDrift, sortDrift } from '../../../../renderer/features/send/drift/drift-order.ts';
import type { DriftRow } from '../../../../shared/sync/seen/reconcile.ts';

const NOTHING = { counts: 0, adjustments: 0, verified: 0, requests: 0, reasons: [], stopped: [], rows: [] };

function row(item: string, state: DriftRow['state'], difference: string): DriftRow {
  return {
    item,
    site: 'Main St',
    remoteItem: item,
    remoteLocation: 'L',
    ours: '0',
    theirs: difference,
    difference,
    state,
  };
}

describe('sending in words', () => {
  test('U75 a plan says every adjustment with its reason and every stop with its cause, and nothing that is none', () => {
    const said = planSentences({
      ...NOTHING,
      counts: 180,
      adjustments: 14,
      requests: 2,
      reasons: [
        { code: 'whole_location', lines: 180 },
        { code: 'older_than_24h', lines: 14 },
      ],
      stopped: [{ code: 'too_precise', lines: 3 }],
    });
    expect(said).toEqual([
      { says: 'counts', count: 180 },
      { says: 'adjustments', count: 14, why: 'older_than_24h' },
      { says: 'requests', count: 2 },
      { says: 'stopped', count: 3, why: 'too_precise' },
    ]);
    expect(planSentences(NOTHING)).toEqual([]);
  });

  test('U76 drift shows what differs first, the largest difference on top, and leaves no row out', () => {
    const rows = [
      row('A', 'reconciled', '0'),
      row('B', 'differs', '-2'),
      row('C', 'waiting', '9'),
      row('D', 'differs', '7.5'),
      row('E', 'not_seen', '3'),
      row('F', 'hidden', '0'),
    ];
    expect(sortDrift(rows).map(({ item }) => item)).toEqual(['D', 'B', 'C', 'F', 'E', 'A']);
    expect(countDrift(rows)).toEqual({ reconciled: 1, differs: 2, not_seen: 1, waiting: 1, hidden: 1 });
  });
});
