// @vitest-environment happy-dom
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import type { Fact } from '../../../../shared/domain/ledger-entry.ts';
import { freshPage, openedStocktake, unwrap, type Page, type PLACE } from '../../ledger/page.ts';
import { codeOf, giveRoom, importItems, makeItems, scanTo, showCounting } from './shown.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

const counted = (place: typeof PLACE, at: number): Fact => ({
  kind: 'counted',
  ...place,
  item: `I${at}`,
  quantity: '1',
  how: 'scan',
});

/** A bin in which `lines` items were counted once each, the last one being the newest. */
async function filledBin(lines: number): Promise<{ page: Page; place: typeof PLACE }> {
  const page = await freshPage();
  const place = await openedStocktake(page);
  await importItems(page, makeItems(lines + 10));
  unwrap(await page.ledger.appendFacts(Array.from({ length: lines }, (_, at) => counted(place, at))));
  return { page, place };
}

const rows = (): readonly HTMLElement[] => screen.getAllByTestId('line-row');
const commits = (shown: { commits(): number }, since: number): number => shown.commits() - since;

describe('the counting screen', () => {
  test('U650 a scan draws the screen once: card, list and status line together', async () => {
    const { page, place } = await filledBin(40);
    const shown = showCounting(page, place);
    await scanTo(codeOf(3), 'Item 3', '2');
    for (const [at, total] of [
      [3, '3'],
      [7, '2'],
      [45, '1'],
    ] as const) {
      await act(async () => {});
      const before = shown.commits();
      await scanTo(codeOf(at), `Item ${at}`, total);
      expect(rows()[0]?.textContent).toContain(`Item ${at}`);
      await act(async () => {});
      expect(commits(shown, before)).toBe(1);
    }
  });

  test('U651 of 5,000 lines the rows in sight are in the document, the scanned one among them', async () => {
    const { page, place } = await filledBin(5000);
    showCounting(page, place);
    expect(rows().length).toBeGreaterThan(10);
    expect(rows().length).toBeLessThan(60);
    expect(rows()[0]?.textContent).toContain('Item 4999');
    await scanTo(codeOf(17), 'Item 17', '2');
    const [first] = rows();
    expect(first?.textContent).toMatch(/Item 17.*2/);
    expect(first?.querySelector('button')?.getAttribute('aria-pressed')).toBe('true');
    expect([first?.getAttribute('aria-posinset'), first?.getAttribute('aria-setsize')]).toEqual(['1', '5000']);
    expect(rows().length).toBeLessThan(60);
  });

  test('U652 arrows walk the lines of a long bin, each chosen one is in the document and alone pressed', async () => {
    const { page, place } = await filledBin(300);
    showCounting(page, place);
    const pressed = () => rows().filter((row) => row.querySelector('[aria-pressed="true"]') !== null);
    expect(pressed().map((row) => row.getAttribute('aria-posinset'))).toEqual(['1']);
    for (let step = 0; step < 5; step += 1) fireEvent.keyDown(window, { key: 'ArrowDown' });
    expect(pressed().map((row) => row.getAttribute('aria-posinset'))).toEqual(['6']);
    fireEvent.keyDown(window, { key: 'ArrowUp' });
    expect(pressed().map((row) => row.textContent)).toEqual([expect.stringContaining('Item 295')]);
  });

  test('U653 what was not seen yet and unknown codes are drawn as far as they are in sight, and counted whole', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await importItems(page, makeItems(3000));
    unwrap(
      await page.ledger.appendFacts([
        ...Array.from({ length: 3000 }, (_, at): Fact => ({
          kind: 'stock_changed',
          item: `I${at}`,
          bin: place.bin,
          quantity: '1',
          reason: 'opening',
        })),
        { kind: 'unknown_scanned', ...place, code: 'WHAT-1', quantity: '1' },
      ]),
    );
    showCounting(page, place);
    const names = screen.getByTestId('not-seen').querySelectorAll('li');
    expect(names.length).toBeGreaterThan(5);
    expect(names.length).toBeLessThan(60);
    expect(names[0]?.getAttribute('aria-setsize')).toBe('3001');
    expect(screen.getByText('3,001')).toBeDefined();
    await scanTo(codeOf(0), 'Item 0', '1');
    expect(screen.getByTestId('not-seen').querySelector('li')?.getAttribute('aria-setsize')).toBe('3000');
    expect(rows().map((row) => row.getAttribute('aria-setsize'))).toEqual(['1']);
  });
});
