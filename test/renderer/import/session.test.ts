import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NO_CHOICES } from '../../../shared/domain/import/choices.ts';
import type { ImportKind } from '../../../shared/domain/import/fields.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import { commitCatalogue, commitStock, type CommitHost } from '../../../renderer/import/commit-import.ts';
import { createImporter } from '../../../renderer/import/importer.ts';
import type { FromWorker, WorkerPort } from '../../../renderer/import/import-messages.ts';
import { openSession, type ImportSession, type Known } from '../../../renderer/import/import-session.ts';

const NOTHING: Known = { items: [], bins: [], openings: new Set(), said: [] };

/** A worker in the same thread: the same importer, messages copied as between threads. */
function localWorker(): WorkerPort & { fail(): void } {
  let hear: (message: FromWorker) => void = () => {};
  let failed: () => void = () => {};
  let alive = true;
  const importer = createImporter((message) => {
    if (alive) hear(structuredClone(message));
  });
  let turn = Promise.resolve();
  return {
    postMessage(message) {
      const copy = structuredClone(message);
      turn = turn.then(() => (alive ? importer(copy) : undefined));
    },
    onMessage: (listener) => void (hear = listener),
    onFailure: (listener) => void (failed = listener),
    terminate: () => void (alive = false),
    fail: () => failed(),
  };
}

async function open(
  what: ImportKind,
  text: string | Uint8Array<ArrayBuffer>,
  known = NOTHING,
  worker = localWorker(),
): Promise<ImportSession> {
  const session = await openSession(worker, {
    what,
    file: new Blob([text]),
    name: 'list.csv',
    options: {},
    remembered: [],
    known,
  });
  if (!session.ok) throw new Error(session.error.code);
  return session.value;
}

/** The host's catalogue files, in memory. */
function memoryHost(fullAfter = Number.POSITIVE_INFINITY): {
  host: CommitHost;
  sealed: string[];
  open: Map<string, string>;
} {
  const files = new Map<string, string>();
  const sealed: string[] = [];
  const host: CommitHost = {
    beginCatalogueFile: async () => {
      files.set('f1', '');
      return ok({ file: 'f1' });
    },
    appendCatalogueRows: async ({ file, lines }) => {
      const text = (files.get(file) ?? '') + lines;
      if (text.length > fullAfter) return err({ code: 'disk_full' });
      files.set(file, text);
      return ok({});
    },
    sealCatalogueFile: async ({ file }) => {
      const text = files.get(file) ?? '';
      files.delete(file);
      sealed.push(text);
      return ok({ sha256: 'a'.repeat(64), rows: text.split('\n').length - 1 });
    },
    discardCatalogueFile: async ({ file }) => {
      files.delete(file);
      return ok({});
    },
  };
  return { host, sealed, open: files };
}

function memoryLedger(refuseAfter = Number.POSITIVE_INFINITY) {
  const facts: Fact[] = [];
  const calls: number[] = [];
  return {
    facts,
    calls,
    appendFacts: async (more: readonly Fact[]) => {
      if (facts.length + more.length > refuseAfter) return err({ code: 'journal_failed' as const, detail: 'test' });
      calls.push(more.length);
      facts.push(...more);
      return ok([]);
    },
  };
}

describe('an import through its worker', () => {
  test("I90 a whole catalogue: preview, conversion with progress, rows in the host's file, one entry in the ledger", async () => {
    const bytes = new Uint8Array(
      readFileSync(new URL('../../fixtures/catalogue/products-datakick.csv', import.meta.url)),
    );
    const session = await open('items', bytes);
    expect(session.table).toMatchObject({
      rowCount: 6562,
      columns: ['barcode', 'name', 'brand', 'category', 'pack'],
      guess: { headerRow: 1 },
    });
    expect(session.table.sample).toHaveLength(30);
    const seen: number[] = [];
    const converted = await session.convert(session.table.guess, NO_CHOICES, [], (done) => seen.push(done));
    expect(converted).toMatchObject({
      ok: true,
      value: { state: 'ready', counts: { added: 6561 }, problems: [{ code: 'code_letter_for_digit' }] },
    });
    expect(seen.length).toBeGreaterThan(0);
    const { host, sealed, open: files } = memoryHost();
    const ledger = memoryLedger();
    const rows: number[] = [];
    const done = await commitCatalogue({
      host,
      appendFacts: ledger.appendFacts,
      what: 'items',
      source: 'list.csv',
      pages: session.pages(),
      onProgress: (count) => rows.push(count),
    });
    expect(done).toEqual(ok({ rows: 6561 }));
    expect(rows).toEqual([5000, 6561]);
    expect(files.size).toBe(0);
    expect(sealed[0]?.split('\n')).toHaveLength(6562);
    expect(ledger.facts).toEqual([
      { kind: 'catalogue_imported', what: 'items', sha256: 'a'.repeat(64), rows: 6561, source: 'list.csv' },
    ]);
    session.cancel();
  });

  test('I91 cancelled, out of space or refused: no entry, no file left behind', async () => {
    const session = await open('items', 'sku,name\nA,a\nB,b\n');
    await session.convert(session.table.guess, NO_CHOICES, []);
    const ledger = memoryLedger();
    const full = memoryHost(10);
    expect(
      await commitCatalogue({
        host: full.host,
        appendFacts: ledger.appendFacts,
        what: 'items',
        source: 'x',
        pages: session.pages(),
      }),
    ).toEqual(err({ code: 'disk_full' }));
    expect(full.open.size).toBe(0);
    const aborted = memoryHost();
    expect(
      await commitCatalogue({
        host: aborted.host,
        appendFacts: ledger.appendFacts,
        what: 'items',
        source: 'x',
        pages: session.pages(),
        signal: AbortSignal.abort(),
      }),
    ).toEqual(err({ code: 'cancelled' }));
    const ended = memoryHost();
    session.cancel();
    expect(
      await commitCatalogue({
        host: ended.host,
        appendFacts: ledger.appendFacts,
        what: 'items',
        source: 'x',
        pages: session.pages(),
      }),
    ).toEqual(err({ code: 'cancelled' }));
    expect([aborted.open.size, ended.open.size, aborted.sealed.length, ended.sealed.length]).toEqual([0, 0, 0, 0]);
    expect(ledger.facts).toEqual([]);
  });

  test('I92 a blocked import, and one with nothing new, write nothing: an empty list never replaces a full one', async () => {
    for (const text of ['sku,name\nA,a\n,b\n', 'sku,name\nA,a\n']) {
      const known = {
        ...NOTHING,
        items: [{ sku: 'A', name: 'a', barcodes: [], unit: 'pcs', precision: 0, tracking: 'none' as const }],
      };
      const session = await open('items', text, known);
      const converted = await session.convert(session.table.guess, NO_CHOICES, []);
      expect(converted).toMatchObject({ ok: true, value: { state: text.includes(',b') ? 'blocked' : 'nothing' } });
      const { host, sealed, open: files } = memoryHost();
      const ledger = memoryLedger();
      expect(
        await commitCatalogue({
          host,
          appendFacts: ledger.appendFacts,
          what: 'items',
          source: 'x',
          pages: session.pages(),
        }),
      ).toEqual(ok({ rows: 0 }));
      expect([sealed, files.size, ledger.facts]).toEqual([[], 0, []]);
      session.cancel();
    }
  });

  test('I93 opening stock goes in by pages of at most 2,000; what was in when it stopped is said', async () => {
    const item = { sku: 'A', name: 'a', barcodes: [], unit: 'pcs', precision: 0, tracking: 'none' as const };
    const bins = Array.from({ length: 5000 }, (_, at) => ({
      code: `B${at}`,
      label: `B${at}`,
      site: '',
      zone: '',
      walk: at,
    }));
    const text = `item,bin,quantity\n${bins.map((bin) => `A,${bin.code},3`).join('\n')}\n`;
    const session = await open('stock', text, { items: [item], bins, openings: new Set(), said: [] });
    await session.convert(session.table.guess, NO_CHOICES, []);
    const ledger = memoryLedger();
    expect(await commitStock({ appendFacts: ledger.appendFacts, pages: session.pages() })).toEqual(ok({ rows: 5000 }));
    expect(ledger.calls).toEqual([2000, 2000, 1000]);
    const failing = memoryLedger(2500);
    expect(await commitStock({ appendFacts: failing.appendFacts, pages: session.pages() })).toEqual(
      err({ rows: 2000, cause: { code: 'journal_failed', detail: 'test' } }),
    );
    session.cancel();
  });

  test('I94 a worker that fails, or is cancelled, answers every open question', async () => {
    const worker = localWorker();
    const session = await open('items', 'sku,name\nA,a\n', NOTHING, worker);
    const asked = session.convert(session.table.guess, NO_CHOICES, []);
    worker.fail();
    expect(await asked).toEqual(err({ code: 'worker_failed' }));
    const other = await open('items', 'sku,name\nA,a\n');
    const waiting = other.convert(other.table.guess, NO_CHOICES, []);
    other.cancel();
    expect(await waiting).toEqual(err({ code: 'cancelled' }));
    expect(await other.convert(other.table.guess, NO_CHOICES, [])).toEqual(err({ code: 'cancelled' }));
    const refused = await openSession(localWorker(), {
      what: 'items',
      file: new Blob(['']),
      name: 'x',
      options: {},
      remembered: [],
      known: NOTHING,
    });
    expect(refused).toEqual(err({ code: 'file_empty' }));
  });
});
