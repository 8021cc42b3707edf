import { createServer, type Server } from 'node:http';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import {
  ANA,
  BEN,
  CLEO,
  countBin,
  goTo,
  readJournal,
  realCodes,
  send,
  signInAs,
  test as base,
  type JournalEntry,
} from './prepared.ts';
import { descendantsOf, killTree, scan, startBlindly } from './tallybook-app.ts';

const BIN = 'A-11-12-1-2';

/** A server on this machine that notes who comes, and repeats what it was told. */
type Listener = { readonly origin: string; readonly visits: string[] };

const test = base.extend<{ outside: Listener }>({
  outside: async ({}, use) => {
    const visits: string[] = [];
    const server: Server = createServer((request, response) => {
      visits.push(`${request.method} ${request.url}`);
      const said = JSON.stringify({
        errors: [{ code: 'UNAUTHORIZED', detail: `no: ${request.headers.authorization}` }],
      });
      response.writeHead(401, { 'content-type': 'application/json' }).end(said);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await use({ origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, visits });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

/** Lines of the host's log. */
function logOf(profile: string): Record<string, unknown>[] {
  const logs = join(profile, 'ledger', 'logs');
  const text = readdirSync(logs)
    .map((name) => readFileSync(join(logs, name), 'utf8'))
    .join('');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function append(page: Page, ...facts: readonly Record<string, unknown>[]): Promise<unknown> {
  return send(page, 'append', { facts });
}

test('J19 a hostile script in the page reaches no network, opens no window and goes nowhere', async ({
  profile,
  launch,
  outside,
}) => {
  const { app, page } = await launch(profile);
  await signInAs(page, ANA);
  const before = page.url();
  const attempts = await page.evaluate(async (origin) => {
    const hostile: Record<string, () => unknown> = {
      fetch: () => fetch(`${origin}/fetch`),
      'fetch without cors': () => fetch(`${origin}/no-cors`, { mode: 'no-cors', method: 'POST', body: 'stock' }),
      XMLHttpRequest: () =>
        new Promise((resolve, reject) => {
          const request = new XMLHttpRequest();
          request.addEventListener('load', resolve);
          request.addEventListener('error', () => reject(new Error('refused')));
          request.open('GET', `${origin}/xhr`);
          request.send();
        }),
      WebSocket: () => opened(new WebSocket(origin.replace('http', 'ws')), 'open'),
      EventSource: () => opened(new EventSource(`${origin}/events`), 'open'),
      'image beacon': () => loaded('img', { src: `${origin}/image` }),
      sendBeacon: () => {
        // It answers before it is refused; the server's list decides.
        navigator.sendBeacon(`${origin}/beacon`, 'stock');
        throw new Error('left to the list of visits');
      },
      script: () => loaded('script', { src: `${origin}/script.js` }),
      'inline script': () => {
        document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hacked = 1' }));
        if (!('hacked' in window)) throw new Error('not run');
      },
      'inline handler': () => {
        const button = document.createElement('button');
        button.setAttribute('onclick', 'window.hacked = 2');
        document.body.append(button);
        button.click();
        button.remove();
        if (!('hacked' in window)) throw new Error('not run');
      },
      'style sheet': () => loaded('link', { rel: 'stylesheet', href: `${origin}/style.css` }),
      frame: () => {
        document.body.append(Object.assign(document.createElement('iframe'), { src: `${origin}/frame` }));
        throw new Error('left to the list of visits');
      },
      object: () => loaded('object', { data: `${origin}/object` }),
      video: () => loaded('video', { src: `${origin}/video` }),
      font: () => new FontFace('hostile', `url(${origin}/font.woff2)`).load(),
      prefetch: () => loaded('link', { rel: 'prefetch', href: `${origin}/prefetch` }),
      import: () => import(/* @vite-ignore */ `${origin}/module.js`),
      worker: () => opened(new Worker(`${origin}/worker.js`), 'message'),
      // oxlint-disable-next-line no-eval -- that it is refused is what is tested
      eval: () => (0, eval)('1 + 1'),
      // oxlint-disable-next-line typescript/no-implied-eval -- that it is refused is what is tested
      Function: () => new Function('return 1')(),
      'timer text': () => {
        setTimeout('window.hacked = 3' as unknown as () => void, 0);
        throw new Error('left to what is seen afterwards');
      },
      'window.open': () => {
        if (window.open(`${origin}/window`) === null) throw new Error('refused');
      },
      form: () => {
        const form = Object.assign(document.createElement('form'), { action: `${origin}/form`, method: 'post' });
        document.body.append(form);
        form.submit();
        throw new Error('left to the list of visits');
      },
      camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
      location: () =>
        new Promise((_, reject) =>
          navigator.geolocation.getCurrentPosition(
            () => undefined,
            () => reject(new Error('refused')),
          ),
        ),
      'clipboard reading': () => navigator.clipboard.readText(),
      notification: async () => {
        if ((await Notification.requestPermission()) !== 'granted') throw new Error('refused');
      },
      'peer connection': async () => {
        const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:${new URL(origin).host}` }] });
        peer.createDataChannel('stock');
        await peer.setLocalDescription();
        throw new Error('left to the list of visits');
      },
      'file address': () => fetch('file:///etc/hostname'),
      'other folder': async () => {
        const answer = await fetch('app://tallybook/../../package.json');
        if (!answer.ok) throw new Error('refused');
      },
    };
    function loaded(tag: string, attributes: Record<string, string>): Promise<unknown> {
      return new Promise((resolve, reject) => {
        const element = Object.assign(document.createElement(tag), attributes);
        element.addEventListener('load', resolve);
        element.addEventListener('error', () => reject(new Error('refused')));
        document.head.append(element);
        // Some elements say nothing when they are refused.
        setTimeout(() => reject(new Error('silent')), 1000);
      });
    }
    function opened(source: EventTarget, event: string): Promise<unknown> {
      return new Promise((resolve, reject) => {
        source.addEventListener(event, resolve);
        source.addEventListener('error', () => reject(new Error('refused')));
        setTimeout(() => reject(new Error('silent')), 1000);
      });
    }
    const done = Object.entries(hostile).map(
      ([name, attempt]) =>
        new Promise<[string, string]>((resolve) => {
          // From a timer of the page, as its own code would: what a debugger evaluates may do more.
          setTimeout(() => {
            Promise.resolve()
              .then(attempt)
              .then(
                () => resolve([name, 'DONE']),
                () => resolve([name, 'refused']),
              );
          }, 0);
        }),
    );
    return Promise.all(done);
  }, outside.origin);
  expect(attempts.filter(([, end]) => end === 'DONE')).toEqual([]);
  expect(attempts.length).toBeGreaterThanOrEqual(30);
  await page.evaluate((to) => {
    location.href = to;
  }, `${outside.origin}/navigation`);
  // A locator would wait for the end of a journey that never begins.
  const here = await page.evaluate(() => [location.href, document.querySelector('[data-testid="saved-at"]') !== null]);
  expect(here).toEqual([before, true]);
  expect(app.windows()).toHaveLength(1);
  expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  expect(outside.visits).toEqual([]);
});

test('J20 the page has one function of the machine and nothing else', async ({ profile, launch }) => {
  const { page } = await launch(profile);
  const found = await page.evaluate(() => {
    const machine = ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname'];
    const before = window.tallybook?.send;
    try {
      Object.assign(window, { tallybook: { send: () => Promise.resolve('mine') } });
    } catch {
      // That it is refused is the point.
    }
    return {
      names: Reflect.ownKeys(window.tallybook ?? {}),
      kind: typeof window.tallybook?.send,
      machine: machine.filter((name) => name in window),
      kept: window.tallybook?.send === before,
    };
  });
  expect(found).toEqual({ names: ['send'], kind: 'function', machine: [], kept: true });
});

test('J21 unknown, malformed, giant and poisoned calls are refused with a code, logged, and change nothing', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  const before = readJournal(profile).length;
  const answers = await page.evaluate(async () => {
    const send = window.tallybook?.send;
    if (!send) return [];
    const names: unknown[] = [
      '',
      'start ',
      'START',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'prototype',
      '../append',
      'x'.repeat(1_000_000),
      7,
      null,
      undefined,
      {},
      ['append'],
      true,
    ];
    const deep: Record<string, unknown> = {};
    let at = deep;
    for (let depth = 0; depth < 400; depth += 1) at = at['facts'] = {} as Record<string, unknown>;
    const fact = { kind: 'stock_moved', item: '00000054491069', from: 'A-10-11-1-1', to: 'A-10-11-1-2', quantity: '1' };
    const facts: unknown[] = [
      undefined,
      null,
      7,
      'facts',
      [],
      {},
      deep,
      { facts: null },
      { facts: [] },
      { facts: {} },
      { facts: [null] },
      { facts: [{ ...fact, kind: '__proto__' }] },
      { facts: [{ ...fact, quantity: 1 }] },
      { facts: [{ ...fact, quantity: '1e9' }] },
      { facts: [{ ...fact, quantity: 'NaN' }] },
      { facts: [{ ...fact, quantity: '0.000001' }] },
      { facts: [{ ...fact, quantity: '9'.repeat(5_000_000) }] },
      { facts: [{ ...fact, item: 'x'.repeat(10_000_000) }] },
      { facts: [{ ...fact, from: ['A-10-11-1-1'] }] },
      { facts: Array.from({ length: 20_000 }, () => fact) },
      { facts: [{ kind: 'stock_moved' }], length: 1 },
      JSON.parse('{"__proto__":{"facts":[]}}'),
      JSON.parse('{"facts":[{"__proto__":{"kind":"stock_moved"}}]}'),
      { constructor: { prototype: { polluted: true } } },
      new Map([['facts', [fact]]]),
      new Date(),
      new Uint8Array(8_000_000),
    ];
    const calls: [unknown, unknown][] = [
      ...names.map((name): [unknown, unknown] => [name, {}]),
      ...facts.map((input): [unknown, unknown] => ['append', input]),
      ['readJournal', { fromSeq: -1, limit: 1e9 }],
      ['readJournal', { fromSeq: 1, limit: Number.POSITIVE_INFINITY }],
      ['readCatalogueFile', { sha256: '../../device.json', offset: 0 }],
      ['appendCatalogueRows', { file: '../../device.json', lines: '{}\n', rows: 1 }],
      ['readSample', { what: '../../../package.json' }],
      ['saveFile', { suggestedName: 7, text: 7 }],
      ['signIn', { person: { toString: 'x' }, pin: ['4', '7'] }],
      ['log', { level: 'fatal', event: 'x', facts: {} }],
    ];
    const ends: string[] = [];
    for (const [name, input] of calls) {
      try {
        const answer = (await Reflect.apply(send, undefined, [name, input])) as {
          ok?: boolean;
          error?: { code?: string };
        };
        ends.push(
          answer.ok === false
            ? String(answer.error?.code)
            : `DONE ${String(name).slice(0, 40)} ${JSON.stringify(input)?.slice(0, 80)}`,
        );
      } catch {
        ends.push(`thrown ${String(name).slice(0, 40)} ${JSON.stringify(input)?.slice(0, 80)}`);
      }
    }
    return ends;
  });
  expect(answers.length).toBeGreaterThan(45);
  expect(answers.filter((end) => !['bad_request', 'not_found'].includes(end))).toEqual([]);
  expect(await send(page, 'start', {})).toMatchObject({ ok: true });
  expect(readJournal(profile)).toHaveLength(before);
  const refused = logOf(profile).filter(({ event }) => event === 'call_refused');
  expect(refused.length).toBeGreaterThan(40);
  expect(Math.max(...refused.map((line) => JSON.stringify(line).length))).toBeLessThan(2000);
  expect(await page.evaluate(() => 'polluted' in {})).toBe(false);
});

/** Facts that a counter must not write, with an id that exists where one is needed. */
function aboveACounter(batch: string): Record<string, unknown>[] {
  const line = { item: '00000054491069', bin: BIN };
  return [
    { kind: 'lines_decided', batch, decision: 'approve', lines: [line] },
    {
      kind: 'lines_posted',
      batch,
      lines: [{ ...line, counted: '1', bookThen: '0', variance: '1', anchor: 'x', countedAt: '2026-01-01T00:00:00Z' }],
    },
    { kind: 'stock_changed', ...line, quantity: '5', reason: 'correction' },
    { kind: 'stocktake_created', stocktake: 'mine', name: 'Mine', blind: false, bins: [BIN] },
    { kind: 'catalogue_imported', what: 'items', sha256: '0'.repeat(64), rows: 1, source: 'mine' },
    { kind: 'barcode_taught', item: line.item, barcode: { code: '4006381333931' } },
    { kind: 'person_changed', person: 'me', name: 'Me', roles: ['admin'], active: true },
    { kind: 'connection_saved', connection: 'mine', remote: 'square', name: 'Mine', settings: {} },
    { kind: 'mapping_set', connection: 'mine', items: [], sites: [] },
    { kind: 'send_frozen', connection: 'mine', batch, requests: [], stopped: [] },
    { kind: 'send_attempted', connection: 'mine', request: 'r', attempt: 1 },
    {
      kind: 'send_settled',
      connection: 'mine',
      request: 'r',
      attempt: 1,
      outcome: { state: 'confirmed', receipts: [] },
    },
    { kind: 'remote_observed', connection: 'mine', requestedAt: '2026-01-01T00:00:00Z', counts: [], complete: true },
  ];
}

test('J22 a counter’s page cannot do what only others may, and each attempt is in the log', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await expect(page.getByRole('radio', { name: BEN.name })).toBeVisible();
  const move = { kind: 'stock_moved', item: '00000054491069', from: 'A-10-11-1-1', to: 'A-10-11-1-2', quantity: '1' };
  expect(await append(page, move)).toMatchObject({ ok: false, error: { code: 'not_signed_in' } });
  await signInAs(page, BEN);
  const before = readJournal(profile);
  const facts = aboveACounter('no-batch');
  for (const fact of facts)
    expect(await append(page, fact), String(fact['kind'])).toMatchObject({
      ok: false,
      error: { code: 'role_missing' },
    });
  // One that is allowed does not carry the other through.
  expect(await append(page, move, ...facts.slice(2, 3))).toMatchObject({ ok: false, error: { code: 'role_missing' } });
  const calls: readonly (readonly [string, unknown, string])[] = [
    ['savePerson', { name: 'Eve', roles: ['admin'], active: true, pin: '4444' }, 'role_missing'],
    ['createFirstPerson', { name: 'Eve', pin: '4444' }, 'people_exist'],
    ['saveConnection', { remote: 'square', name: 'Mine', settings: {}, secrets: {} }, 'role_missing'],
    ['beginCatalogueFile', { what: 'items' }, 'role_missing'],
    ['freezeRequests', { connection: 'mine', batch: 'no-batch', lines: [], stopped: [] }, 'role_missing'],
    ['testConnection', { connection: 'mine' }, 'role_missing'],
    ['remoteItems', { connection: 'mine' }, 'role_missing'],
  ];
  for (const [name, input, code] of calls)
    expect(await send(page, name, input), name).toMatchObject({ ok: false, error: { code } });
  expect(readJournal(profile)).toEqual(before);
  // Once anything was written, nothing is given back any more.
  expect(await append(page, move)).toMatchObject({ ok: true });
  expect(await send(page, 'restoreJournal', { entries: [], last: true })).toMatchObject({
    ok: false,
    error: { code: 'bad_request' },
  });
  const logged = logOf(profile).filter(({ event }) => event === 'append_refused');
  expect(logged.map(({ kind }) => kind)).toEqual(expect.arrayContaining(facts.map(({ kind }) => kind)));
});

test('J23 nobody decides or posts what they counted, whatever roles they hold, and no figure can be made up', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await countBin(page, BIN);
  const [code = ''] = realCodes(1);
  await scan(page, code);
  await expect(page.getByTestId('scan-count')).toHaveText('1 scan');
  const counted = entryOf(readJournal(profile), 'counted');
  const { stocktake, item } = counted.fact;
  const batch = 'handed-in';
  const handIn = { kind: 'batch_submitted', batch, stocktake, pass: 1, bins: [BIN] };
  expect(await append(page, handIn)).toMatchObject({ ok: false, error: { code: 'bin_not_done' } });
  expect(await append(page, { kind: 'bin_finished', stocktake, pass: 1, bin: BIN })).toMatchObject({ ok: true });
  expect(await append(page, handIn)).toMatchObject({ ok: true });
  const line = { item, bin: BIN };
  const approve = { kind: 'lines_decided', batch, decision: 'approve', lines: [line] };
  const book = readJournal(profile)
    .filter(({ fact }) => fact.kind === 'stock_changed' && fact['item'] === item && fact['bin'] === BIN)
    .reduce((sum, { fact }) => sum + Number(fact['quantity']), 0);
  const posted = {
    ...line,
    counted: '1',
    bookThen: String(book),
    variance: String(1 - book),
    anchor: counted.id,
    countedAt: (counted as unknown as { at: string }).at,
  };
  const post = { kind: 'lines_posted', batch, lines: [posted] };
  const own = { ok: false, error: { code: 'own_count' } };
  const bad = { ok: false, error: { code: 'bad_request' } };
  expect(await append(page, approve)).toMatchObject(own);
  expect(
    await append(page, { ...approve, lines: [{ item: String(item).toLowerCase(), bin: BIN.toLowerCase() }] }),
  ).toMatchObject(own);
  expect(await append(page, post)).toMatchObject(bad);
  expect(await append(page, approve, post)).toMatchObject({ ok: false });
  const cleo = await personNamed(page, CLEO.name);
  expect(await send(page, 'signIn', { person: cleo, pin: ANA.pin })).toMatchObject({
    ok: false,
    error: { code: 'wrong_pin' },
  });
  expect(await append(page, approve)).toMatchObject(own);
  expect(await send(page, 'signIn', { person: cleo, pin: CLEO.pin })).toMatchObject({ ok: true });
  expect(await append(page, post), 'not approved').toMatchObject(bad);
  expect(await append(page, approve)).toMatchObject({ ok: true });
  expect(await append(page, { ...post, lines: [{ ...posted, variance: '2' }] }), 'variance').toMatchObject(bad);
  const madeUp = { ...posted, counted: '99999', bookThen: '0', variance: '99999' };
  expect(await append(page, { ...post, lines: [madeUp] }), 'made up').toMatchObject({
    ok: false,
    error: { code: 'not_as_counted' },
  });
  expect(await append(page, { ...post, lines: [{ ...posted, bin: 'A-10-11-1-1' }] }), 'other bin').toMatchObject(bad);
  expect(await append(page, { ...post, lines: [posted, posted] }), 'twice').toMatchObject(bad);
  const ana = await personNamed(page, ANA.name);
  expect(await send(page, 'signIn', { person: ana, pin: ANA.pin })).toMatchObject({ ok: true });
  expect(await append(page, post), 'by the counter').toMatchObject(own);
  expect(await send(page, 'signIn', { person: cleo, pin: CLEO.pin })).toMatchObject({ ok: true });
  expect(await append(page, post)).toMatchObject({ ok: true });
  expect(await append(page, post), 'again').toMatchObject(bad);
  expect(await append(page, approve), 'after posting').toMatchObject(bad);
  expect(readJournal(profile).filter(({ fact }) => fact.kind === 'lines_posted')).toHaveLength(1);
});

function entryOf(entries: readonly JournalEntry[], kind: string): JournalEntry {
  const found = entries.find(({ fact }) => fact.kind === kind);
  if (!found) throw new Error(`no ${kind} in the journal`);
  return found;
}

async function personNamed(page: Page, name: string): Promise<string> {
  const started = (await send(page, 'whoIsHere', {})) as { value: { people: { id: string; name: string }[] } };
  return started.value.people.find((person) => person.name === name)?.id ?? '';
}

/** Every file of a profile that holds one of these texts, however written. */
function filesHolding(profile: string, secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    return [
      bytes,
      Buffer.from(secret, 'utf16le'),
      Buffer.from(bytes.toString('base64').slice(0, -4)),
      Buffer.from(bytes.toString('hex')),
    ];
  });
  return readdirSync(profile, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => {
      const content = readFileSync(path);
      return forms.some((form) => content.includes(form));
    });
}

test('J24 a token, a passphrase and a PIN are nowhere in the profile or the log, also after a remote repeats them', async ({
  profile,
  launch,
  outside,
}) => {
  const token = 'EAAAl-canary-7f3a9c55d1e04b';
  const passphrase = 'canary passphrase of this laptop';
  const pin = 'pin-canary-83160247';
  const { page, close } = await launch(profile);
  await signInAs(page, ANA);
  expect(await send(page, 'savePerson', { name: 'Dora', roles: ['counter'], active: true, pin })).toMatchObject({
    ok: true,
  });
  await goTo(page, '/send');
  await page
    .getByRole('button', { name: /connection/i })
    .first()
    .click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name').fill('Shop');
  await form.getByLabel('Address').fill(outside.origin);
  await form.getByLabel('Access token').fill(token);
  await form.getByRole('button', { name: /Save connection/ }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: /Set passphrase/ }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect.poll(() => readJournal(profile).filter(({ fact }) => fact.kind === 'connection_saved').length).toBe(1);
  const { connection } = entryOf(readJournal(profile), 'connection_saved').fact;
  expect(await send(page, 'testConnection', { connection })).toMatchObject({ ok: false });
  expect(outside.visits.length).toBeGreaterThan(0);
  expect(await send(page, 'signIn', { person: await personNamed(page, 'Dora'), pin: `${pin}x` })).toMatchObject({
    ok: false,
  });
  expect(
    await send(page, 'log', { level: 'error', event: 'send_broke', facts: { detail: `401 for ${token}`, token } }),
  ).toMatchObject({ ok: true });
  expect(await page.locator('body').innerText()).not.toContain(token);
  await close();
  expect(filesHolding(profile, [token, passphrase, pin])).toEqual([]);
  expect(logOf(profile).some(({ event }) => event === 'page_send_broke')).toBe(true);
});

/** Local addresses on which these processes wait for TCP connections, as Linux tells them. */
function listening(pids: readonly number[]): string[] {
  const sockets = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        try {
          return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
        } catch {
          return [];
        }
      }),
    ),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/self/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/))
      .filter((columns) => columns[3] === '0A' && sockets.has(columns[9] ?? ''))
      .map((columns) => columns[1] ?? ''),
  );
}

test('J25 the app by itself waits for no connection from anywhere', async ({ profile }) => {
  const opened = logOf(profile).filter(({ event }) => event === 'journal_opened').length;
  const app = startBlindly(profile);
  const gone = new Promise((resolve) => app.once('exit', resolve));
  try {
    await expect
      .poll(() => logOf(profile).filter(({ event }) => event === 'journal_opened').length, { timeout: 30_000 })
      .toBe(opened + 1);
    // Only Linux tells which sockets are whose without more rights than a test has.
    if (process.platform === 'linux') {
      await expect.poll(() => descendantsOf(app.pid ?? 0).length).toBeGreaterThan(3);
      expect(listening([app.pid ?? 0, ...descendantsOf(app.pid ?? 0)])).toEqual([]);
    }
  } finally {
    killTree(app.pid);
    await gone;
  }
});
