/** electron-builder's hook after copying Electron: its default app is for development and does not ship. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** @param {{ appOutDir: string, electronPlatformName: string, packager: { appInfo: { productFilename: string } } }} context */
export async function afterPack({ appOutDir, electronPlatformName, packager }) {
  const isMac = electronPlatformName === 'darwin' || electronPlatformName === 'mas';
  const resources = isMac ? join(`${packager.appInfo.productFilename}.app`, 'Contents', 'Resources') : 'resources';
  await rm(join(appOutDir, resources, 'default_app.asar'), { force: true });
}
