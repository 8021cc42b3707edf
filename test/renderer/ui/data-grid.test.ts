import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastWidth, scrollTopFor, type Track } from '../../../renderer/ui/data-grid.tsx';

test('U133 a grid is at least as wide as its tracks, whatever stands in its cells', () => {
  expect(leastWidth(['120px', 'minmax(160px, 2fr)', 'minmax(90px, 200px)', '8.5px'])).toBe(378.5);
  expect(leastWidth([])).toBe(0);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.boolean())), (columns) => {
      const tracks = columns.map(([px, grows]): Track => (grows ? `minmax(${px}px, 1fr)` : `${px}px`));
      expect(leastWidth(tracks)).toBe(columns.reduce((sum, [px]) => sum + px, 0));
    }),
  );
});

test('U600 the current row is wholly in sight below the head of its list, wherever it stood before', () => {
  const sight = fc.record({
    scrollTop: fc.nat({ max: 2_000_000 }),
    clientHeight: fc.integer({ min: 90, max: 900 }),
    headHeight: fc.constantFrom(0, 34, 41),
  });
  fc.assert(
    fc.property(fc.nat({ max: 50_000 }), fc.constantFrom(32, 36, 44), sight, (index, rowHeight, before) => {
      const scrollTop = scrollTopFor(index, rowHeight, before) ?? before.scrollTop;
      const top = before.headHeight + index * rowHeight - scrollTop;
      expect(top).toBeGreaterThanOrEqual(before.headHeight);
      expect(top + rowHeight).toBeLessThanOrEqual(before.clientHeight);
      expect(scrollTopFor(index, rowHeight, { ...before, scrollTop })).toBeUndefined();
    }),
  );
});
