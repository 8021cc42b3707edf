import { Menu } from 'electron';

/**
 * As little menu as the system allows. A scanner can type any Ctrl key, so on Windows and Linux there is no menu and with
 * it no shortcut that closes, reloads, zooms or quits; editing keys work in fields without one. macOS wants one, and its
 * shortcuts are on Command, which no scanner sends.
 */
export function setMenu(platform: NodeJS.Platform): void {
  if (platform !== 'darwin') {
    Menu.setApplicationMenu(null);
    return;
  }
  Menu.setApplicationMenu(Menu.buildFromTemplate([{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }]));
}
