import { expect, test } from 'vitest';
import { saidOf } from '../../../shared/domain/ledger-state.ts';
import { ONE } from '../../../shared/domain/quantity.ts';
import { matchOf } from '../../../shared/domain/unknown-code.ts';
import { code, expectSame, freshPage, openedStocktake, scan, total, unwrap } from './page.ts';

test('L548 a match teaches its code until it is taken back; one press changes a match', async () => {
  const page = await freshPage();
  const place = await openedStocktake(page);
  for (let times = 0; times < 3; times += 1) unwrap(await page.ledger.recordUnknown(place, 'X-9', ONE));
  const at = { place, code: 'X-9' };
  const teaches = { code: 'X-9' };
  const answer = { ...at, item: 'OIL', factor: ONE, teaches };
  const said = () => saidOf(page.ledger.state());
  const unknown = () => page.ledger.sheet(place)?.unknowns.get('X-9');

  unwrap(await page.ledger.proposeUnknown([{ ...at, item: 'TEA', factor: ONE }]));
  expect(total(page, place, 'OIL')).toBeUndefined();
  await page.enter('lead');
  unwrap(await page.ledger.matchUnknown([answer]));
  expect(total(page, place, 'OIL')).toBe(3);
  expect(said()).toEqual([{ kind: 'barcode_taught', item: 'OIL', barcode: teaches }]);

  unwrap(await page.ledger.matchUnknown([{ ...answer, item: 'TEA', factor: 12n * ONE, teaches: undefined }]));
  expect([total(page, place, 'OIL'), total(page, place, 'TEA')]).toEqual([undefined, 36]);
  expect(said()).toEqual([{ kind: 'barcode_retired', item: 'OIL', code: 'X-9' }]);

  unwrap(await page.ledger.withdrawMatch([at], 'match'));
  expect(total(page, place, 'TEA')).toBeUndefined();
  expect(unknown()).toMatchObject({ times: 3, matches: [], proposals: [{ item: 'TEA' }] });
  expect(code(await page.ledger.withdrawMatch([at], 'match'))).toBe('nothing_to_undo');
  unwrap(await page.ledger.withdrawMatch([at], 'proposals'));
  expect(unknown()?.proposals).toEqual([]);
  await page.enter('counter');
  expect(code(await page.ledger.matchUnknown([answer]))).toBe('role_missing');
  expect(
    matchOf(unknown() ?? { code: '', quantity: 0n, times: 0, scans: [], matches: [], proposals: [] }),
  ).toBeUndefined();
  unwrap(await page.ledger.noteUnknown('Y', ONE, { where: 'move', from: 'A-1', after: undefined }));
  expect(page.ledger.state().noted).toMatchObject([{ code: 'Y', where: 'move', from: 'A-1' }]);
  await expectSame(page);
});

test('L548 a code that two matches taught, or a person by hand, is found until the last of them goes', async () => {
  const page = await freshPage();
  const place = await openedStocktake(page);
  for (const code of ['X-9', 'Y-9']) unwrap(await page.ledger.recordUnknown(place, code, ONE));
  const said = () => saidOf(page.ledger.state()).map(({ kind }) => kind);
  const answer = (code: string, taught: string) => ({
    place,
    code,
    item: 'OIL',
    factor: ONE,
    teaches: { code: taught },
  });
  await page.enter('lead');
  unwrap(await page.ledger.matchUnknown([answer('X-9', 'Z-9'), answer('Y-9', 'Z-9')]));
  unwrap(await page.ledger.withdrawMatch([{ place, code: 'X-9' }], 'match'));
  expect(said()).toEqual(['barcode_taught']);
  unwrap(await page.ledger.matchUnknown([answer('X-9', 'Z-9')]));
  unwrap(await page.ledger.withdrawMatch([{ place, code: 'Y-9' }], 'match'));
  expect(said()).toEqual(['barcode_taught']);
  unwrap(await page.ledger.withdrawMatch([{ place, code: 'X-9' }], 'match'));
  expect(said()).toEqual(['barcode_retired']);
  await expectSame(page);
});

test('L549 the evidence of an item holds the scans of codes that turned out to be it', async () => {
  const page = await freshPage();
  const place = await openedStocktake(page);
  unwrap(await page.ledger.recordCount(place, scan('OIL')));
  unwrap(await page.ledger.recordUnknown(place, 'X-9', ONE));
  unwrap(await page.ledger.recordUnknown(place, 'other', ONE));
  unwrap(await page.ledger.recordCount(place, scan('TEA')));
  unwrap(await page.ledger.recordUnknown(place, 'X-9', ONE));
  unwrap(await page.ledger.undo(place));
  await page.enter('lead');
  unwrap(await page.ledger.matchUnknown([{ place, code: 'X-9', item: 'OIL', factor: ONE }]));
  await page.enter('approver');
  const kinds = async (item: string) => (await page.ledger.evidence(item)).map(({ entry }) => entry.fact.kind);
  expect(await kinds('OIL')).toEqual([
    'counted',
    'unknown_scanned',
    'unknown_scanned',
    'count_voided',
    'unknown_matched',
  ]);
  expect(await kinds('TEA')).toEqual(['stock_changed', 'counted']);
});
