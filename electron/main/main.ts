/**
 * The app's entry. Everything before `whenReady` runs synchronously: Electron becomes ready only after this module has
 * been evaluated, so waiting for it here would wait for ever.
 */
import { join } from 'node:path';
import { app, dialog, protocol, type BrowserWindow } from 'electron';
import type { RunningHost } from '../host/create-host.ts';
import { APP_SCHEME, createAppAnswers } from './app-protocol.ts';
import { answerPage } from './ipc.ts';
import { lockDown } from './lock-down.ts';
import { setMenu } from './menu.ts';
import { openHost } from './open-host.ts';
import { chosenProfile, chromiumFolder } from './profile.ts';
import { setAsideBrokenPageStorage } from './page-storage.ts';
import { refusedSwitch } from './switches.ts';
import { openWindow } from './window.ts';

const built = import.meta.dirname;
const profile = chosenProfile(process.argv, process.env) ?? app.getPath('userData');
let window: BrowserWindow | null = null;
let running: Promise<RunningHost> | null = null;
let isFlushed = false;

/** The journal is flushed and closed before the process ends, however it is asked to. */
function flushThenQuit(event: { preventDefault(): void }): void {
  if (isFlushed || running === null) return;
  event.preventDefault();
  void running
    .then((host) => host.close())
    .catch(() => undefined)
    .finally(() => {
      isFlushed = true;
      // The windows are gone and the disk has everything. Asking to quit from inside a refused quit is not heard.
      setImmediate(() => app.exit(0));
    });
}

async function boot(): Promise<void> {
  setMenu(process.platform);
  protocol.handle(APP_SCHEME, createAppAnswers(join(built, '..', 'renderer')));
  running = openHost(profile, built, () => window);
  const log: RunningHost['log'] = (...line) => void running?.then((host) => host.log(...line)).catch(() => undefined);
  lockDown((what) => log('warn', 'denied', { what }));
  answerPage(() => window, running);
  if (setAsideBrokenPageStorage(app.getPath('userData'), Date.now())) log('warn', 'page_storage_set_aside');
  window = openWindow({
    preload: join(built, 'preload.cjs'),
    statePath: join(app.getPath('userData'), 'window.json'),
    log,
  });
  window.on('closed', () => {
    window = null;
  });
  await running;
}

app.setPath('userData', chromiumFolder(profile));
const refused = refusedSwitch(app.isPackaged, (name) => app.commandLine.hasSwitch(name));
if (refused !== undefined) {
  process.stderr.write(`Tallybook does not start with --${refused}.\n`);
  app.exit(1);
} else if (app.requestSingleInstanceLock()) {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  // Root on Linux cannot have the OS sandbox; forcing it there only crashes every child process at once.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('second-instance', () => {
    if (window?.isMinimized() === true) window.restore();
    window?.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', flushThenQuit);
  void app
    .whenReady()
    .then(boot)
    .catch((problem: unknown) => {
      const reason = problem instanceof Error ? problem.message : 'unknown';
      dialog.showErrorBox('Tallybook cannot open its files', `${app.getPath('userData')}\n\n${reason}`);
      app.exit(1);
    });
} else {
  app.quit();
}
