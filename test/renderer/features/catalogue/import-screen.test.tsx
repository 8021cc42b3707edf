// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import type { Fact } from '../../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../../shared/domain/result.ts';
import { ImportScreen } from '../../../../renderer/features/catalogue/import-screen.tsx';
import { ItemsScreen } from '../../../../renderer/features/catalogue/items-screen.tsx';
import { createImportDesk } from '../../../../renderer/import/import-desk.ts';
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
  const desk = createImportDesk((message) => hear(message));
  let turn = Promise.resolve();
  return {
    postMessage: (message) => void (turn = turn.then(() => desk(message))),
    onMessage: (listener) => void (hear = listener),
    onFailure: () => {},
    terminate: () => void (hear = () => {}),
  };
}

function show(): { facts: Fact[]; sealed: string[] } {
  const facts: Fact[] = [];
  const sealed: string[] = [];
  let text = '';
  render(
    <ImportScreen
      first="items"
      onLeave={() => {}}
      open={(input) => openSession(localWorker(), input)}
      known={() => ({ items: [], bins: [], openings: new Set() })}
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
      }}
    />,
  );
  return { facts, sealed };
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
    fireEvent.click(await screen.findByLabelText('The first row holds the column names'));
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
    render(<ItemsScreen catalogue={catalogue} mayImport={false} onImport={() => {}} />);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'jug' } });
    await screen.findByText(/No item has “jug”/);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'cup' } });
    expect((await screen.findByText('1 item found')).getAttribute('role')).toBe('status');
  });

  test('I105 without items the one thing to do is import, for whoever may', () => {
    const { rerender } = render(<ItemsScreen catalogue={createCatalogue([], [])} mayImport onImport={() => {}} />);
    expect(screen.getByRole('button', { name: /Import/ })).toBeDefined();
    rerender(
      <ItemsScreen
        catalogue={createCatalogue([], [])}
        mayImport={false}
        bookOf={() => err({ code: 'hidden' })}
        onImport={() => {}}
      />,
    );
    expect(screen.queryByRole('button', { name: /Import/ })).toBeNull();
  });
});

test('I106 both languages have the same texts', () => {
  const keys = (language: string): readonly string[] => {
    const flat: string[] = [];
    const walk = (value: unknown, path: string): void => {
      if (typeof value !== 'object' || value === null) flat.push(path);
      else for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
    };
    walk(allTexts()[language]?.['catalogue'], '');
    return flat;
  };
  expect(keys('en').length).toBeGreaterThan(200);
  expect(keys('de')).toEqual(keys('en'));
});
