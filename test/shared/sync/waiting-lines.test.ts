import { expect, test } from 'vitest';
import { lineKey } from '../../../shared/domain/line-key.ts';
import type { SendMarks } from '../../../shared/sync/open-lines.ts';
import { waitingLines } from '../../../shared/sync/waiting-lines.ts';

function line(item: string, variance: string) {
  const posted = {
    item,
    bin: 'A-1',
    counted: '9',
    bookThen: '9',
    variance,
    anchor: 'd-1',
    countedAt: '2026-11-22T09:00:00.000Z',
  };
  return [lineKey(posted), posted] as const;
}

function marks(settled: ReadonlyMap<string, 'frozen' | 'again' | 'confirmed' | 'rejected'>): SendMarks {
  const of = new Map(
    [...settled].map(([item, state]) => [lineKey({ item, bin: 'A-1' }), { state, request: 'r' }] as const),
  );
  return {
    posted: new Map([['batch', new Map([line('TEA', '-2'), line('SALT', '3'), line('OIL', '0')])]]),
    connections: new Map([['square', { marks: new Map([['batch', of]]), requests: new Map() }]]),
  };
}

test('O40 a posted line waits until a connection has confirmed or refused it; one without variance never waits', () => {
  expect(waitingLines(marks(new Map()))).toBe(2);
  expect(waitingLines(marks(new Map([['TEA', 'frozen']])))).toBe(2);
  expect(waitingLines(marks(new Map([['TEA', 'again']])))).toBe(2);
  expect(waitingLines(marks(new Map([['TEA', 'confirmed']])))).toBe(1);
  expect(
    waitingLines(
      marks(
        new Map([
          ['TEA', 'confirmed'],
          ['SALT', 'rejected'],
        ]),
      ),
    ),
  ).toBe(0);
});
