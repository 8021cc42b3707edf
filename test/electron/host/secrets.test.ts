import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, does, freshFolder, hostAt, testKeyring } from './bench.ts';
import { hire } from './crew.ts';
import { honestRemote } from './honest-remote.ts';

const TOKEN = 'canary-token-8f1b2c';
const PASSPHRASE = 'canary passphrase of nine words';
const CANARY_PIN = 'canary-pin-4711';

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  const paths = names.map((name) => join(folder, name));
  const kinds = await Promise.all(paths.map((path) => stat(path)));
  return paths.filter((_, index) => kinds[index]?.isFile() === true);
}

/** How often any of the secrets stands in any file, in the clear, as base64 or as hex. */
async function hits(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of await filesIn(folder)) {
    const bytes = await readFile(path);
    for (const secret of [TOKEN, PASSPHRASE, CANARY_PIN]) {
      const forms = [
        secret,
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        Buffer.from(secret).toString('hex'),
      ];
      if (forms.some((form) => bytes.includes(form))) found.push(`${secret} in ${path}`);
    }
  }
  return found;
}

const FORM = {
  remote: 'honest',
  name: 'Shop',
  settings: { baseUrl: 'https://remote.example' },
  secrets: { token: TOKEN },
};

describe('secrets', () => {
  test('H44 no planted secret stands in any file of the profile, with a keyring and with a passphrase, after use and errors', async () => {
    for (const cipher of [testKeyring(), null]) {
      const folder = await freshFolder();
      const { connector } = honestRemote();
      const failing = {
        ...connector,
        open: (): never => {
          throw new Error(`broken with ${TOKEN}`);
        },
      };
      const running = await hostAt({ folder, cipher, connectors: [connector, { ...failing, id: 'failing' }] });
      await does(running, 'createFirstPerson', { name: 'Ada', pin: CANARY_PIN });
      if (cipher === null) await does(running, 'unlockVault', { passphrase: PASSPHRASE });
      const { connection } = await does(running, 'saveConnection', FORM);
      await running.host.testConnection({ connection });
      await running.host.signIn({ person: 'nobody', pin: CANARY_PIN });
      await running.host.unlockVault({ passphrase: `${PASSPHRASE}?` });
      const facts = {
        text: `got ${TOKEN} back`,
        authorization: `Bearer ${TOKEN}`,
        pin: CANARY_PIN,
        encoded: Buffer.from(TOKEN).toString('base64'),
      };
      await does(running, 'log', { level: 'error', event: `with_${TOKEN}`, facts });
      await running.close();
      expect(await hits(folder)).toEqual([]);
      expect((await filesIn(folder)).length).toBeGreaterThan(5);
    }
  });

  test('H45 without a keyring the vault asks for a passphrase, refuses a wrong one, and opens again after a restart', async () => {
    const folder = await freshFolder();
    const setting = { folder, cipher: null, connectors: [honestRemote().connector] };
    const first = await hostAt(setting);
    await hire(first);
    expect((await does(first, 'start', {})).vault).toBe('passphrase_unset');
    expect(await codeOf(first.host.saveConnection(FORM))).toBe('vault_locked');
    expect(await does(first, 'unlockVault', { passphrase: PASSPHRASE })).toEqual({ vault: 'passphrase_open' });
    const { connection } = await does(first, 'saveConnection', FORM);
    await first.close();
    const second = await hostAt(setting);
    const { people, vault } = await does(second, 'start', {});
    expect(vault).toBe('passphrase_needed');
    await does(second, 'signIn', { person: people[0]?.id ?? '', pin: '2468' });
    expect(await codeOf(second.host.testConnection({ connection }))).toBe('vault_locked');
    expect(await codeOf(second.host.unlockVault({ passphrase: 'another passphrase' }))).toBe('wrong_passphrase');
    await does(second, 'unlockVault', { passphrase: PASSPHRASE });
    expect(await codeOf(second.host.testConnection({ connection }))).toBe('remote_failed');
    await second.close();
  });

  test('H46 when the keyring is another, the ledger opens and the secret is asked for again', async () => {
    const folder = await freshFolder();
    const connectors = [honestRemote().connector];
    const first = await hostAt({ folder, connectors });
    const { admin, code } = await hire(first);
    const { connection } = await does(first, 'saveConnection', FORM);
    await first.close();
    const second = await hostAt({ folder, connectors, cipher: testKeyring(9) });
    expect((await does(second, 'start', {})).journal.state).toBe('whole');
    await does(second, 'recoverAccess', { person: admin, code, pin: '2468' });
    expect(await codeOf(second.host.testConnection({ connection }))).toBe('not_found');
    expect(await codeOf(second.host.saveConnection({ ...FORM, connection }))).toBe('ok');
    await second.close();
  });

  test('H47 every file of the profile is for its owner alone', async () => {
    if (process.platform === 'win32') return;
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    await hire(running);
    await running.close();
    for (const path of await filesIn(folder)) expect([path, (await stat(path)).mode & 0o077]).toEqual([path, 0]);
  });
});
