// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BinsScreen, type BinsScreenProps } from '../../../../renderer/features/catalogue/bins-screen.tsx';
import { findBins } from '../../../../renderer/features/catalogue/find-bins.ts';
import { QuestionDialog } from '../../../../renderer/features/count/questions.tsx';
import { stoppedColumns } from '../../../../renderer/features/send/plan/plan-columns.tsx';
import { useFormats } from '../../../../renderer/ui/format.ts';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import type { CatalogueFact } from '../../../../shared/domain/catalogue-facts.ts';
import { createCatalogue, type Catalogue } from '../../../../shared/domain/catalogue.ts';
import type { Bin } from '../../../../shared/domain/location.ts';

beforeAll(() => startTexts('en'));
afterEach(cleanup);

const bin = (code: string, site: string, walk: number, more: Partial<Bin> = {}): Bin => ({
  code,
  label: code.slice(0, 4),
  site,
  zone: 'Cold',
  walk,
  ...more,
});
const BINS = [
  bin('B-07', 'Main', 9, { zone: 'Dry' }),
  bin('A-01', 'Main', 1),
  bin('A-01 · Annex', 'Annex', 5),
  bin('X-99', '', 0),
  bin('A-02', 'Main', 2),
];

function show(bins: readonly Bin[], props: Partial<BinsScreenProps> = {}): CatalogueFact[] {
  const said: CatalogueFact[] = [];
  render(
    <BinsScreen
      catalogue={createCatalogue([], bins)}
      holdOf={() => undefined}
      onSay={(fact) => said.push(fact)}
      mayImport
      onImport={() => {}}
      onShow={() => {}}
      {...props}
    />,
  );
  return said;
}
/** Steps onto the first bin of the list. */
const first = () => fireEvent.keyDown(screen.getByRole('grid', { name: 'Bins' }), { key: 'ArrowDown' });
const rowCount = () => Number(screen.getByRole('grid', { name: 'Bins' }).getAttribute('aria-rowcount')) - 1;

describe('the bins screen', () => {
  test('U581 bins stand by building in walking order, and are found by code, label, building or zone', () => {
    const found = (text: string, site?: string) => findBins(BINS, text, site).map(({ code }) => code);
    expect(found('')).toEqual(['A-01 · Annex', 'A-01', 'A-02', 'B-07', 'X-99']);
    expect(found('a-01')).toEqual(['A-01 · Annex', 'A-01']);
    expect(found('a01')).toEqual(['A-01 · Annex', 'A-01']);
    expect(found('main cold')).toEqual(['A-01', 'A-02']);
    expect(found('', 'main')).toEqual(['A-01', 'A-02', 'B-07']);
    expect(found('', '')).toEqual(['X-99']);
    expect(found('nowhere')).toEqual([]);
  });

  test('U581 typing and choosing a building narrow the list, and how many are left is said', async () => {
    show(BINS);
    expect(rowCount()).toBe(5);
    fireEvent.change(screen.getByRole('combobox', { name: 'Building' }), { target: { value: 'site:Main' } });
    expect((await screen.findByText('3 bins found')).getAttribute('role')).toBe('status');
    expect(rowCount()).toBe(3);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'dry' } });
    await screen.findByText('1 bin found');
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nowhere' } });
    await screen.findByText(/No bin has “nowhere”/);
  });

  test('U581 a bin is taken out of use and put back by hand, by whoever may', () => {
    const said = show(BINS);
    first();
    fireEvent.click(screen.getByRole('button', { name: 'Take out of use' }));
    expect(said).toEqual([{ kind: 'bin_retired', bin: 'A-01 · Annex', retired: true }]);
    cleanup();
    const back = show(createCatalogue([], BINS, said).bins(), { holdOf: () => ({ code: 'bin_not_empty', items: 2 }) });
    first();
    // What holds a bin in use never holds it out of use.
    fireEvent.click(screen.getByRole('button', { name: 'Put back in use' }));
    expect(back).toEqual([{ kind: 'bin_retired', bin: 'A-01 · Annex', retired: false }]);
    cleanup();
    render(
      <BinsScreen
        catalogue={createCatalogue([], BINS)}
        holdOf={() => undefined}
        mayImport={false}
        onImport={() => {}}
        onShow={() => {}}
      />,
    );
    first();
    expect(screen.queryByRole('button', { name: /use$/ })).toBeNull();
  });

  test('U582 what keeps a bin in use is said beside the button, which does nothing', () => {
    const said = show(BINS, { holdOf: () => ({ code: 'bin_being_counted', stocktake: 'Autumn' }) });
    first();
    expect(screen.getByText('It is being counted in “Autumn”. Hand that count in first.')).toBeDefined();
    const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Take out of use' });
    expect(button.disabled).toBe(true);
    fireEvent.click(button);
    expect(said).toEqual([]);
  });
});

/** The cells in which a plan names the bins of stopped lines. */
function StoppedBins({ catalogue, bins }: { catalogue: Catalogue; bins: readonly string[] }): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const column = stoppedColumns({ t, formats, catalogue }).find(({ id }) => id === 'bin');
  return (
    <ul>
      {bins.map((code) => (
        <li key={code}>{column?.cell({ item: 'TEA', bin: code, code: 'bin_not_found' })}</li>
      ))}
    </ul>
  );
}

describe('a bin whose name two buildings have', () => {
  const catalogue = createCatalogue([], BINS);

  test('U584 where several buildings have a bin of this name, its building is named with it', () => {
    render(<QuestionDialog catalogue={catalogue} question={{ kind: 'not_on_sheet', bin: 'A-01', answer: () => {} }} />);
    expect(screen.getByText('A-01 · Main is not on this sheet. Add it?')).toBeDefined();
    render(<StoppedBins catalogue={catalogue} bins={['A-01', 'A-02']} />);
    expect(screen.getByText('A-01 · Main')).toBeDefined();
    expect(screen.getByText('A-02')).toBeDefined();
  });
});
