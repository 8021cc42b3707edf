// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ItemDetail } from '../../../../renderer/features/catalogue/item-detail.tsx';
import type { CatalogueFact } from '../../../../shared/domain/catalogue-facts.ts';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import type { Item } from '../../../../shared/domain/item.ts';
import type { Fact } from '../../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../../shared/domain/result.ts';
import { ImportScreen } from '../../../../renderer/features/catalogue/import-screen.tsx';
import type { ImportSurroundings } from '../../../../renderer/features/catalogue/use-import.ts';
import { ItemsScreen } from '../../../../renderer/features/catalogue/items-screen.tsx';
import { createImporter } from '../../../../renderer/import/importer.ts';
import type { FromWorker, WorkerPort } from '../../../../renderer/import/import-messages.ts';
import { openSession } from '../../../../renderer/import/import-session.ts';
import { allTexts, startTexts } from '../../../../renderer/texts/texts.ts';

beforeAll(() => startTexts('en'));
afterEach(() => {
  cleanup();
  localStorage.clear();
});

function localWorker(): WorkerPort {
  let hear: (message: FromWorker) => void = () => {};
  const importer = createImporter((message) => hear(message));
  let turn = Promise.resolve();
  return {
    postMessage: (message) => void (turn = turn.then(() => importer(message))),
    onMessage: (listener) => void (hear = listener),
    onFailure: () => {},
    terminate: () => void (hear = () => {}),
  };
}

function show(open: ImportSurroundings['open'] = (input) => openSession(localWorker(), input)): {
  facts: Fact[];
  sealed: string[];
  saved: { suggestedName: string; text: string }[];
} {
  const facts: Fact[] = [];
  const saved: { suggestedName: string; text: string }[] = [];
  const sealed: string[] = [];
  let text = '';
  render(
    <ImportScreen
      first="items"
      onLeave={() => {}}
      open={open}
      known={() => ({ items: [], bins: [], openings: new Set(), said: [] })}
      ledger={{
        appendFacts: async (more) => {
          facts.push(...more);
          return ok([]);
        },
        reloadCatalogue: async () => {},
      }}
      host={{
        beginCatalogueFile: async () => ok({ file: 'f' }),
        appendCatalogueRows: async ({ lines }) => {
          text += lines;
          return ok({});
        },
        sealCatalogueFile: async () => {
          sealed.push(text);
          return ok({ sha256: 'b'.repeat(64), rows: text.split('\n').length - 1 });
        },
        discardCatalogueFile: async () => ok({}),
        saveFile: async (file) => {
          saved.push(file);
          return ok({ outcome: 'saved' as const });
        },
      }}
    />,
  );
  return { facts, sealed, saved };
}

function itemOf(items: readonly Item[], sku: string): Item {
  const found = items.find((item) => item.sku === sku);
  if (found === undefined) throw new Error(`no item ${sku}`);
  return found;
}

function choose(text: string, name = 'list.csv'): void {
  fireEvent.change(screen.getByTestId('import-file'), { target: { files: [new File([text], name)] } });
}
const importButton = (): HTMLButtonElement => screen.getByRole('button', { name: /^Import/ });

describe('the import screen', () => {
  test('I100 a clean file: columns guessed, nothing wrong, one key imports it', async () => {
    const { facts, sealed } = show();
    choose('sku,name\nA,Blue cup\nB,Jug\n');
    await screen.findByText('Ready to import');
    expect(screen.getByText('No problems found.')).toBeDefined();
    fireEvent.click(importButton());
    await screen.findByTestId('import-done');
    expect(screen.getByRole('status').textContent).toBe('2 new items.');
    expect(facts).toEqual([
      { kind: 'catalogue_imported', what: 'items', sha256: 'b'.repeat(64), rows: 2, source: 'list.csv' },
    ]);
    expect(sealed[0]).toContain('Blue cup');
  });

  test('I101 stopped rows hold everything back until a person leaves them out', async () => {
    const { facts } = show();
    choose('barcode,name\n2.02E+11,a\n4006381333931,b\n');
    await screen.findByText(/Rows are stopped/);
    expect(importButton().disabled).toBe(true);
    fireEvent.click(screen.getByLabelText(/Leave out 1 stopped row/));
    await screen.findByText('Ready to import');
    fireEvent.click(importButton());
    await screen.findByTestId('import-done');
    expect(facts).toHaveLength(1);
  });

  test('I102 a column a person gave a meaning is remembered for the next file with these headers', async () => {
    show();
    choose('Nummer X,Text Y\nA,Blue cup\n');
    fireEvent.change(await screen.findByLabelText('The column names are in'), { target: { value: '1' } });
    const column = await screen.findByLabelText('Column Text Y is');
    fireEvent.change(screen.getByLabelText('Column Nummer X is'), { target: { value: 'sku' } });
    fireEvent.change(column, { target: { value: 'brand' } });
    await waitFor(() => expect(importButton().disabled).toBe(false));
    fireEvent.click(importButton());
    await screen.findByTestId('import-done');
    fireEvent.click(screen.getByText('Import another file'));
    choose('NUMMER X,text y\nB,Jug\n');
    const again = await screen.findByLabelText<HTMLSelectElement>('Column text y is');
    expect(again.value).toBe('brand');
  });

  test('I103 a file that is no list is refused in words, and the person is back where they choose', async () => {
    show();
    choose('');
    await screen.findByText('There is nothing in this file. Choose another.');
    expect(screen.getByText('Choose a file', { selector: 'button' })).toBeDefined();
  });
});

describe('what is asked of a person, and what is said', () => {
  const header = () => screen.findByLabelText<HTMLSelectElement>('The column names are in');

  test('U560 the row of the column names is shown and can be chosen; the columns are proposed anew', async () => {
    show();
    choose('Inventory export\nSKU,Description,UPC\nA1,Pen,4006381333931\n');
    expect((await header()).value).toBe('2');
    expect(screen.getByText('1 row above it is not taken.')).toBeDefined();
    expect(screen.getByRole('option', { name: 'Row 1: Inventory export' })).toBeDefined();
    expect(screen.getByLabelText<HTMLSelectElement>('Column UPC is').value).toBe('barcode');
    fireEvent.change(await header(), { target: { value: '0' } });
    await screen.findByLabelText('Column A is');
    fireEvent.change(await header(), { target: { value: '2' } });
    expect((await screen.findByLabelText<HTMLSelectElement>('Column SKU is')).value).toBe('sku');
    await screen.findByText('Ready to import');
  });

  test('U561 one sentence says that no column holds names, and one that a price is taken for the cost', async () => {
    show();
    choose('SKU,Price\nA,2.50\nB,3.50\n');
    await screen.findByText('No column holds names: items will be shown by their SKU alone.');
    expect(screen.getByText(/“Price” is taken for the cost/)).toBeDefined();
    expect(screen.getByText('No problems found.')).toBeDefined();
    fireEvent.change(screen.getByLabelText('Column Price is'), { target: { value: '' } });
    await waitFor(() => expect(screen.queryByText(/“Price” is taken for the cost/)).toBeNull());
  });

  test('U562 guessed letters are shown with two rows, and another encoding can be chosen', async () => {
    show();
    const bytes = Uint8Array.from(
      'sku;name\nA;P\u00e2te\nB;Cr\u00e8me\nC;x\n'.split('').map((letter) => letter.charCodeAt(0)),
    );
    fireEvent.change(screen.getByTestId('import-file'), { target: { files: [new File([bytes], 'list.csv')] } });
    await screen.findByText(/does not say how its letters are written/);
    const letters = await screen.findByLabelText<HTMLSelectElement>('Letters');
    expect(letters.value).toBe('windows-1252');
    expect(screen.getByText(/Row 2: P\u00e2te/).textContent).toContain('Row 3: Cr\u00e8me');
    fireEvent.change(letters, { target: { value: 'windows-1251' } });
    await screen.findByText(/Row 2: P\u0432te/);
    expect(screen.queryByText(/does not say how its letters are written/)).toBeNull();
    expect(screen.getAllByRole('option', { name: /1250|1251|Shift-JIS|GBK/ })).toHaveLength(4);
  });

  test('U562 letters that were saved wrongly are doubted, right ones are not', async () => {
    show();
    choose('sku,name\nA,PÃ¢te\n');
    await screen.findByText(/look as if the file had been saved wrongly/);
    fireEvent.click(screen.getByRole('button', { name: /Cancel/ }));
    choose('sku,name\nA,Pâte à l’eau – “São Tomé” ÂME ÃO\n');
    await screen.findByText('Ready to import');
    expect(screen.queryByText(/look as if the file had been saved wrongly/)).toBeNull();
  });

  test('U563 the decimal mark is shown with two rows and can be chosen', async () => {
    show();
    choose('sku;name;cost\nA;a;1.507\nB;b;12.000\n');
    const mark = await screen.findByLabelText<HTMLSelectElement>('In prices, the decimals come after');
    expect(screen.getByText(/Row 2: 1.507 is open/)).toBeDefined();
    fireEvent.change(mark, { target: { value: ',' } });
    expect((await screen.findByText(/Row 2: 1.507 is 1507/)).textContent).toContain('Row 3: 12.000 is 12000');
  });

  test('I573 zeros put back once are put back in the next file with these columns, rows are never left out unasked', async () => {
    const { sealed } = show();
    choose('code,name,remark\n651511016,Celery,\n3017620422003,Nut,\n,Jug,\n');
    fireEvent.click(await screen.findByLabelText(/Put back the lost zeros of 1 code/));
    fireEvent.click(await screen.findByLabelText(/Leave out 1 stopped row/));
    await screen.findByText('Ready to import');
    fireEvent.click(importButton());
    await screen.findByTestId('import-done');
    expect(sealed[0]).toContain('000651511016');
    fireEvent.click(screen.getByText('Import another file'));
    choose('Code,Name,Remark\n651511016,Celery,\n3017620422003,Nut,\n,Jug,\n', 'next.csv');
    expect((await screen.findByLabelText<HTMLInputElement>(/Put back the lost zeros/)).checked).toBe(true);
    expect(screen.getByLabelText<HTMLInputElement>(/Leave out 1 stopped row/).checked).toBe(false);
  });

  test('I573 Esc ends the reading of a file', async () => {
    show(() => new Promise(() => {}));
    choose('sku,name\nA,a\n');
    await screen.findByText(/Reading list.csv/);
    fireEvent.keyDown(window, { key: 'Escape' });
    expect(await screen.findByText('Choose a file', { selector: 'button' })).toBeDefined();
  });
});

describe('mending a file where it is looked at', () => {
  const list = () => screen.findByRole('grid', { name: 'Problems' });
  /** Rows of the list, its head not counted. */
  const rowCount = () => Number(screen.queryByRole('grid')?.getAttribute('aria-rowcount')) - 1;
  const cell = (name: string | RegExp) => screen.findByLabelText<HTMLInputElement>(name, { selector: 'input' });
  const type = (input: HTMLInputElement, text: string): void => {
    fireEvent.input(input, { target: { value: text } });
  };

  test('U565 a row with a problem shows its cells; one is changed there, and Enter looks at the file again', async () => {
    const { sealed } = show();
    choose('sku,barcode,name\nA,2.02E+11,Blue cup\n,,Jug\nB,4006381333931,Tea\n');
    await screen.findByText(/Rows are stopped/);
    fireEvent.keyDown(await list(), { key: 'ArrowDown' });
    fireEvent.keyDown(await list(), { key: 'Enter' });
    const code = await cell('barcode');
    await waitFor(() => expect(document.activeElement).toBe(code));
    expect([code.value, (await cell('sku')).value, (await cell('name')).value]).toEqual(['2.02E+11', 'A', 'Blue cup']);
    expect(code.getAttribute('aria-invalid')).toBe('true');
    const before = rowCount();
    type(code, '5000112637922');
    fireEvent.keyDown(code, { key: 'Enter' });
    await waitFor(() => expect(rowCount()).toBe(before - 1));
    // The keyboard is back in the list, at what moved up into that place.
    expect(document.activeElement).toBe(await list());
    fireEvent.keyDown(await list(), { key: 'Enter' });
    const sku = await cell('sku');
    expect(sku.value).toBe('');
    type(sku, 'C');
    fireEvent.keyDown(sku, { key: 'Enter' });
    await screen.findByText('Ready to import');
    expect(screen.getByText(/2 cells are changed here; the file itself stays as it is/)).toBeDefined();
    fireEvent.click(importButton());
    await screen.findByTestId('import-done');
    expect(sealed[0]).toContain('5000112637922');
    expect(sealed[0]?.match(/"sku":"[^"]*"/g)).toEqual(['"sku":"A"', '"sku":"C"', '"sku":"B"']);
  });

  test('U566 what is typed and not looked at holds the import back; Esc leaves the cell and not the import', async () => {
    show();
    choose('sku,name,cost\nA,Blue cup,x\nB,Tea,2\n');
    await screen.findByText('Ready to import');
    fireEvent.keyDown(await list(), { key: 'ArrowDown' });
    fireEvent.keyDown(await list(), { key: 'Enter' });
    const cost = await cell('cost');
    await waitFor(() => expect(document.activeElement).toBe(cost));
    type(cost, '1.50');
    expect(importButton().disabled).toBe(true);
    await screen.findByText(/Press Enter to check what you typed/);
    fireEvent.keyDown(cost, { key: 'Escape' });
    await screen.findByText('Ready to import');
    expect([cost.value, rowCount()]).toEqual(['x', 1]);
    expect(document.activeElement).toBe(await list());
  });

  test('U567 the cells of the file are taken again at once, and another way of reading it forgets them', async () => {
    show();
    choose('sku,name,cost\nA,Blue cup,x\n');
    await screen.findByText('Ready to import');
    const mend = async (): Promise<void> => {
      fireEvent.keyDown(await list(), { key: 'ArrowDown' });
      const cost = await cell('cost');
      type(cost, '1.50');
      fireEvent.blur(cost);
      await screen.findByText('No problems found.');
    };
    await mend();
    fireEvent.click(screen.getByRole('button', { name: 'Take the file’s cells again' }));
    await waitFor(() => expect(rowCount()).toBe(1));
    await mend();
    fireEvent.change(screen.getByLabelText('Letters'), { target: { value: 'windows-1252' } });
    await waitFor(() => expect(rowCount()).toBe(1));
    expect(screen.queryByText(/changed here/)).toBeNull();
  });

  test('U568 the list of problems is saved whole as a file, and no spreadsheet runs a cell of it', async () => {
    const { saved } = show();
    choose('sku,name,cost\nA,Blue cup,=1+1\nB,Tea,@x\nC,Jug,"x;=y"\n', 'stock list.csv');
    fireEvent.click(await screen.findByRole('button', { name: 'Save this list' }));
    await screen.findByText('Saved.');
    expect(saved[0]?.suggestedName).toBe('stock-list-Problems.csv');
    const lines = saved[0]?.text.split('\r\n') ?? [];
    expect(lines[0]).toBe('\uFEFFRow,Column,Effect,What is wrong,In the file,Probably');
    expect(lines.slice(1)).toEqual([
      `2,cost,Look,This is not a price. The item has no cost.,'=1+1,`,
      `3,cost,Look,This is not a price. The item has no cost.,'@x,`,
      `4,cost,Look,This is not a price. The item has no cost.,"x;'=y",`,
      '',
    ]);
  });

  test('U569 every column of a wide file is in one list, by its head and its first cells', async () => {
    show();
    const heads = Array.from({ length: 40 }, (_, at) => `Head ${at + 1}`);
    choose(`sku,name,${heads.join(',')}\nA,Cup,${heads.map((_, at) => `v${at + 1}`).join(',')}\n`);
    await screen.findByLabelText('Column sku is');
    const columns = screen.getByRole('region', { name: 'What the columns are' });
    expect(columns.querySelectorAll('li')).toHaveLength(42);
    fireEvent.change(screen.getByLabelText('Column Head 40 is'), { target: { value: 'brand' } });
    await waitFor(() => expect(screen.getByLabelText<HTMLSelectElement>('Column Head 40 is').value).toBe('brand'));
    expect(columns.querySelector('li:last-child')?.textContent).toContain('v40');
  });

  test('U570 no sentence of the import trails off, in any language', () => {
    const texts: string[] = [];
    const walk = (value: unknown): void => {
      if (typeof value === 'string') texts.push(value);
      else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
    };
    for (const language of Object.keys(allTexts())) walk(allTexts()[language]?.['catalogue']);
    expect(texts.length).toBeGreaterThan(400);
    expect(texts.filter((text) => /…\s*(\{\{\w+\}\})?$/.test(text))).toEqual([]);
  });
});

describe('the items screen', () => {
  const catalogue = createCatalogue(
    [
      {
        sku: 'CUP',
        name: 'Blue cup',
        barcodes: [{ code: '4006381333931' }],
        unit: 'pcs',
        precision: 0,
        tracking: 'none',
      },
    ],
    [],
  );

  test('I104 typing searches, and what is not there is said', async () => {
    render(<ItemsScreen catalogue={catalogue} mayImport={false} onImport={() => {}} onShow={() => {}} />);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'jug' } });
    await screen.findByText(/No item has “jug”/);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'cup' } });
    expect((await screen.findByText('1 item found')).getAttribute('role')).toBe('status');
  });

  test('U580 a code is taken away and an item taken out of use by hand, by whoever may', async () => {
    const said: CatalogueFact[] = [];
    const page = (item: Item, may: boolean) => (
      <ItemDetail
        item={item}
        bookOf={undefined}
        onSay={may ? (fact) => said.push(fact) : undefined}
        onClose={() => {}}
      />
    );
    const cup = itemOf(catalogue.items(), 'CUP');
    const { rerender } = render(page(cup, true));
    fireEvent.click(screen.getByRole('button', { name: 'Take away 4006381333931' }));
    expect(said).toEqual([]);
    fireEvent.click(screen.getByText('Take away', { selector: 'dialog button' }));
    fireEvent.click(screen.getByText('Take out of use'));
    expect(said).toEqual([
      { kind: 'barcode_retired', item: 'CUP', code: '4006381333931' },
      { kind: 'item_retired', item: 'CUP', retired: true },
    ]);
    const after = itemOf(createCatalogue(catalogue.items(), [], said).items(), 'CUP');
    expect(after.barcodes).toEqual([]);
    rerender(page(after, true));
    fireEvent.click(screen.getByText('Put back in use'));
    expect(said[2]).toEqual({ kind: 'item_retired', item: 'CUP', retired: false });
    rerender(page(after, false));
    expect(screen.queryByText('Put back in use')).toBeNull();
  });

  test('I105 without items the one thing to do is import, for whoever may', () => {
    const { rerender } = render(
      <ItemsScreen catalogue={createCatalogue([], [])} mayImport onImport={() => {}} onShow={() => {}} />,
    );
    expect(screen.getByRole('button', { name: /Import/ })).toBeDefined();
    rerender(
      <ItemsScreen
        catalogue={createCatalogue([], [])}
        mayImport={false}
        bookOf={() => err({ code: 'hidden' })}
        onImport={() => {}}
        onShow={() => {}}
      />,
    );
    expect(screen.queryByRole('button', { name: /Import/ })).toBeNull();
  });
});
