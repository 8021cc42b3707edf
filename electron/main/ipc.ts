import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import { err } from '../../shared/domain/result.ts';
import { HOST_CHANNEL } from '../../shared/ports/host.ts';
import type { RunningHost } from '../host/create-host.ts';
import { serve } from '../host/serve.ts';
import { isOwnAddress } from './lock-down.ts';

function isFromPage(event: IpcMainInvokeEvent, window: BrowserWindow | null): boolean {
  if (window === null || window.isDestroyed() || event.sender !== window.webContents) return false;
  const frame = event.senderFrame;
  return frame !== null && frame === window.webContents.mainFrame && isOwnAddress(frame.url);
}

/** Answers the page's main frame and nobody else. Calls that come before the host is open wait for it. */
export function answerPage(window: () => BrowserWindow | null, running: Promise<RunningHost>): void {
  ipcMain.handle(HOST_CHANNEL, async (event, procedure: unknown, input: unknown) => {
    const { host, log } = await running;
    if (isFromPage(event, window())) return serve(host, log, procedure, input);
    log('warn', 'call_refused', { reason: 'foreign sender' });
    return err({ code: 'bad_request', reason: 'foreign sender' });
  });
}
