// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MatchCode } from '../../../../renderer/shelf/match-code.tsx';
import { TallybookContext } from '../../../../renderer/tallybook/tallybook-context.tsx';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import type { Item } from '../../../../shared/domain/item.ts';
import type { Person, Role } from '../../../../shared/domain/person.ts';
import { ONE, quantityOf } from '../../../../shared/domain/quantity.ts';
import { freshPage, openedStocktake, unwrap, type Page, type PLACE } from '../../ledger/page.ts';
import { giveRoom, importItems, makeItems, sendScan, showCounting, tallybookOf } from './shown.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

const CODE = '4006381333931';

async function signedIn(page: Page, role: Role): Promise<Person> {
  await page.enter(role);
  return { id: page.crew.byRole[role], name: role, roles: [role], active: true };
}

/** Chooses the item in the open search, and says how many one scan stands for. */
async function choose(item: string, factor: string, button: string): Promise<void> {
  fireEvent.change(await screen.findByRole('combobox'), { target: { value: item } });
  fireEvent.click(await screen.findByRole('option', { name: new RegExp(`^${item}`) }));
  fireEvent.change(screen.getByLabelText(/^Units in one scan/), { target: { value: factor } });
  fireEvent.click(screen.getByRole('button', { name: new RegExp(`^${button}`) }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
}

/** A lead says what a code is that was scanned once. */
async function matching() {
  const page = await freshPage();
  const place = await openedStocktake(page);
  await importItems(page, makeItems(2));
  unwrap(await page.ledger.recordUnknown(place, CODE, ONE));
  const person = await signedIn(page, 'lead');
  render(
    <TallybookContext.Provider value={tallybookOf(page, person)}>
      <MatchCode codes={[{ place, code: CODE, quantity: ONE }]} onClose={() => cleanup()} />
    </TallybookContext.Provider>,
  );
  return { page, place };
}

const counted = (page: Page, place: typeof PLACE) =>
  [...(page.ledger.sheet(place)?.lines.values() ?? [])].map((line) => [line.item, line.lot, line.counted]);
const unknowns = () => screen.getByTestId('unknowns').textContent;

describe('an unknown code in the bin where it was met', () => {
  test('U543 who may says on the spot what an unknown code is, others propose it, and each can be taken back', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    await importItems(page, makeItems(10));
    showCounting(page, place, await signedIn(page, 'counter'));
    sendScan(CODE);
    await waitFor(() => expect(unknowns()).toContain('What is it?'));
    fireEvent.keyDown(window, { key: 'F3' });
    await choose('Item 7', '1', 'Propose');
    expect(unknowns()).toContain('Proposed: Item 7');
    expect(counted(page, place)).toEqual([]);
    fireEvent.click(within(screen.getByTestId('unknowns')).getByRole('button'));
    fireEvent.click(await screen.findByRole('button', { name: 'Take back' }));
    await waitFor(() => expect(unknowns()).toContain('What is it?'));
    cleanup();

    unwrap(await page.ledger.proposeUnknown([{ place, code: CODE, item: 'I7', factor: ONE }]));
    showCounting(page, place, await signedIn(page, 'lead'));
    fireEvent.click(within(screen.getByTestId('unknowns')).getByRole('button'));
    expect((await screen.findByRole('dialog')).textContent).toContain('Item 7');
    fireEvent.click(screen.getByRole('button', { name: /^Another item/ }));
    await choose('Item 3', '6', 'Match');
    expect(unknowns()).toContain('Matched: Item 3');
    expect(counted(page, place)).toEqual([['I3', undefined, quantityOf('6')]]);
    cleanup();

    // Somebody who may only propose sees what it is, and takes back nothing that others said.
    showCounting(page, place, await signedIn(page, 'counter'));
    fireEvent.click(within(screen.getByTestId('unknowns')).getByRole('button'));
    expect((await screen.findByRole('dialog')).textContent).toContain('Item 3');
    expect(screen.queryByRole('button', { name: 'Take back' })).toBeNull();
    cleanup();

    showCounting(page, place, await signedIn(page, 'lead'));
    fireEvent.click(within(screen.getByTestId('unknowns')).getByRole('button'));
    fireEvent.click(await screen.findByRole('button', { name: 'Take back' }));
    await waitFor(() => expect(unknowns()).toContain('Proposed: Item 7'));
    expect(counted(page, place)).toEqual([]);
  });

  test('U544 of several labels matched at once, each keeps the lot that it names', async () => {
    const page = await freshPage();
    const place = await openedStocktake(page);
    const oil: Item = { ...(makeItems(1)[0] as Item), tracking: 'lot' };
    await importItems(page, [oil]);
    const codes = ['L1', 'L2'].map((lot) => `]C10109506000134352\u001D10${lot}`);
    for (const code of codes) unwrap(await page.ledger.recordUnknown(place, code, ONE));
    const person = await signedIn(page, 'lead');
    const shown = (asked: readonly string[]) =>
      render(
        <TallybookContext.Provider value={tallybookOf(page, person)}>
          <MatchCode codes={asked.map((code) => ({ place, code, quantity: ONE }))} onClose={() => cleanup()} />
        </TallybookContext.Provider>,
      );
    shown(codes);
    await choose('Item 0', '1', 'Match');
    expect(counted(page, place)).toEqual([
      ['I0', 'L1', ONE],
      ['I0', 'L2', ONE],
    ]);
  });

  test.each([
    ['3*12', 36n],
    ['6', 6n],
    ['6+2x3', 12n],
  ])('U546 what one scan of a code stands for is typed as any quantity is: %s', async (typed, pieces) => {
    const { page, place } = await matching();
    await choose('Item 1', typed, 'Match');
    expect(counted(page, place)).toEqual([['I1', undefined, pieces * ONE]]);
  });

  test.each(['4006381333931', '0', '-2', 'six'])('U546 no scan of a code stands for %s', async (typed) => {
    const { page, place } = await matching();
    fireEvent.change(await screen.findByRole('combobox'), { target: { value: 'Item 1' } });
    fireEvent.click(await screen.findByRole('option', { name: /^Item 1/ }));
    fireEvent.change(screen.getByLabelText(/^Units in one scan/), { target: { value: typed } });
    fireEvent.click(screen.getByRole('button', { name: /^Match/ }));
    expect((await screen.findByRole('dialog')).textContent).toContain('Type how many one scan stands for');
    expect(counted(page, place)).toEqual([]);
  });
});
