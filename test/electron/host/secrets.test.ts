import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { err, ok } from '../../../shared/domain/result.ts';
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

  test('H770 a secret that a remote repeats, whole, in part or in any spelling, is sealed, logged and shown nowhere', async () => {
    const token = 'EAAAl3xq-7Zb+Kd/9sQ.canary~Wm2vTt';
    const spellings = [
      `Authorization: Bearer ${token}`,
      `Basic ${Buffer.from(`ada:${token}`).toString('base64')}`,
      `Basic ${Buffer.from(`x:${token}:y`).toString('base64')}`,
      encodeURIComponent(token),
      encodeURIComponent(token).replace(/%../g, (code) => code.toLowerCase()),
      Buffer.from(token).toString('base64url'),
      `the token ${token.slice(0, 20)}... is not known`,
      `ending in ${token.slice(-14)}`,
      'Bearer some-other-secret-value',
    ];
    const folder = await freshFolder();
    const { connector } = honestRemote();
    const repeating = {
      ...connector,
      open: (...given: Parameters<typeof connector.open>) => ({
        ...connector.open(...given),
        test: async () => err({ code: 'rejected' as const, detail: spellings.join(' | '), refs: [] }),
        items: async () => ok({ items: [{ id: 'I1', name: `Tea ${token}`, precision: 0 }] }),
        counts: async () => ok({ counts: [{ remoteItem: token, remoteLocation: 'L1', quantity: '1' }] }),
        startTracking: async () => ok({ counts: [{ remoteItem: token, remoteLocation: 'L1', quantity: '1' }] }),
      }),
    };
    const running = await hostAt({ folder, connectors: [repeating] });
    await hire(running);
    const { connection } = await does(running, 'saveConnection', { ...FORM, secrets: { token } });
    const shown = [
      await running.host.testConnection({ connection }),
      await running.host.remoteItems({ connection }),
      await running.host.startTracking({ connection, items: ['I1'], location: 'L1' }),
    ];
    await running.close();
    const written = await Promise.all((await filesIn(folder)).map((path) => readFile(path, 'utf8')));
    const text = [JSON.stringify(shown), ...written].join('\n');
    const traces = [token, token.slice(0, 14), token.slice(-14), 'some-other-secret', ...spellings.slice(3, 6)];
    expect(traces.filter((trace) => text.includes(trace))).toEqual([]);
    expect(text.match(/Basic [A-Za-z0-9+/=]{12,}/g)).toBeNull();
    expect(JSON.stringify(shown)).toContain('[hidden]');
  });

  test('H771 no word of a catalogue is hidden because a short password is spelled like it', async () => {
    const { connector } = honestRemote();
    const telling = {
      ...connector,
      open: (...given: Parameters<typeof connector.open>) => ({
        ...connector.open(...given),
        items: async () => ok({ items: [{ id: 'coffee', name: 'coffee mug', sku: 'coffee', precision: 0 }] }),
      }),
    };
    const running = await hostAt({ folder: await freshFolder(), connectors: [telling] });
    await hire(running);
    const { connection } = await does(running, 'saveConnection', { ...FORM, secrets: { token: 'coffee' } });
    const { items } = await does(running, 'remoteItems', { connection });
    expect(items).toMatchObject([{ id: 'coffee', name: 'coffee mug', sku: 'coffee' }]);
    await running.close();
  });

  test('H772 an address with a password, or a setting that holds a secret, is refused and written nowhere', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder, connectors: [honestRemote().connector] });
    await hire(running);
    for (const baseUrl of [
      `https://ada:${TOKEN}@remote.example`,
      'https://canary-user@remote.example',
      `https://remote.example/?key=${TOKEN}`,
      `HTTPS:\\\\ada:${TOKEN}@remote.example`,
    ])
      expect([baseUrl, await codeOf(running.host.saveConnection({ ...FORM, settings: { baseUrl } }))]).toEqual([
        baseUrl,
        'secret_in_settings',
      ]);
    await running.close();
    const written = await Promise.all((await filesIn(folder)).map((path) => readFile(path, 'utf8')));
    expect(written.filter((text) => text.includes(TOKEN) || text.includes('canary-user'))).toEqual([]);
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
