import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { frozenRequestSchema } from '../../../../shared/domain/ledger-entry.ts';
import { listFileJobs, listFileRows, readFileJob } from '../../../../shared/remotes/shiphero/files.ts';
import { fileGroup, freezeFile } from '../../../../shared/remotes/shiphero/freeze-file.ts';
import { placeId } from '../../../../shared/remotes/shiphero/place-id.ts';
import { shiphero } from '../../../../shared/remotes/shiphero/shiphero.ts';
import {
  abortSnapshot,
  downloadSnapshot,
  generateSnapshot,
  listSnapshots,
  readFigures,
  readSnapshot,
} from '../../../../shared/remotes/shiphero/snapshots.ts';
import { answering, BIN, line, MAIN, NOW, OTHER_BIN, OTHER_PLACE, PLACE, start, type Stand } from './stand.ts';

const URL_OF_FILE = 'https://files.example.com/unguessable.csv';

/** Puts a file where the vendor finds it and sends the vendor for it. */
async function send(stand: Stand, request = freezeFile([line('tb-1', '8', { from: '12' })])): Promise<string> {
  stand.files.set(URL_OF_FILE, request.body);
  const started = await stand.remote.startFile?.(request, URL_OF_FILE);
  if (started?.ok !== true) throw new Error('not started');
  return started.value.job;
}

describe('ShipHero connector: files', () => {
  test('R342 a file holds absolute figures, every row a location by its name, and reads back cell for cell', () => {
    const cell = fc
      .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
      .filter((text) => !/[\0\uFEFF]/.test(text));
    const row = fc.record({
      sku: cell,
      name: cell,
      from: fc.integer({ min: 0, max: 1e6 }),
      more: fc.integer({ min: 1, max: 1e6 }),
      reason: cell,
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const file = freezeFile(
          rows.map(({ sku, name, from, more, reason }, at) =>
            line(`tb-${at}`, String(more), {
              remoteItem: sku,
              remoteLocation: placeId({ warehouse: MAIN, location: `L${at}`, name }) ?? '',
              from: String(from),
              reason,
            }),
          ),
        );
        const read = Papa.parse<string[]>(file.body, { newline: '\r\n' }).data;
        expect(read[0]).toEqual(['sku', 'quantity', 'action', 'reason', 'location']);
        expect(read.slice(1, -1).map(([sku, quantity, action, , name]) => [sku, quantity, action, name])).toEqual(
          rows.map(({ sku, name, from, more }) => [sku, String(from + more), 'replace', name]),
        );
        for (const [at, cells] of read.slice(1, -1).entries()) {
          expect(cells[3]?.endsWith(`tb-${at}`)).toBe(true);
          expect(cells[3]).not.toMatch(/^[=+\-@\t\r]/);
        }
      }),
    );
  });

  test('R343 SKUs and names are never altered, whatever a spreadsheet would make of them; a reason is', () => {
    const at = placeId({ warehouse: MAIN, location: 'L', name: '@A "1", B' }) ?? '';
    const file = freezeFile([
      line('tb-1', '7', { change: 'count', remoteItem: '=1+1', remoteLocation: at, reason: '=HYPERLINK("x")' }),
    ]);
    expect(file.body).toBe(
      'sku,quantity,action,reason,location\r\n=1+1,7,replace,"\'=HYPERLINK(""x"") tb-1","@A ""1"", B"\r\n',
    );
    expect(frozenRequestSchema.parse(file)).toEqual(file);
    expect(file).toMatchObject({ delivery: 'file', lines: [{ ref: 'tb-1' }] });
    const same = [line('tb-1', '7', { change: 'count' })];
    expect(freezeFile(same)).toEqual(freezeFile(same));
    const ids = [
      same,
      [line('tb-2', '7', { change: 'count' })],
      [line('tb-1', '7', { change: 'count', occurredAt: '2026-03-01T00:00:00.000Z' })],
    ];
    expect(new Set(ids.map((lines) => freezeFile(lines).id)).size).toBe(3);
  });

  test('R344 what no file can hold cannot be frozen, and lines of one warehouse go together', () => {
    const elsewhere = placeId({ warehouse: 'W2', location: 'L', name: 'X' }) ?? '';
    const bad = [
      [],
      Array.from({ length: 3001 }, (_, at) => line(`tb-${at}`, '1', { change: 'count' })),
      [line('a', '1', { change: 'count' }), line('b', '1', { change: 'count', remoteLocation: elsewhere })],
      [line('a', '1')],
      [line('a', '-5', { from: '4' })],
      [line('a', '0.5', { change: 'count' })],
      [
        line('a', '1', {
          change: 'count',
          remoteLocation: placeId({ warehouse: MAIN, location: 'L', name: '' }) ?? '',
        }),
      ],
    ];
    for (const lines of bad) expect(() => freezeFile(lines)).toThrow('freezeFile');
    expect([PLACE, OTHER_PLACE, elsewhere].map(fileGroup)).toEqual([MAIN, MAIN, 'W2']);
    expect(shiphero.maxLinesPerFile).toBe(3000);
  });

  test('R345 a file is fetched, done row by row, and its end tells what arrived and what was refused, and why', async () => {
    const stand = start();
    const request = freezeFile([
      line('tb-1', '8', { from: '12' }),
      line('tb-2', '9', { change: 'count', remoteItem: 'NONE' }),
      line('tb-3', '4', { change: 'count', remoteLocation: OTHER_PLACE }),
    ]);
    const job = await send(stand, request);
    expect(await stand.remote.followFile?.(request, job)).toEqual({
      ok: true,
      value: { done: false, finished: 0, total: 3, arrived: [], refused: [] },
    });
    stand.sandbox.control.advance(1000);
    expect(await stand.remote.followFile?.(request, job)).toEqual({
      ok: true,
      value: {
        done: true,
        finished: 3,
        total: 3,
        arrived: ['tb-1', 'tb-3'],
        refused: [{ ref: 'tb-2', detail: 'sku NONE does not exist in this warehouse' }],
      },
    });
    expect([stand.sandbox.control.quantity('TEA', BIN), stand.sandbox.control.quantity('TEA', OTHER_BIN)]).toEqual([
      20, 4,
    ]);
    expect(stand.sandbox.control.changes().map((change) => change.reason)).toEqual([
      'Stock count tb-1',
      'Stock count tb-3',
    ]);
    expect(await readFileJob(stand.account, job)).toMatchObject({
      value: { status: 'error', error: 'error in 1 out of 3 rows' },
    });
    expect(await listFileRows(stand.account, { job, status: 'error' })).toMatchObject({
      value: { rows: [{ row: 2 }] },
    });
    expect(await listFileJobs(stand.account, { warehouse: MAIN, status: 'error' })).toMatchObject({
      value: { jobs: [{ id: job }] },
    });
    expect(await listFileJobs(stand.account, { status: 'success' })).toMatchObject({ value: { jobs: [] } });
  });

  test('R346 a job that is stopped midway has ended when nothing moves any more; what was done stays done', async () => {
    for (const aborted of ['aborted', 'CANCELLED_BY_USER']) {
      const stand = start({}, { syncRowsPerStep: 2, syncWords: { waiting: 'W', running: 'R', aborted } });
      const request = freezeFile(
        [PLACE, OTHER_PLACE].flatMap((remoteLocation, at) =>
          ['TEA', 'CUP'].map((remoteItem) =>
            line(`tb-${at}${remoteItem}`, '99', { change: 'count', remoteItem, remoteLocation }),
          ),
        ),
      );
      const job = await send(stand, request);
      stand.sandbox.control.advance(1000);
      expect(await stand.remote.followFile?.(request, job)).toMatchObject({
        value: { done: false, finished: 2, total: 4 },
      });
      expect(await stand.remote.abortFile?.(job)).toEqual({ ok: true, value: null });
      expect(await stand.remote.followFile?.(request, job)).toMatchObject({ value: { done: false, finished: 2 } });
      stand.sandbox.control.advance(60_000);
      expect(await stand.remote.followFile?.(request, job)).toEqual({
        ok: true,
        value: { done: true, finished: 2, total: 4, arrived: ['tb-0TEA', 'tb-0CUP'], refused: [] },
      });
      expect([stand.sandbox.control.quantity('CUP', BIN), stand.sandbox.control.quantity('CUP', OTHER_BIN)]).toEqual([
        99,
        undefined,
      ]);
    }
  });

  test('R347 a state of an unknown name is not the end, until all is done or a day has passed', async () => {
    const request = freezeFile([line('tb-1', '1', { change: 'count' })]);
    const sync = { id: 'J', total_count: 1, finished_count: 0, status: 'something new', created_at: NOW };
    const rows = {
      inventory_sync_items_status: { data: { edges: [{ node: { row: 1, sku: 'TEA', status: 'success' } }] } },
    };
    const follow = (more: object) =>
      answering(200, { data: { inventory_sync_status: { data: { ...sync, ...more } }, ...rows } }).remote.followFile?.(
        request,
        'J',
      );
    expect(await follow({})).toMatchObject({ value: { done: false, arrived: [] } });
    expect(await follow({ finished_count: 1 })).toMatchObject({ value: { done: true, arrived: ['tb-1'] } });
    expect(await follow({ created_at: '2026-03-01T10:00:00+00:00' })).toMatchObject({
      value: { done: true, arrived: ['tb-1'] },
    });
    expect(await follow({ status: 'success', finished_count: 2, total_count: 2 })).toMatchObject({
      value: { done: false },
    });
    const slow = answering(200, {
      data: {
        inventory_sync_status: { data: { ...sync, status: 'error', finished_count: 1, total_count: 2 } },
        ...rows,
      },
    });
    expect(await slow.remote.followFile?.(request, 'J')).toMatchObject({ value: { done: false } });
    expect(await slow.remote.followFile?.(request, 'J')).toMatchObject({ value: { done: true, arrived: ['tb-1'] } });
    const foreign = {
      inventory_sync_items_status: { data: { edges: [{ node: { row: 1, sku: 'CUP', status: 'success' } }] } },
    };
    const other = answering(200, {
      data: { inventory_sync_status: { data: { ...sync, status: 'success', finished_count: 1 } }, ...foreign },
    });
    expect(await other.remote.followFile?.(request, 'J')).toMatchObject({ error: { code: 'bad_answer' } });
  });

  test('R348 a file that cannot be had, or is none, ends in error and nothing arrived', async () => {
    const stand = start();
    const request = freezeFile([line('tb-1', '8', { change: 'count' })]);
    for (const text of [undefined, 'sku;quantity\r\nTEA;8\r\n']) {
      if (text === undefined) stand.files.delete(URL_OF_FILE);
      else stand.files.set(URL_OF_FILE, text);
      const started = await stand.remote.startFile?.(request, URL_OF_FILE);
      const job = started?.ok === true ? started.value.job : '';
      expect(await stand.remote.followFile?.(request, job)).toMatchObject({
        value: { done: true, arrived: [], refused: [] },
      });
    }
    expect(await stand.remote.startFile?.(request, 'ftp://x')).toMatchObject({ error: { code: 'rejected' } });
    expect(stand.sandbox.control.quantity('TEA', BIN)).toBe(12);
  });

  test('R349 when the answer to the start is lost, the job is found by its address, or the outcome is open', async () => {
    const stand = start();
    const request = freezeFile([line('tb-1', '8', { change: 'count' })]);
    stand.files.set(URL_OF_FILE, request.body);
    stand.sandbox.control.fault({ kind: 'applyThenDrop' });
    const found = await stand.remote.startFile?.(request, URL_OF_FILE);
    expect(found).toMatchObject({ ok: true });
    stand.sandbox.control.advance(3_600_000);
    stand.sandbox.control.fault({ kind: 'drop' });
    expect(await stand.remote.startFile?.(request, URL_OF_FILE)).toMatchObject({ error: { code: 'unknown_outcome' } });
    expect(await listFileJobs(stand.account, {})).toMatchObject({ value: { jobs: [expect.anything()] } });
  });

  test('R350 the rows of a long job are read once, though credits run out on the way', async () => {
    const products = Array.from({ length: 1500 }, (_, at) => ({ sku: `S${at}` }));
    const stand = start({ products, credits: { max: 1001, perSecond: 15 } }, { syncRowsPerStep: 5000 });
    const request = freezeFile(
      products.map(({ sku }, at) => line(`tb-${at}`, '3', { change: 'count', remoteItem: sku })),
    );
    const job = await send(stand, request);
    stand.sandbox.control.advance(1000);
    let looks = 0;
    for (; looks < 20; looks += 1) {
      const progress = await stand.remote.followFile?.(request, job);
      if (progress?.ok === true) {
        expect(progress.value).toMatchObject({ done: true, finished: 1500 });
        expect(progress.value.arrived).toHaveLength(1500);
        break;
      }
      expect(progress).toMatchObject({ error: { code: 'rate_limited' } });
      stand.sandbox.control.advance(progress?.error.code === 'rate_limited' ? (progress.error.retryAfterMs ?? 0) : 0);
    }
    expect(looks).toBeGreaterThan(0);
    const asked = stand.sandbox.control.log().filter((one) => one.body.includes('inventory_sync_items_status'));
    expect(asked.filter((one) => !one.answer.includes('"code":30'))).toHaveLength(15);
  });
});

describe('ShipHero connector: snapshots', () => {
  test.each(['maps', 'lists'])(
    'R351 a snapshot is made, listed, fetched without a token, and gone after a day: %s',
    async (snapshotShape) => {
      const { account, sandbox } = start({}, { snapshotShape });
      const made = await generateSnapshot(account, {
        warehouse: MAIN,
        hasInventory: true,
        updatedFrom: '2026-01-01T00:00:00Z',
      });
      const id = made.ok ? made.value.snapshot_id : '';
      expect(made).toMatchObject({ value: { status: 'enqueued', snapshot_url: null } });
      if (made.ok)
        expect(await downloadSnapshot(account, made.value)).toMatchObject({ error: { code: 'unavailable' } });
      sandbox.control.advance(5000);
      const ready = await readSnapshot(account, id);
      if (!ready.ok) throw new Error(ready.error.detail);
      expect(await listSnapshots(account, { warehouse: MAIN, status: 'success' })).toMatchObject({
        value: { snapshots: [{ snapshot_id: id }] },
      });
      expect(await downloadSnapshot(account, ready.value)).toEqual({
        ok: true,
        value: [
          { sku: 'TEA', warehouse: MAIN, location: BIN, quantity: 12 },
          { sku: 'TEA', warehouse: MAIN, location: OTHER_BIN, quantity: 5 },
          { sku: 'CUP', warehouse: MAIN, location: BIN, quantity: 30 },
        ],
      });
      expect(sandbox.control.log().at(-1)).toMatchObject({ method: 'GET', status: 200 });
      expect(sandbox.control.log().at(-1)?.headers['authorization']).toBeUndefined();
      sandbox.control.advance(86_400_000);
      expect(await downloadSnapshot(account, ready.value)).toMatchObject({ error: { code: 'cursor_expired' } });
      const young = { ...ready.value, created_at: sandbox.control.now() };
      expect(await downloadSnapshot(account, young)).toMatchObject({ error: { code: 'unavailable' } });
    },
  );

  test('R352 a snapshot can be stopped while it is made, and a file elsewhere is not fetched', async () => {
    const { account, sandbox } = start();
    const made = await generateSnapshot(account, { warehouse: MAIN });
    const id = made.ok ? made.value.snapshot_id : '';
    expect(await abortSnapshot(account, id)).toMatchObject({ value: { status: 'aborted' } });
    sandbox.control.advance(60_000);
    expect(await readSnapshot(account, id)).toMatchObject({ value: { status: 'aborted', snapshot_url: null } });
    const elsewhere = {
      snapshot_id: 'x',
      status: 'success',
      created_at: NOW,
      snapshot_url: 'https://evil.example/x.json',
    };
    expect(await downloadSnapshot(account, elsewhere)).toMatchObject({ error: { code: 'bad_answer' } });
    expect(await readSnapshot(account, 'none')).toMatchObject({ error: { code: 'rejected' } });
  });

  test('R353 a snapshot’s file of an unknown shape is said to be unreadable, never guessed', () => {
    expect(readFigures('{"TEA":{"warehouses":{"W":{"bins":{"B":{"quantity":2}}}}}}')).toEqual([
      { sku: 'TEA', warehouse: 'W', location: 'B', quantity: 2 },
    ]);
    const strange = [
      '',
      '[1]',
      '"x"',
      '{"TEA":{"stock":{"W":2}}}',
      '{"TEA":{"warehouses":{"W":{"bins":{"B":{"quantity":"2"}}}}}}',
    ];
    for (const text of strange) expect(readFigures(text)).toBeNull();
    expect(readFigures('{"products":{}}')).toEqual([]);
    fc.assert(
      fc.property(fc.json(), (text) => {
        for (const figure of readFigures(text) ?? []) expect(Number.isInteger(figure.quantity)).toBe(true);
      }),
    );
  });
});
