import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOST_CHANNEL } from '../../../shared/ports/host.ts';
import { FOREIGN_SWITCHES, refusedSwitch } from '../../../electron/main/switches.ts';
import { trustOwnScripts } from '../../../renderer/app/trusted-urls.ts';

type Answer = (
  event: unknown,
  procedure: unknown,
  input: unknown,
) => Promise<{ ok: boolean; value?: { journal: { state: string } } }>;
type World = {
  ready: Promise<void>;
  isReady: boolean;
  isFirst: boolean;
  calls: unknown[][];
  windows: {
    options: { webPreferences: Record<string, unknown> };
    window: { webContents: { mainFrame: object; emit(...words: unknown[]): void } };
  }[];
  protocols: Record<string, (request: { url: string; method: string }) => Promise<Response>>;
  channels: Record<string, Answer>;
  permission: (contents: object, permission: string, answer: (granted: boolean) => void) => void;
  openWindow: () => unknown;
  menu: unknown;
  loaded: string;
  reloads: number;
  userData: string;
  quit: () => void;
};

let folder = '';
let entry = '';

/** The entry as it ships, with Electron itself replaced. */
beforeAll(async () => {
  // Inside the project, so that its packages are found; a fresh clone has no such folder yet.
  const out = fileURLToPath(new URL('../../../out', import.meta.url));
  await mkdir(out, { recursive: true });
  folder = await mkdtemp(join(out, 'boot-'));
  const fake = fileURLToPath(new URL('fake-electron.mjs', import.meta.url));
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../../../electron/main/main.ts', import.meta.url)),
    platform: 'node',
    logLevel: 'silent',
    resolve: { alias: { electron: fake } },
  });
  entry = join(folder, 'electron', 'main.js');
  await bundle.write({ file: entry, format: 'es' });
  await bundle.close();
  await mkdir(join(folder, 'renderer', 'assets'), { recursive: true });
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'renderer', 'assets', 'a.wasm'), 'wasm');
  await writeFile(join(folder, 'secret.json'), '{}');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

let starts = 0;

/** Loads the entry. Electron becomes ready only after the entry has been evaluated, as the real one does. */
async function start(isFirst: boolean): Promise<World> {
  let makeReady = () => undefined as void;
  const userData = join(folder, `profile-${(starts += 1)}`);
  const world = {
    isFirst,
    isReady: false,
    calls: [],
    windows: [],
    protocols: {},
    channels: {},
    reloads: 0,
    userData,
    menu: 'none set',
  };
  const whole = Object.assign(world, { ready: new Promise<void>((resolve) => (makeReady = resolve)) });
  Object.assign(globalThis, { fakeElectron: whole });
  await import(`${pathToFileURL(entry).href}?start=${starts}`);
  whole.isReady = true;
  makeReady();
  await whole.ready;
  return whole as unknown as World;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe('the built entry', () => {
  test('H62 the entry evaluates before Electron is ready, registers its scheme by then, and opens one locked window', async () => {
    const world = await start(true);
    await until(() => world.windows.length > 0);
    expect(world.calls.find(([what]) => what === 'schemes')).toMatchObject([
      'schemes',
      false,
      [{ scheme: 'app', privileges: { standard: true, secure: true } }],
    ]);
    expect(world.calls).toContainEqual(['enableSandbox']);
    expect(world.windows).toHaveLength(1);
    expect(world.windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    });
    expect(world.loaded).toBe('app://tallybook/index.html');
    expect(world.openWindow()).toEqual({ action: 'deny' });
    const granted: boolean[] = [];
    for (const permission of ['media', 'geolocation', 'notifications', 'hid', 'openExternal']) {
      world.permission({ getURL: () => 'app://tallybook/index.html' }, permission, (is) => granted.push(is));
    }
    expect(granted).toEqual([false, false, false, false, false]);
    if (process.platform !== 'darwin') expect(world.menu).toBeNull();
  });

  test('H63 the page is served with its policy and types; other hosts, folders and kinds of file are refused', async () => {
    const world = await start(true);
    await until(() => world.protocols['app'] !== undefined);
    const get = (path: string, method = 'GET') => world.protocols['app']!({ url: `app://tallybook${path}`, method });
    const page = await get('/index.html');
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    expect(page.headers.get('content-security-policy')).toContain("connect-src 'none'");
    expect((await get('/')).headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect((await get('/assets/a.wasm')).headers.get('content-type')).toBe('application/wasm');
    const refused = [
      '/../secret.json',
      '/%2e%2e/secret.json',
      '/..%2fsecret.json',
      '/..%5csecret.json',
      '/%00',
      '/assets',
      '/none.js',
      '/%zz',
      '//secret.json',
    ];
    for (const path of refused) expect([path, (await get(path)).status]).toEqual([path, 404]);
    expect((await get('/index.html', 'POST')).status).toBe(405);
    expect((await world.protocols['app']!({ url: 'app://other/index.html', method: 'GET' })).status).toBe(404);
  });

  test('H785 text becomes neither script nor HTML in the page, and no worker is made of a blob', async () => {
    const world = await start(true);
    await until(() => world.protocols['app'] !== undefined);
    const page = await world.protocols['app']!({ url: 'app://tallybook/index.html', method: 'GET' });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining(["require-trusted-types-for 'script'", 'trusted-types default', "worker-src 'self'"]),
    );
    const own = 'app://tallybook/index.html';
    const rules: { createScriptURL(url: string): string | null }[] = [];
    trustOwnScripts({ createPolicy: (_name, rule) => rules.push(rule) }, own);
    const urls = ['app://tallybook/assets/w.js', './assets/w.js', 'blob:app://tallybook/1', 'data:text/javascript,1'];
    expect(
      [...urls, 'https://a.example/w.js', 'app://other/w.js'].map((url) => rules[0]?.createScriptURL(url)),
    ).toEqual([...urls.slice(0, 2), null, null, null, null]);
    expect(Object.keys(rules[0] ?? {})).toEqual(['createScriptURL']);
  });

  test('H786 an installed app is not started with a debugger or somebody else’s page; one that is developed may be', () => {
    const given = new Set(['remote-debugging-port', 'no-sandbox']);
    expect(refusedSwitch(true, (name) => given.has(name))).toBe('remote-debugging-port');
    expect(refusedSwitch(false, (name) => given.has(name))).toBeUndefined();
    expect(refusedSwitch(true, (name) => name === 'no-sandbox')).toBeUndefined();
    for (const name of ['inspect', 'remote-debugging-pipe', 'load-extension']) expect(FOREIGN_SWITCHES).toContain(name);
  });

  test('H64 only the main frame of the window is answered', async () => {
    const world = await start(true);
    await until(() => world.windows.length > 0);
    const contents = world.windows[0]?.window.webContents;
    const call = (event: object) => world.channels[HOST_CHANNEL]!(event, 'start', {});
    expect(await call({ sender: contents, senderFrame: contents?.mainFrame })).toMatchObject({
      ok: true,
      value: { journal: { state: 'new' } },
    });
    const foreign = [
      { sender: contents, senderFrame: { url: 'app://tallybook/index.html' } },
      { sender: contents, senderFrame: null },
      { sender: {}, senderFrame: contents?.mainFrame },
    ];
    for (const event of foreign) expect(await call(event)).toMatchObject({ ok: false });
    Object.assign(contents?.mainFrame ?? {}, { url: 'https://evil.example/' });
    expect(await call({ sender: contents, senderFrame: contents?.mainFrame })).toMatchObject({ ok: false });
  });

  test('H65 a page that dies is loaded again, and quitting waits until the host is on disk', async () => {
    const world = await start(true);
    await until(() => world.windows.length > 0);
    const contents = world.windows[0]?.window.webContents;
    contents?.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(world.reloads).toBe(1);
    await world.channels[HOST_CHANNEL]!({ sender: contents, senderFrame: contents?.mainFrame }, 'start', {});
    world.quit();
    expect(world.calls.filter(([what]) => what === 'held')).toHaveLength(1);
    expect(world.calls.filter(([what]) => what === 'exit')).toEqual([]);
    await until(() => world.calls.some(([what]) => what === 'exit'));
    expect(world.calls.filter(([what]) => what === 'exit')).toEqual([['exit', 0]]);
    expect(await readdir(join(world.userData, 'ledger'))).toContain('journal');
  });

  test('H66 a second start opens no host and no window', async () => {
    const world = await start(false);
    expect(world.calls).toContainEqual(['quit']);
    expect(world.windows).toEqual([]);
    expect(Object.keys(world.channels)).toEqual([]);
  });
});
