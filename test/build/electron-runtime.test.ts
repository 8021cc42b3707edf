import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ensureElectron } from '../../build/electron-runtime.mjs';
import { npmBorneFolder, NPM_BORNE_VERSION } from '../../build/runtime/npm-borne.mjs';
import { downloadAddress, fetchOfficial, probe } from '../../build/runtime/official.mjs';
import { executableName } from '../../build/runtime/places.mjs';
import { findCached, findInstalled } from '../../build/runtime/presence.mjs';
import { checkDigest } from '../../build/runtime/tarball.mjs';
import { runWatched } from '../../build/runtime/watched-process.mjs';

let folder = '';
const closers: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tallybook-electron-test-'));
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(folder, { recursive: true, force: true });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** An `electron` package whose installer is the given program. */
function placePackage(installer = ''): string {
  write('electron/package.json', JSON.stringify({ version: '45.4.1' }));
  write('electron/install.js', installer);
  return join(folder, 'electron');
}

function placeInstalled(): void {
  write('electron/path.txt', executableName());
  write('electron/dist/version', 'v45.4.1');
  write(`electron/dist/${executableName()}`, 'an executable');
}

/** A server that takes a connection and does with each request what it is told; its address ends in a slash. */
async function serve(status: number | 'never'): Promise<string> {
  const server = createServer((_, response) => {
    if (status !== 'never') response.writeHead(status).end('x');
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
}

test('J94 Electron is present only when all of its marks agree', () => {
  const electronPackage = placePackage();
  expect(findInstalled(electronPackage)).toBeNull();
  placeInstalled();
  expect(findInstalled(electronPackage)).toEqual({
    executable: join(electronPackage, 'dist', executableName()),
    version: '45.4.1',
  });
  write('electron/dist/version', '44.0.0');
  expect(findInstalled(electronPackage)).toBeNull();
  placeInstalled();
  rmSync(join(electronPackage, 'path.txt'));
  expect(findInstalled(electronPackage)).toBeNull();
  placeInstalled();
  rmSync(join(electronPackage, 'dist', executableName()));
  expect(findInstalled(electronPackage)).toBeNull();
});

test('J94 a cached runtime of another version, or without its executable, is not used', () => {
  const cached = npmBorneFolder(folder);
  write(`electron-${NPM_BORNE_VERSION}/version`, NPM_BORNE_VERSION);
  expect(findCached(cached, NPM_BORNE_VERSION)).toBeNull();
  write(`electron-${NPM_BORNE_VERSION}/${executableName()}`, 'an executable');
  expect(findCached(cached, NPM_BORNE_VERSION)).not.toBeNull();
  expect(findCached(cached, '1.2.3')).toBeNull();
});

test('J95 the runtime that the person points at comes first, and is refused rather than passed over', async () => {
  const electronPackage = placePackage();
  placeInstalled();
  write(`mine/${executableName()}`, 'an executable');
  const lines: string[] = [];
  const ask = (path: string) =>
    ensureElectron({ electronPackage, env: { ELECTRON_OVERRIDE_DIST_PATH: path }, log: (line) => lines.push(line) });
  expect(await ask(join(folder, 'mine'))).toMatchObject({
    ok: true,
    value: { source: 'override', version: 'unknown' },
  });
  expect(await ask(join(folder, 'nothing'))).toMatchObject({ ok: false, error: { code: 'override_missing' } });
  expect(await ensureElectron({ electronPackage, env: {}, log: (line) => lines.push(line) })).toMatchObject({
    ok: true,
    value: { source: 'present', version: '45.4.1' },
  });
  expect(lines).toEqual([]);
});

test('J96 a server that accepts and never answers is given up within the limit', async () => {
  const mirror = await serve('never');
  expect(await probe(mirror, 50)).toMatchObject({ ok: false, error: { code: 'silent' } });
  const fetched = await fetchOfficial({
    electronPackage: placePackage('throw new Error("the installer must not run")'),
    env: { ELECTRON_MIRROR: mirror, electron_config_cache: folder },
    log: () => undefined,
    probeMs: 50,
  });
  expect(fetched).toMatchObject({ ok: false, error: { code: 'silent' } });
});

test('J96 a server that refuses, and one that is not there, are told apart in the sentence', async () => {
  expect(await probe(await serve(403), 5000)).toMatchObject({
    ok: false,
    error: { code: 'refused', sentence: 'it answered 403' },
  });
  expect(await probe('http://127.0.0.1:1/', 5000)).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  expect(await probe(await serve(206), 5000)).toMatchObject({ ok: true });
});

test('J96 an installer under which nothing grows any more is ended, and the sentence says so', async () => {
  const fetched = await fetchOfficial({
    electronPackage: placePackage('setInterval(() => {}, 1000)'),
    env: { ...process.env, ELECTRON_MIRROR: await serve(206), electron_config_cache: folder },
    log: () => undefined,
    stallMs: 200,
  });
  expect(fetched).toMatchObject({ ok: false, error: { code: 'stalled' } });
});

test('J96 an installer that ends well but leaves nothing usable is not believed', async () => {
  const fetched = await fetchOfficial({
    electronPackage: placePackage(''),
    env: { ...process.env, ELECTRON_MIRROR: await serve(206), electron_config_cache: folder },
    log: () => undefined,
  });
  expect(fetched).toMatchObject({ ok: false, error: { code: 'incomplete' } });
});

test('J96 a program that cannot be started, and one that fails, are reported with what they said', async () => {
  const run = (command: string, args: string[]) =>
    runWatched({ command, args, watch: [folder], stallMs: 20_000, pollMs: 10 });
  expect(await run(join(folder, 'nothing'), [])).toMatchObject({ ok: false, error: { code: 'not_started' } });
  expect(
    await run(process.execPath, ['-e', 'console.error("npm error 404 Not Found"); process.exit(1)']),
  ).toMatchObject({
    ok: false,
    error: { code: 'failed', sentence: '404 Not Found' },
  });
});

test('J97 a file with the wrong checksum is refused and named', async () => {
  write('runtime.tgz', 'not the runtime');
  const path = join(folder, 'runtime.tgz');
  const right = createHash('sha512').update('not the runtime').digest('base64');
  expect(await checkDigest(path, 'sha512', 'base64', right)).toMatchObject({ ok: true });
  const refused = await checkDigest(path, 'sha512', 'base64', 'somethingElse==');
  expect(refused).toMatchObject({ ok: false, error: { code: 'wrong_checksum' } });
  expect(refused.ok ? '' : refused.error.sentence).toContain(path);
  expect(existsSync(path)).toBe(true);
});

test('J98 the download address follows the mirror and folder that the person set', () => {
  const file = `electron-v45.4.1-${process.platform}-${process.arch}.zip`;
  expect(downloadAddress('45.4.1', {})).toBe(`https://github.com/electron/electron/releases/download/v45.4.1/${file}`);
  expect(
    downloadAddress('45.4.1', { ELECTRON_MIRROR: 'https://mirror.invalid/', ELECTRON_CUSTOM_DIR: '{{ version }}' }),
  ).toBe(`https://mirror.invalid/45.4.1/${file}`);
});
