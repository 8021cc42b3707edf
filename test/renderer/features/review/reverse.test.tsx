// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LANGUAGES, startTexts } from '../../../../renderer/texts/texts.ts';
import { unwrap } from '../../ledger/page.ts';
import { postCounts } from '../../sync/shop.ts';
import { squareShop } from '../../sync/shops.ts';
import { dialog, giveRoom, key, press, rowsOf, showSend } from '../send/shown.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

/** A shop with two posted lines, sent; the approver looks at them. */
async function sentShop() {
  const shop = await squareShop({ oil: [['OIL', 'A-1', '4']] });
  const { sending, connection, page } = shop;
  unwrap(await sending.matchItems(connection));
  const batch = await postCounts(shop, [
    ['TEA', 'A-1', 7],
    ['OIL', 'A-1', 3],
  ]);
  unwrap(await sending.send(connection, batch));
  await shop.settle();
  await page.enter('approver');
  return { ...shop, batch };
}

/** Opens the tab of decided lines. */
async function decided(): Promise<void> {
  fireEvent.click(await screen.findByRole('tab', { name: /^(Decided|Entschieden)/ }));
}

function submit(): void {
  const form = screen.getByRole('dialog').querySelector('form');
  if (form) fireEvent.submit(form);
}

describe('reversing in review', () => {
  test('U862 a reversed line says so, with the reason, who and when, in every language', async () => {
    const shop = await sentShop();
    const { batch, page } = shop;
    const { lines } = unwrap(page.ledger.review(batch));
    const tea = lines.filter(({ item }) => item === 'TEA');
    unwrap(await page.ledger.reverse(batch, tea, { reason: 'data_entry_error', note: 'Wrong shelf' }));
    const words = { en: ['Reversed', 'Data entry error'], de: ['Storniert', 'Eingabefehler'] };
    for (const language of LANGUAGES) {
      await startTexts(language);
      showSend(shop, `/review/${batch}`);
      await decided();
      const row = rowsOf('review-row').find((text) => text.includes('TEA')) ?? '';
      for (const word of words[language === 'de' ? 'de' : 'en']) expect(row).toContain(word);
      expect(row).toMatch(/ · .+ · .*\d\d:\d\d/);
      const other = rowsOf('review-row').find((text) => text.includes('OIL')) ?? '';
      expect(other).not.toContain(words[language === 'de' ? 'de' : 'en'][0]);
      key('e');
      expect(screen.getByTestId('line-reversed').textContent).toContain(words[language === 'de' ? 'de' : 'en'][1]);
      await waitFor(() => expect(screen.getByRole('complementary').textContent).toContain('Wrong shelf'));
      cleanup();
    }
  });

  test('U863 reversing asks for a reason from the keyboard, says what the books will say, and is done once', async () => {
    const shop = await sentShop();
    const { batch, page } = shop;
    showSend(shop, `/review/${batch}`);
    await decided();
    key('v');
    expect(dialog().getByRole('heading').textContent).toBe('Reverse 1 posted line');
    expect(dialog().getByText('TEA, A-1: 7 becomes 10')).toBeTruthy();
    fireEvent.keyDown(dialog().getByLabelText('Reason'), { key: 'Enter' });
    expect(await dialog().findByText('Nothing was reversed. Choose a reason first.')).toBeTruthy();
    fireEvent.change(dialog().getByLabelText('Reason'), { target: { value: 'other' } });
    submit();
    submit();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(page.ledger.batches().filter(({ reverses }) => reverses === batch)).toHaveLength(1);
    key('v');
    expect(await screen.findByText('Only a posted line can be reversed, and only once.')).toBeTruthy();
    // All that is left of the batch, chosen at once.
    fireEvent.keyDown(window, { key: 'a', ctrlKey: true });
    press(/^Reverse 1…/);
    expect(dialog().getByRole('heading').textContent).toBe('Reverse 1 posted line');
    expect(dialog().getByText('OIL, A-1: 3 becomes 4')).toBeTruthy();
  });

  test('U864 a reversal is among what is to be sent, named as one, and Review lists it at its lines alone', async () => {
    const shop = await sentShop();
    const { batch, page, connection } = shop;
    const { lines } = unwrap(page.ledger.review(batch));
    unwrap(await page.ledger.reverse(batch, lines, { reason: 'other' }));
    showSend(shop, `/send/${connection}`);
    await screen.findByTestId('ready-batch');
    const [row = '', ...others] = rowsOf('ready-batch');
    expect([others, row]).toEqual([[], expect.stringContaining(', reversed')]);
    expect(row).toContain('2 posted lines');
    key('p');
    expect((await screen.findAllByText(/a posted line is reversed/)).length).toBeGreaterThan(0);
    cleanup();
    showSend(shop, '/review');
    expect(rowsOf('batch-row')).toHaveLength(1);
    expect(rowsOf('batch-row')[0]).toContain('2 reversed');
  });

  test('U866 nobody but an approver is offered to reverse', async () => {
    const shop = await sentShop();
    showSend(shop, `/review/${shop.batch}`, ['lead']);
    await decided();
    expect(screen.queryByRole('button', { name: /^Reverse/ })).toBeNull();
    key('v');
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});
