import { expect, test } from 'vitest';
import { knownMovements } from '../../../../renderer/features/send/drift/known-movements.ts';
import type { MovementRow } from '../../../../renderer/sync/sending.ts';

const moved = (remoteItem: string, remoteLocation: string, taken = false): MovementRow => ({
  key: `${remoteItem} ${remoteLocation}`,
  nth: 0,
  remoteItem,
  remoteLocation,
  quantity: '-2',
  happenedAt: '2026-03-02T10:00:00.000Z',
  what: 'sale',
  bins: [],
  taken,
  covered: false,
});

test('U241 a figure is not taken without saying which movements it holds already', () => {
  const rows = [{ remoteItem: 'TEA', remoteLocation: 'MAIN' }];
  const movements = [
    moved('TEA', 'MAIN'),
    moved('TEA', ''),
    moved('TEA', 'MAIN', true),
    moved('TEA', 'SHOP'),
    moved('CUP', 'MAIN'),
  ];
  expect(knownMovements(movements, rows)).toBe(2);
  expect(knownMovements(movements, [])).toBe(0);
});
