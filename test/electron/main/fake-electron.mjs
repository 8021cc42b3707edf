/** Stands in for Electron when the app's entry is loaded in plain Node: records what it is asked, and is ready only when told. */
import { EventEmitter } from 'node:events';

const world = globalThis.fakeElectron;

class Contents extends EventEmitter {
  mainFrame = { url: 'app://tallybook/index.html' };
  setWindowOpenHandler(handler) {
    world.openWindow = handler;
  }
  reload() {
    world.reloads += 1;
  }
  getURL() {
    return this.mainFrame.url;
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new Contents();
  constructor(options) {
    super();
    world.windows.push({ options, window: this });
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url) {
    world.loaded = url;
    return Promise.resolve();
  }
  isDestroyed() {
    return false;
  }
  show() {}
  focus() {}
  restore() {}
  maximize() {}
  isMinimized() {
    return false;
  }
}

export const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  whenReady: () => world.ready,
  requestSingleInstanceLock: () => world.isFirst,
  setPath: (name, path) => world.calls.push(['setPath', name, path]) && (world.userData = path),
  getPath: () => world.userData,
  getVersion: () => '0.0.0',
  commandLine: { hasSwitch: () => false },
  enableSandbox: () => world.calls.push(['enableSandbox']),
  quit() {
    world.calls.push(['quit']);
    app.emit('will-quit', { preventDefault: () => world.calls.push(['held']) });
  },
  exit: (code) => world.calls.push(['exit', code]),
});

world.quit = app.quit;

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => world.calls.push(['schemes', world.isReady, schemes]),
  handle: (scheme, answer) => (world.protocols[scheme] = answer),
};
export const ipcMain = { handle: (channel, answer) => (world.channels[channel] = answer) };
export const dialog = { showErrorBox: (...words) => world.calls.push(['error', ...words]) };
export const shell = { openExternal: async (url) => world.calls.push(['open', url]) };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const Menu = { setApplicationMenu: (menu) => (world.menu = menu), buildFromTemplate: (template) => template };
export const safeStorage = { isEncryptionAvailable: () => false, getSelectedStorageBackend: () => 'basic_text' };
export const session = {
  defaultSession: Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler) => (world.permission = handler),
    setPermissionCheckHandler: (handler) => (world.permissionCheck = handler),
    setDevicePermissionHandler: () => undefined,
    webRequest: { onBeforeRequest: (filter, handler) => (world.network = { filter, handler }) },
  }),
};
