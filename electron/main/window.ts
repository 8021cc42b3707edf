import { BrowserWindow, app, dialog, screen } from 'electron';
import type { Log } from '../host/log/log.ts';
import { APP_PAGE } from './app-protocol.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

export type WindowOptions = { preload: string; statePath: string; log: Log };

const RELOAD_AGAIN_MS = 60_000;

/** A page that died is loaded once more; one that dies again within a minute is left to the person. */
function reviveOnCrash(window: BrowserWindow, log: Log): void {
  let revivedAt = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log('error', 'page_gone', { reason, exitCode });
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const isFirst = performance.now() - revivedAt > RELOAD_AGAIN_MS;
    revivedAt = performance.now();
    if (isFirst) {
      window.webContents.reload();
      return;
    }
    const question = {
      type: 'error' as const,
      message: 'Tallybook stopped twice. What was counted is saved.',
      buttons: ['Open again', 'Quit'],
    };
    void dialog
      .showMessageBox(window, question)
      .then(({ response }) => (response === 0 ? window.webContents.reload() : app.quit()));
  });
  window.on('unresponsive', () => log('warn', 'page_unresponsive'));
}

/** The one place that makes a window. The page in it has no Node, no way out, and one function of the preload. */
export function openWindow({ preload, statePath, log }: WindowOptions): BrowserWindow {
  const before = readWindowState(
    statePath,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const place =
    before === null
      ? { width: 1280, height: 832 }
      : { x: before.x, y: before.y, width: before.width, height: before.height };
  const window = new BrowserWindow({
    ...place,
    minWidth: 720,
    minHeight: 480,
    title: 'Tallybook',
    show: false,
    autoHideMenuBar: false,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: !app.isPackaged,
    },
  });
  if (before?.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
    log('info', 'window_shown', { version: app.getVersion() });
  });
  window.on('close', () =>
    writeWindowState(statePath, { ...window.getNormalBounds(), isMaximized: window.isMaximized() }),
  );
  reviveOnCrash(window, log);
  void window.loadURL(APP_PAGE).catch(() => log('error', 'page_not_loaded'));
  return window;
}
