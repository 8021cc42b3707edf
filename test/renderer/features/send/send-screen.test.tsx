// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LANGUAGES, startTexts } from '../../../../renderer/texts/texts.ts';
import { belongsToTarget } from '../../../../renderer/ui/use-keys.ts';
import { unwrap } from '../../ledger/page.ts';
import { postCounts } from '../../sync/shop.ts';
import { decoShop, squareShop, TEA_VARIANT, zettleShop } from '../../sync/shops.ts';
import { dialog, giveRoom, key, press, rowsOf, select, showSend } from './shown.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

describe('matching', () => {
  test('U224 what the codes suggest is accepted at once, a match is taken away, a place and a word are chosen', async () => {
    const shop = await squareShop();
    const { sending, connection, page } = shop;
    await page.enter('admin');
    showSend(shop, `/send/${connection}/mapping`);
    await screen.findByRole('button', { name: /^Read the lists of Square/ });
    expect(rowsOf('item-match-row').every((row) => row.includes('No match'))).toBe(true);
    press(/^Read the lists/);
    press(await screen.findByRole('button', { name: /^Accept all 2 suggestions/ }).then(() => /^Accept all 2/));
    await waitFor(() => expect(sending.mapping(connection).items.size).toBe(2));
    expect(screen.getByRole('tab', { name: /^Items/ }).textContent).toContain('2 of 2');
    select('item-match-row', 'OIL');
    key('Delete');
    await waitFor(() => expect([...sending.mapping(connection).items.keys()]).toEqual(['TEA']));
    expect(rowsOf('item-match-row').find((row) => row.includes('OIL'))).toContain('Suggested');

    fireEvent.click(screen.getByRole('tab', { name: /^Places/ }));
    fireEvent.change(screen.getByLabelText('Location of Main'), { target: { value: 'L1' } });
    await waitFor(() => expect(sending.mapping(connection).sites.get('Main')).toBe('L1'));

    fireEvent.click(screen.getByRole('tab', { name: /^Reasons/ }));
    fireEvent.change(screen.getByLabelText('Word for “Damaged”'), { target: { value: 'WASTE' } });
    press(/^Save 1 word/);
    await waitFor(() => expect(sending.mapping(connection).reasons.get('damaged')).toBe('WASTE'));
  });

  test('U225 theirs is found by typing, and chosen with Enter', async () => {
    const shop = await squareShop();
    const { sending, connection, page } = shop;
    await page.enter('admin');
    showSend(shop, `/send/${connection}/mapping`);
    await screen.findByRole('button', { name: /^Read the lists of Square/ });
    press(/^Read the lists/);
    await screen.findByText(/2 items · 1 place/);
    select('item-match-row', 'TEA');
    press(/^Choose theirs/);
    fireEvent.change(dialog().getByRole('combobox'), { target: { value: 'oil' } });
    expect(dialog().getAllByRole('option')).toHaveLength(1);
    const form = screen.getByRole('dialog').querySelector('form');
    if (form) fireEvent.submit(form);
    await waitFor(() => expect(sending.mapping(connection).items.get('TEA')?.remoteItem).toBe('V2'));
  });
});

describe('sending', () => {
  test('U232 a stopped line is let through on the spot, the plan is sent with a key, and its lines are followed to their receipts', async () => {
    const shop = await zettleShop();
    const { sending, connection, sandbox } = shop;
    unwrap(await sending.matchItems(connection));
    await postCounts(shop, [
      ['TEA', 'A-1', 9],
      ['WAX', 'A-1', 4],
    ]);
    showSend(shop, `/send/${connection}/send`);
    await screen.findByTestId('ready-batch');
    key('p');
    expect((await screen.findByTestId('cure')).textContent).toContain('Start tracking of these items there');
    press(/^Start tracking 1 item/);
    await waitFor(() => expect(screen.queryByTestId('cure')).toBeNull());
    await screen.findByTestId('plan');
    expect(rowsOf('plan-row')).toHaveLength(2);
    key('s');
    await waitFor(() => expect(screen.getByRole('tab', { selected: true }).textContent).toContain('On the way'));
    await shop.settle();
    const [request] = await waitFor(() => {
      const rows = screen.getAllByTestId('request-row');
      expect(rows.every((row) => row.dataset['state'] === 'confirmed')).toBe(true);
      return rows;
    });
    expect(request?.textContent).toContain('Autumn, pass 1');
    expect(request?.textContent).toMatch(/adjustment/);
    fireEvent.click(screen.getByRole('radio', { name: /^By line/ }));
    expect(screen.getAllByTestId('send-line').map((row) => row.dataset['state'])).toEqual(['confirmed', 'confirmed']);
    expect(sandbox.control.log().length).toBeGreaterThan(0);
  });

  test('U772 a plan that is another one when Send is pressed is shown with what changed, and asks again', async () => {
    const shop = await squareShop();
    const { sending, connection } = shop;
    unwrap(await sending.matchItems(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    showSend(shop, `/send/${connection}/plan`);
    fireEvent.click(await screen.findByRole('button', { name: /^Show the plan/ }));
    await screen.findByTestId('plan');
    unwrap(await sending.saveMapping(connection, { items: [{ item: 'TEA', remoteItem: '', precision: 0 }] }));
    press(/^Send /);
    const said = await screen.findByTestId('plan-differences');
    expect(said.textContent).toMatch(/^TEA \(A-1\): .*9.*, now .*not matched\)?$/);
    expect(screen.getByText(/^Nothing was sent: the plan is not the one/)).toBeTruthy();
    expect(sending.outbox()).toEqual([]);
    expect(batch).not.toBe('');
  });

  test('U233 a line in doubt shows both numbers, and a person’s word ends it', async () => {
    const shop = await zettleShop();
    const { sending, connection, sandbox } = shop;
    unwrap(await sending.matchItems(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    sandbox.control.fault({ kind: 'applyThenDrop' });
    unwrap(await sending.send(connection, batch));
    while (sending.busy()) await new Promise((resolve) => setImmediate(resolve));
    sandbox.control.sale({ variant: TEA_VARIANT, quantity: '4' });
    await shop.settle();
    showSend(shop, '/send/needs');
    const row = await screen.findByTestId('doubt-row');
    expect(
      within(row)
        .getAllByRole('gridcell')
        .map((cell) => cell.textContent),
    ).toEqual(['TEA', '−1', '10', '9', '5']);
    expect(rowsOf('need')[0]).toMatch(/^In doubt.*1 line of Autumn, pass 1/);
    fireEvent.click(row);
    press('It arrived');
    await screen.findByText(/^Nothing needs a person/);
    expect(sending.outbox().map(({ doubtful }) => doubtful.length)).toEqual([0]);
  });

  test('U240 a refused line waits for a person, who puts it right and plans it again; then it arrives', async () => {
    const shop = await squareShop();
    const { sending, connection } = shop;
    unwrap(await sending.matchItems(connection));
    const wrong = { item: 'TEA', remoteItem: 'NOT-THERE', precision: 0 };
    await shop.page.enter('approver');
    unwrap(await sending.saveMapping(connection, { items: [wrong] }));
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    const { go } = showSend(shop, '/send/needs');
    // The remote's title comes with the list of remotes.
    await waitFor(() =>
      expect(screen.getByTestId('need').textContent).toMatch(/^Rejected.*Square refused 1 line of Autumn, pass 1/),
    );
    expect(screen.getByRole('link', { name: 'Plan them again' }).getAttribute('href')).toBe(`/send/${connection}/send`);
    unwrap(await sending.saveMapping(connection, { items: [{ ...wrong, remoteItem: 'V1' }] }));
    go(`/send/${connection}/send`);
    expect((await screen.findByTestId('ready-batch')).textContent).toContain('1 refused before');
    key('p');
    await screen.findByTestId('plan');
    expect(screen.getByRole('checkbox', { name: /refused before/ })).toHaveProperty('checked', true);
    key('s');
    await waitFor(() => expect(screen.getByRole('tab', { selected: true }).textContent).toContain('On the way'));
    await shop.settle();
    await waitFor(() =>
      expect(screen.getAllByTestId('request-row').map((row) => row.dataset['state'])).toEqual([
        'confirmed',
        'rejected',
      ]),
    );
    expect(screen.queryByRole('link', { name: /^Needs a person/ })).toBeNull();
  });

  test('U242 a plan that a slow remote keeps waiting is made of the figures seen last, or given up, and nothing more is asked', async () => {
    const shop = await squareShop();
    const { sending, connection, sandbox, alarms } = shop;
    unwrap(await sending.matchItems(connection));
    await postCounts(shop, [['TEA', 'A-1', 9]]);
    showSend(shop, `/send/${connection}/send`);
    await screen.findByTestId('ready-batch');
    sandbox.control.fault({ kind: 'status', status: 429, times: 1, retryAfterSeconds: 20 });
    key('p');
    await waitFor(() => expect(alarms).toHaveLength(1));
    expect(screen.queryByTestId('ready-batch')).toBeNull();
    press('Use the figures seen last');
    expect((await screen.findByTestId('plan')).textContent).toContain('worked out from the figures seen last');
    key('Escape');
    await screen.findByTestId('ready-batch');
    key('p');
    await waitFor(() => expect(alarms).toHaveLength(2));
    key('Escape');
    await screen.findByTestId('ready-batch');
    // The time that the remote named has come, and a whole pull goes by: whoever still waited would have asked by now.
    const before = sandbox.control.log().length;
    shop.pass(30_000);
    for (const { run } of alarms.splice(0)) run();
    unwrap(await sending.pull(connection));
    const asked = sandbox.control.log().slice(before);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ body }) => body.includes('catalog_object_ids'))).toEqual([]);
    expect(screen.queryByTestId('plan')).toBeNull();
  });

  test('U234 the receipts of what was sent are saved as a file', async () => {
    const shop = await squareShop();
    const { sending, connection } = shop;
    unwrap(await sending.matchItems(connection));
    const batch = await postCounts(shop, [['TEA', 'A-1', 9]]);
    unwrap(await sending.send(connection, batch));
    await shop.settle();
    const { files } = showSend(shop, `/send/${connection}/history`);
    press(await screen.findByRole('button', { name: /as CSV/ }).then(() => /^Save 1 line as CSV/));
    await screen.findByText('Saved.');
    expect(files.map(({ suggestedName }) => suggestedName)).toEqual(['Square-Shop-receipts.csv']);
    const [head, line] = (files[0]?.text ?? '').split('\r\n');
    expect(head?.split(',')).toHaveLength(14);
    expect(line).toMatch(/,Shop,"?Autumn, pass 1"?,TEA,TEA,A-1,Count,9,V1,L1,Confirmed,/);
  });

  test('U235 what can only be read says so, and leads to what it tells', async () => {
    const shop = await decoShop();
    showSend(shop, `/send/${shop.connection}/send`);
    await screen.findByText(/^DecoNetwork can only be read/);
    expect(screen.queryByRole('tab', { name: /^On the way/ })).toBeNull();
    expect(screen.getByRole('link', { name: 'Others changed' }).getAttribute('href')).toBe(
      `/send/${shop.connection}/moved`,
    );
  });
});

describe('comparing', () => {
  test('U236 only what differs is shown; theirs is taken into the bin that is named, after the figures were', async () => {
    const shop = await squareShop();
    const { sending, connection, sandbox, page } = shop;
    unwrap(await sending.matchItems(connection));
    sandbox.control.sale({ variation: 'V2', location: 'L1', quantity: '1' });
    shop.pass(60_000);
    await page.enter('approver');
    showSend(shop, `/send/${connection}/drift`);
    press(await screen.findByRole('button', { name: /^Pull figures/ }).then(() => /^Pull figures/));
    await waitFor(() => expect(rowsOf('drift-row')).toHaveLength(1));
    expect(rowsOf('drift-row')[0]).toMatch(/OIL.*4.*3.*−1.*Differs/);
    select('drift-row', 'OIL');
    key('t');
    const asked = within(dialog().getByTestId('decide-row'));
    expect(
      asked
        .getAllByRole('cell')
        .map((cell) => cell.textContent)
        .slice(0, 4),
    ).toEqual(['Main', '4', '3', '−1']);
    const bin = asked.getByRole('combobox', { name: 'Bin of OIL' });
    expect(bin).toHaveProperty('value', 'A-1');
    fireEvent.change(bin, { target: { value: 'A-2' } });
    shop.pass(60_000);
    fireEvent.click(dialog().getByRole('button', { name: /^Take 1 figure/ }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(unwrap(page.ledger.bookOf('OIL')).map(({ bin: code, book }) => [code, book])).toEqual([['A-1', 300_000n]]);
  });

  test('U237 what others changed is taken once, into the bin that is chosen', async () => {
    const shop = await decoShop();
    const { sending, connection, sandbox, page } = shop;
    unwrap(await sending.matchItems(connection));
    shop.pass(60_000);
    sandbox.control.sale({ dn_sku_id: '13_691', quantity: '5' });
    shop.pass(60_000);
    await page.enter('approver');
    showSend(shop, `/send/${connection}/moved`);
    press(await screen.findByRole('button', { name: /^Pull changes/ }).then(() => /^Pull changes/));
    expect((await screen.findByTestId('moved-row')).textContent).toMatch(/TEA.*−5.*To take, choose a bin/);
    select('moved-row', 'TEA');
    press(/^Take into the ledger/);
    const take = dialog().getByRole('button', { name: /^Take 1 movement/ });
    expect(take).toHaveProperty('disabled', true);
    fireEvent.change(dialog().getByRole('combobox', { name: 'Bin of TEA' }), { target: { value: 'A-2' } });
    fireEvent.click(take);
    await waitFor(() => expect(sending.movements(connection).map(({ taken }) => taken)).toEqual([true]));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

test('U239 a letter means the screen’s action from a choice too; only what moves the choice is its own', () => {
  document.body.innerHTML = '<input type="radio" id="radio"><input type="text" id="text">';
  const belongs = (id: string, name: string) => belongsToTarget(document.getElementById(id), name);
  expect(['S', 'Space', 'ArrowDown'].map((name) => belongs('radio', name))).toEqual([false, true, true]);
  expect(belongs('text', 'S')).toBe(true);
  document.body.innerHTML = '';
});

test('U238 no part of any connection shows a raw key or code, in any language', async () => {
  for (const language of LANGUAGES) {
    await startTexts(language);
    for (const open of [squareShop, zettleShop, decoShop]) {
      const shop = await open();
      unwrap(await shop.sending.matchItems(shop.connection));
      await postCounts(shop, [['TEA', 'A-1', 9]]);
      for (const part of ['send', 'progress', 'history', 'drift', 'moved', 'mapping', 'setup']) {
        showSend(shop, `/send/${shop.connection}/${part}`);
        await screen.findAllByRole('tab');
        const raw = texts().filter((text) => /^[a-z]+(\.[a-zA-Z_]+)+$|\{\{|\b[a-z]+_[a-z_]+\b/.test(text));
        expect([language, part, raw]).toEqual([language, part, []]);
        cleanup();
      }
    }
  }
});

/** Every text on the page, and every label that is read aloud. */
function texts(): readonly string[] {
  return [...document.body.querySelectorAll('*')].flatMap((element) => [
    element.getAttribute('aria-label') ?? '',
    ...[...element.childNodes].flatMap((node) => (node.nodeType === Node.TEXT_NODE ? [node.textContent ?? ''] : [])),
  ]);
}
