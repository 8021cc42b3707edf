/**
 * Electron around the bench page: the app's own host, channel, preload and window settings, in the app's own origin. Only
 * the page differs, and the headers: they isolate it, which gives it a clock of 5 µs instead of 100.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BrowserWindow, app, net, protocol } from 'electron';
import { APP_ORIGIN, APP_SCHEME, createAppAnswers } from '../../electron/main/app-protocol.ts';
import { answerPage } from '../../electron/main/ipc.ts';
import { openHost } from '../../electron/main/open-host.ts';
import type { RunningHost } from '../../electron/host/create-host.ts';

const built = import.meta.dirname;
/** Files that a case reads: the seeded journal, a catalogue as CSV. */
const files = process.argv.find((word) => word.startsWith('--bench-files='))?.slice('--bench-files='.length) ?? built;
let window: BrowserWindow | null = null;
let running: Promise<RunningHost> | null = null;
let isClosed = false;

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const seed = /^\/files\/([\w/.-]+)$/.exec(pathname)?.[1];
  const page = createAppAnswers(join(built, 'page'));
  const answered = seed === undefined ? await page(request) : await net.fetch(pathToFileURL(join(files, seed)).href);
  const headers = new Headers(answered.headers);
  // As strict as the app's, which decides how zod works; only the files of a case may be fetched.
  const policy = answered.headers.get('content-security-policy') ?? '';
  headers.set('content-security-policy', policy.replace("connect-src 'none'", "connect-src 'self'"));
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-embedder-policy', 'require-corp');
  headers.set('cross-origin-resource-policy', 'same-origin');
  return new Response(answered.body, { status: answered.status, headers });
}

protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
]);
app.on('window-all-closed', () => app.quit());
app.on('will-quit', (event) => {
  if (isClosed || running === null) return;
  event.preventDefault();
  void running
    .then((host) => host.close())
    .finally(() => {
      isClosed = true;
      app.quit();
    });
});

async function boot(): Promise<void> {
  protocol.handle(APP_SCHEME, answer);
  running = openHost(app.getPath('userData'), join(built, '..', 'electron', 'samples'), () => window);
  answerPage(() => window, running);
  window = new BrowserWindow({
    width: 1280,
    height: 832,
    webPreferences: {
      preload: join(built, '..', 'electron', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
      backgroundThrottling: false,
    },
  });
  await window.loadURL(`${APP_ORIGIN}/index.html`);
}

void app
  .whenReady()
  .then(boot)
  .catch((problem: unknown) => {
    process.stderr.write(`${String(problem)}\n`);
    app.exit(1);
  });
