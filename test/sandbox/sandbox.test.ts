import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lineSchema = z.strictObject({ system: z.string(), baseUrl: z.url() });
type Line = z.infer<typeof lineSchema>;

const running: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Starts the command as a person does. */
function startCommand(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, ['build/sandbox.mjs', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  return child;
}

/** The addresses of the first so many lines; the command must still be up then. */
async function started(args: readonly string[], count: number): Promise<Line[]> {
  const child = startCommand(args);
  const lines: Line[] = [];
  for await (const line of createInterface(child.stdout!)) {
    if (!line.startsWith('{')) continue;
    lines.push(lineSchema.parse(JSON.parse(line)));
    if (lines.length === count) break;
  }
  expect(lines).toHaveLength(count);
  expect(child.exitCode).toBeNull();
  return lines;
}

async function refused(args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = startCommand(args);
  let said = '';
  child.stderr!.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = z.tuple([z.number(), z.unknown()]).parse(await once(child, 'close'));
  return { code, said };
}

function fileOf(world: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'tallybook-world-'));
  folders.push(folder);
  const file = join(folder, 'world.json');
  writeFileSync(file, JSON.stringify(world));
  return file;
}

/** The first of so many free ports in a row, below those that the system gives out by itself. */
async function freePorts(count: number): Promise<number> {
  for (let first = 20_000 + (process.pid % 1000) * 8; ; first += count) {
    const servers = Array.from({ length: count }, () => createServer());
    const taken = await Promise.allSettled(
      servers.map((server, at) => {
        const listening = once(server, 'listening');
        server.listen(first + at, '127.0.0.1');
        return listening;
      }),
    );
    for (const server of servers) server.close();
    if (taken.every(({ status }) => status === 'fulfilled')) return first;
  }
}

const WORLD = {
  clock: '2026-03-02T10:00:00.000Z',
  tokens: { good: 'ok', reader: ['MERCHANT_PROFILE_READ'] },
  somethingElse: 1,
  square: {
    locations: [{ id: 'L1', name: 'Main' }],
    variations: [{ id: 'V1', item: 'Tea', sku: 'TEA', upc: '012345678905', precision: 0, stock: { L1: '10' } }],
  },
};

describe('npm run sandbox', () => {
  test('R135 the command says where it is, and its switches work from outside', { timeout: 180_000 }, async () => {
    const [line] = await started(['--system', 'square', '--world', fileOf(WORLD)], 1);
    expect(line).toMatchObject({ system: 'square', baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    const at = line?.baseUrl ?? '';
    const turn = async (name: string, body: unknown) =>
      (await fetch(`${at}/_sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) })).status;
    const fault = (kind: string, more = {}) => turn('fault', { kind, ...more });
    const see = async (name: string) =>
      z.record(z.string(), z.unknown()).parse(await (await fetch(`${at}/_sandbox/${name}`)).json());
    const headers = { authorization: 'Bearer good' };
    const places = () => fetch(`${at}/v2/locations`, { headers });
    let keys = 0;
    const lose = (key: number) => {
      const occurred_at = '2026-03-02T10:00:00.000Z';
      const adjustment = {
        catalog_object_id: 'V1',
        location_id: 'L1',
        from_state: 'IN_STOCK',
        to_state: 'WASTE',
        quantity: '1',
        occurred_at,
      };
      const body = JSON.stringify({ idempotency_key: `k${key}`, changes: [{ type: 'ADJUSTMENT', adjustment }] });
      return fetch(`${at}/v2/inventory/changes/batch-create`, { method: 'POST', headers, body });
    };
    const stock = async () =>
      /"IN_STOCK".*?"quantity":"(\d+)"/.exec(await (await fetch(`${at}/v2/inventory/V1`, { headers })).text())?.[1];

    expect(await turn('advance', { ms: 5000 })).toBe(200);
    expect(await see('now')).toEqual({ now: '2026-03-02T10:00:05.000Z' });
    expect(await fault('status', { status: 429, times: 2, retryAfterSeconds: 3 })).toBe(200);
    expect([(await places()).status, (await places()).headers.get('retry-after'), (await places()).status]).toEqual([
      429,
      '3',
      200,
    ]);
    await fault('applyThenFail', { status: 500, times: 1 });
    expect([(await lose((keys += 1))).status, await stock()]).toEqual([500, '9']);
    expect([(await lose(keys)).status, await stock()]).toEqual([200, '9']);
    await fault('drop', { times: 1 });
    await expect(lose((keys += 1))).rejects.toThrow('fetch failed');
    expect(await stock()).toBe('9');
    await fault('applyThenDrop', { times: 1 });
    await expect(lose(keys)).rejects.toThrow('fetch failed');
    expect(await stock()).toBe('8');
    expect(await fault('setCredits', { remaining: 5 })).toBe(400);
    await fault('sale', { variation: 'V1', location: 'L1', quantity: '2' });
    expect(await stock()).toBe('6');
    await fault('expireToken');
    expect((await places()).status).toBe(401);
    await fault('restoreToken');
    expect((await places()).status).toBe(200);
    const log = z.object({ requests: z.array(z.record(z.string(), z.unknown())) }).parse(await see('log'));
    expect(log.requests[0]).toEqual({
      at: '2026-03-02T10:00:05.000Z',
      method: 'GET',
      path: '/v2/locations',
      headers: expect.objectContaining({ authorization: '***good' }),
      body: '',
      status: 429,
      answer: expect.stringContaining('RATE_LIMITED'),
      fault: 'status',
    });
    expect(log.requests.map(({ fault }) => fault).filter(Boolean)).toEqual([
      'status',
      'status',
      'applyThenFail',
      'drop',
      'applyThenDrop',
    ]);
  });

  test('R136 a flat world of one system is served at the port that is wanted', { timeout: 180_000 }, async () => {
    const { square, ...around } = WORLD;
    const port = await freePorts(1);
    const file = fileOf({ ...around, ...square });
    expect(await started(['--system', 'square', '--world', file, '--port', String(port)], 1)).toEqual([
      { system: 'square', baseUrl: `http://127.0.0.1:${port}` },
    ]);
  });

  test('R137 without a name every system starts, one port after another', { timeout: 180_000 }, async () => {
    const port = await freePorts(4);
    const lines = await started(['--port', String(port)], 4);
    expect(lines).toEqual(
      ['square', 'zettle', 'shiphero', 'deconetwork'].map((system, at) => ({
        system,
        baseUrl: `http://127.0.0.1:${port + at}`,
      })),
    );
    for (const { baseUrl } of lines) expect((await fetch(`${baseUrl}/_sandbox/now`)).status).toBe(200);
  });

  test('R138 a system or a world that is not there is named, and nothing is served', { timeout: 180_000 }, async () => {
    expect(await refused(['--system', 'circle'])).toEqual({ code: 2, said: expect.stringContaining('"circle"') });
    expect(await refused(['--system', 'square', '--world', fileOf({ square: {} })])).toEqual({
      code: 2,
      said: expect.stringContaining('locations'),
    });
    expect(await refused(['--world', fileOf({ nothing: 1 })])).toEqual({
      code: 2,
      said: expect.stringContaining('--system'),
    });
    expect(await refused(['--world', join(tmpdir(), 'no-such-world.json')])).toMatchObject({ code: 2 });
  });
});
