import { readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fact, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import type { RemoteConnector, RemoteMeans } from '../../../shared/ports/remote-inventory.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import { codeOf, does, freshFolder, hostAt } from './bench.ts';
import { APPROVED, countAndSubmit, enter, hire, posting, type Crew } from './crew.ts';
import { honestRemote, type HonestRemote } from './honest-remote.ts';

const FORM = {
  remote: 'honest',
  name: 'Shop',
  settings: { baseUrl: 'https://remote.example' },
  secrets: { token: 'canary-token' },
};

/** The honest remote with the means that it was opened with, so that a test can do what a connector does. */
function tellingRemote(more: Partial<RemoteConnector> = {}): HonestRemote & { means: RemoteMeans[] } {
  const remote = honestRemote();
  const means: RemoteMeans[] = [];
  const { open } = remote.connector;
  const connector: RemoteConnector = {
    ...remote.connector,
    open(settings, given) {
      means.push(given);
      return open(settings, given);
    },
    ...more,
  };
  return Object.assign(remote, { connector, means });
}

type Shop = { running: Awaited<ReturnType<typeof hostAt>>; crew: Crew; connection: string; folder: string };

async function openShop(connector: RemoteConnector, setting: object = {}): Promise<Shop> {
  const folder = await freshFolder();
  const running = await hostAt({ folder, connectors: [connector], ...setting });
  const crew = await hire(running);
  const { connection } = await does(running, 'saveConnection', FORM);
  await does(running, 'append', {
    facts: [{ kind: 'mapping_set', connection, items: [], sites: [{ site: 'Main', remoteLocation: 'L1' }] }],
  });
  return { running, crew, connection, folder };
}

async function filesOf(folder: string): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
  );
  return texts.join('\n');
}

describe('tokens', () => {
  test('H150 tokens outlive a restart, stand in no file and no log, and do not open the remote anew', async () => {
    const remote = tellingRemote();
    const { running, crew, connection, folder } = await openShop(remote.connector);
    await does(running, 'testConnection', { connection }).catch(() => undefined);
    expect(await remote.means[0]?.tokens.read()).toEqual({});
    expect(await remote.means[0]?.tokens.save({ access: 'canary-access', refresh: 'canary-refresh' })).toBe(true);
    await codeOf(running.host.testConnection({ connection }));
    expect(remote.means).toHaveLength(1);
    running.log('warn', 'remote_said', { detail: 'Bearer canary-access and canary-refresh' });
    await running.close();
    const again = await hostAt({ folder, connectors: [remote.connector] });
    await enter(again, crew.admin);
    await does(again, 'readJournal', { fromSeq: 1, limit: 1 });
    await codeOf(again.host.pullCounts({ connection }));
    expect(await remote.means[1]?.tokens.read()).toEqual({ access: 'canary-access', refresh: 'canary-refresh' });
    await again.close();
    expect(await filesOf(folder)).not.toMatch(/canary-(access|refresh|token)/);
  });

  test('H151 tokens are dropped with the secrets or the address they were got with, and with nothing else', async () => {
    const remote = tellingRemote();
    const { running, connection } = await openShop(remote.connector);
    await codeOf(running.host.testConnection({ connection }));
    const tokens = remote.means[0]?.tokens;
    const keptAfter = async (change: object) => {
      await tokens?.save({ access: 'canary-access' });
      expect(await codeOf(running.host.saveConnection({ ...FORM, connection, secrets: {}, ...change }))).toBe('ok');
      return Object.keys((await tokens?.read()) ?? {});
    };
    expect(await keptAfter({ name: 'Renamed' })).toEqual(['access']);
    expect(await keptAfter({ secrets: { token: 'canary-token' } })).toEqual(['access']);
    expect(await keptAfter({ secrets: { token: 'canary-other' } })).toEqual([]);
    const elsewhere = { settings: { baseUrl: 'https://other.example' }, secrets: { token: 'canary-other' } };
    expect(await keptAfter(elsewhere)).toEqual([]);
    await running.close();
  });

  test('H152 while the vault is locked no remote is opened', async () => {
    const remote = tellingRemote();
    const folder = await freshFolder();
    const running = await hostAt({ folder, connectors: [remote.connector], cipher: null });
    const crew = await hire(running);
    await does(running, 'unlockVault', { passphrase: 'long enough words' });
    const { connection } = await does(running, 'saveConnection', FORM);
    await codeOf(running.host.testConnection({ connection }));
    await running.close();
    const again = await hostAt({ folder, connectors: [remote.connector], cipher: null });
    await enter(again, crew.admin);
    expect(await codeOf(again.host.pullCounts({ connection }))).toBe('vault_locked');
    expect(remote.means).toHaveLength(1);
    await again.close();
  });
});

describe('signing in at a vendor', () => {
  const signing = (url: string, fails = false): Partial<RemoteConnector> => ({
    signIn: {
      async begin(_settings, means) {
        await means.tokens.save({ verifier: means.secretText(43) });
        return { url };
      },
      async finish(_settings, means, answer) {
        if (fails) return err({ code: 'unauthorized', detail: 'no' });
        await means.tokens.save({ access: `token for ${answer}` });
        return ok(null);
      },
    },
  });

  test('H153 only a page of the connection’s own vendor is opened in a browser, and only for an admin', async () => {
    const opened: string[] = [];
    const setting = { openExternal: async (url: string) => void opened.push(url) };
    for (const url of [
      'https://evil.example/login',
      'http://remote.example/',
      'file:///etc/passwd',
      'not an address',
    ]) {
      const { running, connection } = await openShop(tellingRemote(signing(url)).connector, setting);
      expect(await codeOf(running.host.beginVendorSignIn({ connection }))).toBe('bad_request');
      await running.close();
    }
    const remote = tellingRemote(signing('https://remote.example/login?challenge=c'));
    const { running, connection, crew } = await openShop(remote.connector, setting);
    expect((await does(running, 'connectors', {}))[0]?.signIn).toEqual({});
    await does(running, 'beginVendorSignIn', { connection });
    expect(opened).toEqual(['https://remote.example/login?challenge=c']);
    await enter(running, crew.byRole.approver);
    expect(await codeOf(running.host.beginVendorSignIn({ connection }))).toBe('role_missing');
    await running.close();
  });

  test('H154 what signing in has brought is used from then on; a refusal says why', async () => {
    const remote = tellingRemote(signing('https://remote.example/login'));
    const { running, connection } = await openShop(remote.connector);
    await does(running, 'beginVendorSignIn', { connection });
    await does(running, 'finishVendorSignIn', { connection, answer: 'code' });
    await codeOf(running.host.testConnection({ connection }));
    expect(await remote.means.at(-1)?.tokens.read()).toEqual({ access: 'token for code' });
    await running.close();
    const refused = await openShop(tellingRemote(signing('https://remote.example/login', true)).connector);
    const answer = refused.running.host.finishVendorSignIn({ connection: refused.connection, answer: 'code' });
    expect(await answer).toMatchObject({ error: { code: 'remote_failed', problem: 'unauthorized', detail: 'no' } });
    await refused.running.close();
  });
});

describe('pace', () => {
  test('O164 each origin of a connection has a pace of its own: a token is got however much another is asked', async () => {
    const asked: string[] = [];
    const remote = tellingRemote({
      abilities: { ...honestRemote().connector.abilities, pace: { requests: 1, perMs: 60_000 } },
      origins: () => ['https://remote.example', 'https://login.example'],
    });
    const { running, connection } = await openShop(remote.connector, {
      openHttp: (origin: string) => async () => {
        asked.push(origin);
        return { ok: true, value: { status: 200, headers: {}, body: '' } };
      },
      wait: () => new Promise<void>(() => undefined),
    });
    await does(running, 'testConnection', { connection });
    const http = remote.means.at(-1)?.http;
    void http?.({ method: 'GET', url: 'https://remote.example/again', headers: {} });
    await http?.({ method: 'POST', url: 'https://login.example/token', headers: {} });
    expect(asked).toEqual(['https://remote.example', 'https://login.example']);
    await running.close();
  });
});

describe('sending again', () => {
  const LINES: PostedLine[] = ['SKU-1', 'SKU-2'].map((item) => ({
    item,
    bin: 'A-01',
    counted: '5',
    bookThen: '7',
    variance: '-2',
    anchor: `entry-${item}`,
    countedAt: '2026-11-22T07:00:00.000Z',
  }));

  async function frozen(shop: Shop): Promise<string> {
    const { running, crew, connection } = shop;
    await countAndSubmit(running, crew, ['A-01'], LINES);
    await enter(running, crew.byRole.approver);
    const counted = await posting(running, LINES);
    for (const [at, line] of counted.lines.entries()) Object.assign(LINES[at] ?? {}, line);
    const names = LINES.map(({ item, bin }) => ({ item, bin }));
    await does(running, 'append', { facts: [{ ...APPROVED, lines: names }, counted] });
    const lines = LINES.map((line) => ({
      ref: lineRef(connection, 'batch-1', [line]),
      item: line.item,
      remoteItem: line.item,
      remoteLocation: 'L1',
      change: 'adjust' as const,
      quantity: '-2',
      bins: [line.bin],
      occurredAt: '2026-11-22T07:00:00.000Z',
    }));
    const { entries } = await does(running, 'freezeRequests', { connection, batch: 'batch-1', lines, stopped: [] });
    const fact = entries[0]?.fact;
    return fact?.kind === 'send_frozen' ? (fact.requests[0]?.id ?? '') : '';
  }

  test.each(['with', 'without'])(
    'H155 what goes again is known after a restart %s a checkpoint, and is frozen once, by the engine',
    async (how) => {
      const remote = tellingRemote({ abilities: { ...honestRemote().connector.abilities, idempotencyKeys: true } });
      const shop = await openShop(remote.connector);
      const request = await frozen(shop);
      const step = { connection: shop.connection, request };
      remote.nextError = { code: 'rejected', detail: 'something', refs: [] };
      remote.taken.clear();
      await does(shop.running, 'pushRequest', step);
      await shop.running.close();
      if (how === 'without') await rm(join(shop.folder, 'authority'), { recursive: true });
      const again = await hostAt({ folder: shop.folder, connectors: [remote.connector] });
      await enter(again, shop.crew.byRole.counter);
      const { entries } = await does(again, 'freezeAgain', step);
      expect(entries.map(({ by, fact }) => [by, fact.kind === 'send_frozen' ? fact.requests.length : 0])).toEqual([
        ['engine', 2],
      ]);
      expect((await does(again, 'freezeAgain', step)).entries).toEqual([]);
      await again.close();
    },
  );

  test('H156 a person’s word is taken on lines in doubt alone, once, and from approvers', async () => {
    const remote = tellingRemote({
      abilities: { ...honestRemote().connector.abilities, readBack: 'none' },
    });
    const shop = await openShop(remote.connector);
    const { running, crew, connection } = shop;
    const request = await frozen(shop);
    remote.nextError = { code: 'unknown_outcome', detail: '' };
    await does(running, 'pushRequest', { connection, request });
    const refs = LINES.map((line) => lineRef(connection, 'batch-1', [line]));
    const [first = '', second = ''] = refs;
    const settle = (arrived: string[], missing: string[]) =>
      codeOf(running.host.append({ facts: [{ kind: 'doubt_settled', connection, request, arrived, missing }] }));
    expect(await settle([first], [])).toBe('not_found');
    await running.close();

    const later = new Date(Date.UTC(2026, 10, 22, 8, 30));
    const clock = { now: () => later.getTime(), steady: () => 5_000_000 };
    const again = await hostAt({ folder: shop.folder, connectors: [remote.connector], clock });
    await enter(again, crew.byRole.lead);
    await does(again, 'readBackRequest', { connection, request });
    const tell = (arrived: string[], missing: string[]) =>
      codeOf(again.host.append({ facts: [{ kind: 'doubt_settled', connection, request, arrived, missing }] }));
    expect(await tell([first], [])).toBe('role_missing');
    await enter(again, crew.byRole.approver);
    expect(await tell(['mine'], [])).toBe('bad_request');
    expect(await tell([first], [first])).toBe('bad_request');
    expect(await tell([], [])).toBe('bad_request');
    expect(await tell([first], [second])).toBe('ok');
    expect(await tell([first], [])).not.toBe('ok');
    expect((await does(again, 'freezeAgain', { connection, request })).entries).toHaveLength(1);
    await again.close();
  });

  test('H157 differences, files and freezing are for approvers; what is frozen is sent whoever stands there', async () => {
    const { running, crew, connection } = await openShop(tellingRemote().connector);
    const rows = [{ item: 'SKU-1', remoteItem: 'I1', remoteLocation: 'L1', ours: '1', theirs: null }];
    const calls = () => [
      codeOf(running.host.decideDrift({ connection, decision: 'd', choice: 'send_ours', rows, corrections: [] })),
      codeOf(running.host.startFileJob({ connection, request: 'r', url: 'https://a.example/f' })),
      codeOf(running.host.abortFileJob({ connection, request: 'r' })),
    ];
    for (const role of ['admin', 'lead', 'counter'] as const) {
      await enter(running, crew.byRole[role]);
      expect(await Promise.all(calls())).toEqual(['role_missing', 'role_missing', 'role_missing']);
    }
    await does(running, 'signOut', {});
    expect(await Promise.all(calls())).toEqual(['not_signed_in', 'not_signed_in', 'not_signed_in']);
    expect(await codeOf(running.host.freezeAgain({ connection, request: 'r' }))).toBe('not_signed_in');
    expect(await codeOf(running.host.pushRequest({ connection, request: 'r' }))).toBe('not_found');
    await running.close();
  });
});

describe('our figure in a decided difference', () => {
  test('O771 what stands in a decision as ours is what the journal says, over every bin that belongs there, or it is refused', async () => {
    const { running, crew, connection } = await openShop(tellingRemote().connector);
    const bins = [
      ['A-01', 'Main'],
      ['A-02', 'Main'],
      ['B-01', 'Depot'],
    ].map(([code = '', site = ''], walk) => ({ code, label: code, site, zone: 'A', walk }));
    const { file } = await does(running, 'beginCatalogueFile', { what: 'bins' });
    const lines = bins.map((bin) => `${JSON.stringify(bin)}\n`).join('');
    await does(running, 'appendCatalogueRows', { file, lines, rows: 3 });
    const { sha256 } = await does(running, 'sealCatalogueFile', { file });
    const stock = (bin: string, quantity: string, reason: 'opening' | 'sale'): Fact => ({
      kind: 'stock_changed',
      item: 'SKU-1',
      bin,
      quantity,
      reason,
    });
    await does(running, 'append', {
      facts: [
        { kind: 'catalogue_imported', what: 'bins', sha256, rows: 3, source: 'bins.csv' },
        {
          kind: 'mapping_set',
          connection,
          items: [{ item: 'SKU-1', remoteItem: 'I1', precision: 0 }],
          sites: [],
        },
        stock('A-01', '7', 'opening'),
        stock('A-02', '2.5', 'opening'),
        stock('B-01', '5', 'opening'),
        stock('unknown', '100', 'opening'),
      ],
    });
    await enter(running, crew.byRole.approver);
    await does(running, 'pullCounts', { connection });
    const row = { item: 'SKU-1', remoteItem: 'I1', remoteLocation: 'L1', ours: '9.5', theirs: null };
    const decide = (more: Partial<typeof row>, choice: 'send_ours' | 'take_theirs' = 'send_ours') => {
      const rows = [{ ...row, ...more }];
      const corrections =
        choice === 'send_ours' ? [] : [{ item: 'SKU-1', bin: 'A-01', quantity: `-${rows[0]?.ours ?? ''}` }];
      return running.host.decideDrift({ connection, decision: 'd', choice, rows, corrections });
    };
    const before = (await does(running, 'whoIsHere', {})).journal.seq;
    for (const ours of ['0', '1', '9', '14.5', '109.5', '99999'])
      for (const choice of ['send_ours', 'take_theirs'] as const)
        expect([ours, await codeOf(decide({ ours }, choice))]).toEqual([ours, 'not_as_counted']);
    expect(await codeOf(decide({ item: 'SKU-2' }))).toBe('bad_request');
    expect(await codeOf(decide({ remoteItem: 'I2' }))).toBe('bad_request');
    expect(await codeOf(decide({ remoteLocation: 'L9' }))).toBe('bad_request');
    expect((await does(running, 'whoIsHere', {})).journal.seq).toBe(before);
    await enter(running, crew.byRole.lead);
    await does(running, 'append', { facts: [stock('A-02', '-1', 'sale')] });
    await enter(running, crew.byRole.approver);
    expect(await codeOf(decide({}))).toBe('not_as_counted');
    expect(await codeOf(decide({ ours: '8.5' }, 'take_theirs'))).toBe('ok');
    // Decided, our figure is another; asked for twice, it is one decision.
    expect(await decide({ ours: '8.5' }, 'take_theirs')).toMatchObject({ ok: true, value: { entries: [] } });
    await running.close();
  });
});
