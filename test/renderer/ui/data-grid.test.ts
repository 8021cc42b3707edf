import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastWidth, type Track } from '../../../renderer/ui/data-grid.tsx';

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
