// The least that Electron shows: what the app's own start is compared with.
const { app, BrowserWindow } = require('electron');

app.on('window-all-closed', () => app.quit());
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 832, webPreferences: { sandbox: true } });
  return window.loadURL('data:text/html,<p>empty</p>');
});
