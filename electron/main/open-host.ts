import { randomBytes, randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { app, dialog, shell, type BrowserWindow } from 'electron';
import { remotes } from '../../shared/remotes/remotes.ts';
import { createFolderCarrier } from '../carriers/folder.ts';
import { createNatsCarrier } from '../carriers/nats/carrier.ts';
import { createRunner, usualPlaces } from '../carriers/nats/runner.ts';
import { createHost, type RunningHost } from '../host/create-host.ts';
import { sharedDisk } from '../host/disk/disk.ts';
import { openKeyring } from './keyring.ts';
import { saveEvidence } from './save-evidence.ts';

/** A person who walks away is signed out after this long without a call. */
const LOCK_AFTER_MS = 10 * 60_000;

/** What others in the same network may reach this machine by: its addresses, then its name, which not every network knows. */
function ownAddresses(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  const addresses = all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
  return [...addresses, hostname()].filter((host) => /^[a-z\d][a-z\d.-]*[a-z\d]$/i.test(host));
}

/**
 * Opens the host on this machine's disk, clock, keyring and dialogs. It lives in `ledger/` of the profile, beside Chromium's own
 * files. `built`: where the sample and the verifier of evidence lie.
 */
export async function openHost(
  profile: string,
  built: string,
  window: () => BrowserWindow | null,
): Promise<RunningHost> {
  /** Where the person wants a file; null: nowhere. */
  async function askWhere(suggestedName: string): Promise<string | null> {
    const owner = window();
    const options = { defaultPath: join(app.getPath('documents'), suggestedName) };
    const { canceled, filePath } = await (owner === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(owner, options));
    return canceled || !filePath ? null : filePath;
  }

  return createHost({
    folder: join(profile, 'ledger'),
    clock: { now: () => Date.now(), steady: () => performance.now() },
    randomId: () => randomUUID(),
    randomBytes: (length) => randomBytes(length),
    random: () => Math.random(),
    cipher: await openKeyring(),
    connectors: remotes,
    samplesFolder: join(built, 'samples'),
    appVersion: app.getVersion(),
    laptop: hostname().slice(0, 80),
    lockAfterMs: LOCK_AFTER_MS,
    // The host has held the address to the vendor's own origins. Where no browser opens, the page shows the address.
    async openExternal(url) {
      shell.openExternal(url).catch(() => undefined);
    },
    async chooseFolder() {
      const owner = window();
      const options = { properties: ['openDirectory' as const, 'createDirectory' as const] };
      const { canceled, filePaths } = await (owner === null
        ? dialog.showOpenDialog(options)
        : dialog.showOpenDialog(owner, options));
      return canceled ? null : (filePaths[0] ?? null);
    },
    openCarrier: (place) => createFolderCarrier({ disk: sharedDisk, ...place }),
    openServer: (place, access) => createNatsCarrier({ ...place, ...access }),
    createRunner: (folder) =>
      createRunner({ folder, places: usualPlaces(process.env), randomBytes: (length) => randomBytes(length) }),
    ownAddresses,
    restart() {
      app.relaunch();
      app.quit();
    },
    async saveFile(suggestedName, content) {
      const path = await askWhere(suggestedName);
      if (path === null) return false;
      await writeFile(path, content);
      return true;
    },
    async saveEvidence(suggestedName, pieces) {
      const path = await askWhere(suggestedName);
      return path === null ? null : saveEvidence(path, pieces, await readFile(join(built, 'verify.mjs')));
    },
  });
}
