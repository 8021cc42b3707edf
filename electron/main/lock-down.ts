import { app, session, type WebContents } from 'electron';
import { APP_ORIGIN } from './app-protocol.ts';

/** What the page may ask the browser for: keeping its storage, and writing plain text to the clipboard. */
const GRANTED: readonly string[] = ['persistent-storage', 'clipboard-sanitized-write'];
const OUTSIDE = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'ftp://*/*', 'file://*/*'];

/** Whether an address is of the page's own origin. */
export function isOwnAddress(url: string): boolean {
  return url === APP_ORIGIN || url.startsWith(`${APP_ORIGIN}/`);
}

function lockContents(contents: WebContents): void {
  const stayHere = (event: { preventDefault(): void }, url: string) => {
    if (!isOwnAddress(url)) event.preventDefault();
  };
  contents.on('will-navigate', (event) => stayHere(event, event.url));
  contents.on('will-redirect', (event) => stayHere(event, event.url));
  contents.on('will-frame-navigate', (event) => stayHere(event, event.url));
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Closes every way out of the page that Electron leaves open. `denied` hears what was tried. Ask after Electron is ready. */
export function lockDown(denied: (what: string) => void): void {
  app.on('web-contents-created', (_event, contents) => lockContents(contents));
  const own = session.defaultSession;
  own.setPermissionRequestHandler((contents, permission, answer) => {
    const isGranted = GRANTED.includes(permission) && isOwnAddress(contents.getURL());
    if (!isGranted) denied(`permission_${permission}`);
    answer(isGranted);
  });
  own.setPermissionCheckHandler(
    (_contents, permission, origin) => GRANTED.includes(permission) && isOwnAddress(origin.replace(/\/$/, '')),
  );
  own.setDevicePermissionHandler(() => false);
  own.on('will-download', (event) => {
    denied('download');
    event.preventDefault();
  });
  // The page has no business in any network; the policy says so too, this holds where a policy has no word.
  own.webRequest.onBeforeRequest({ urls: OUTSIDE }, (_details, answer) => {
    denied('network');
    answer({ cancel: true });
  });
}
