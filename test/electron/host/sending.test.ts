import { describe, expect, test } from 'vitest';
import type { PostedLine } from '../../../shared/domain/ledger-entry.ts';
import type { HostInput } from '../../../shared/ports/host.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import { codeOf, does, freshFolder, hostAt } from './bench.ts';
import { APPROVED, countAndSubmit, enter, hire, posting, type Crew } from './crew.ts';
import { honestRemote, type HonestRemote } from './honest-remote.ts';

type Shop = {
  running: Awaited<ReturnType<typeof hostAt>>;
  crew: Crew;
  connection: string;
  remote: HonestRemote;
  folder: string;
};

const posted = (item: string, counted: string, variance: string, more: Partial<PostedLine> = {}): PostedLine => ({
  item,
  bin: 'A-01',
  counted,
  variance,
  bookThen: String(Number(counted) - Number(variance)),
  anchor: 'entry-1',
  countedAt: '2026-11-22T07:00:00.000Z',
  ...more,
});
/** SKU-1; SKU-2 in two lots and two bins; SKU-3. */
const ONE = posted('SKU-1', '5', '-2');
const TWO = [
  posted('SKU-2', '4', '1', { lot: 'L1' }),
  posted('SKU-2', '2.5', '-0.5', { lot: 'L2' }),
  posted('SKU-2', '10', '3', { bin: 'A-02' }),
];
const THREE = posted('SKU-3', '0', '-7');
/** Counted with the others, posted later. */
const LATE = posted('SKU-3', '3', '2', { lot: 'late' });

/** A posted batch and a saved, mapped connection; the approver is signed in. */
async function openShop(): Promise<Shop> {
  const folder = await freshFolder();
  const remote = honestRemote();
  const running = await hostAt({ folder, connectors: [remote.connector] });
  const crew = await hire(running);
  const form = {
    remote: 'honest',
    name: 'Shop',
    settings: { baseUrl: 'https://remote.example' },
    secrets: { token: 'canary-token' },
  };
  const { connection } = await does(running, 'saveConnection', form);
  await does(running, 'append', {
    facts: [{ kind: 'mapping_set', connection, items: [], sites: [{ site: 'Main', remoteLocation: 'L1' }] }],
  });
  const lines = [ONE, ...TWO, THREE];
  await countAndSubmit(running, crew, ['A-01', 'A-02'], [...lines, LATE]);
  await enter(running, crew.byRole.approver);
  await post(running, lines);
  return { running, crew, connection, remote, folder };
}

/** Approves and posts; the lines then know where they stand, which their reference is made of. */
async function post(running: Shop['running'], lines: readonly PostedLine[]): Promise<void> {
  const names = lines.map(({ item, bin, lot }) => ({ item, bin, ...(lot !== undefined && { lot }) }));
  const fact = await posting(running, lines);
  for (const [at, line] of fact.lines.entries()) Object.assign(lines[at] ?? {}, line);
  await does(running, 'append', { facts: [{ ...APPROVED, lines: names }, fact] });
}

type Line = HostInput<'freezeRequests'>['lines'][number];

/** A line of a plan, as the page makes it of posted lines. */
function plan(
  { connection }: Pick<Shop, 'connection'>,
  lines: readonly PostedLine[],
  change: Partial<Line> = {},
): Line {
  const base = {
    ref: lineRef(connection, 'batch-1', lines),
    item: lines[0]?.item ?? '',
    remoteItem: 'I1',
    remoteLocation: 'L1',
    change: 'adjust' as const,
    quantity: String(lines.reduce((sum, line) => sum + Number(line.variance), 0)),
    bins: [...new Set(lines.map((line) => line.bin))],
  };
  return { ...base, occurredAt: '2026-11-22T07:00:00.000Z', ...change };
}

function requestsOf(entries: readonly { fact: { kind: string } }[]): string[] {
  return entries.flatMap(({ fact }) =>
    'requests' in fact && Array.isArray(fact.requests)
      ? fact.requests.map((request: { id: string }) => request.id)
      : [],
  );
}

describe('freezing', () => {
  test('H35 only lines that were posted in the batch, in every bin they name, are frozen, and only by an approver', async () => {
    const shop = await openShop();
    const { running, crew, connection } = shop;
    const freeze = (line: Line, batch = 'batch-1') =>
      codeOf(running.host.freezeRequests({ connection, batch, lines: [line], stopped: [] }));
    const line = plan(shop, [ONE]);
    expect(await freeze({ ...line, item: 'SKU-2' })).toBe('not_posted');
    expect(await freeze({ ...line, item: 'SKU-9' })).toBe('not_posted');
    expect(await freeze({ ...line, bins: ['A-01', 'A-02'] })).toBe('not_posted');
    expect(await freeze({ ...line, bins: [] })).toBe('not_posted');
    expect(await freeze({ ...line, ref: 'mine' })).toBe('not_posted');
    expect(await freeze(line, 'other')).toBe('not_found');
    expect(
      await codeOf(running.host.freezeRequests({ connection: 'other', batch: 'batch-1', lines: [line], stopped: [] })),
    ).toBe('not_found');
    await enter(running, crew.byRole.lead);
    expect(await freeze(line)).toBe('role_missing');
    await enter(running, crew.byRole.approver);
    expect(await freeze(line)).toBe('ok');
    await running.close();
  });

  test('H80 a frozen line carries exactly what was posted: the sum of variances, or of what was counted', async () => {
    const shop = await openShop();
    const { running, connection } = shop;
    const freeze = (...lines: Line[]) =>
      codeOf(running.host.freezeRequests({ connection, batch: 'batch-1', lines, stopped: [] }));
    const adjust = plan(shop, TWO);
    const count = { ...adjust, change: 'count' as const };
    for (const quantity of ['4', '3.50001', '-3.5', '0', '16.5', '1e3', ''])
      expect(await freeze({ ...adjust, quantity })).toBe('not_the_posted_amount');
    for (const quantity of ['3.5', '16', '0'])
      expect(await freeze({ ...count, quantity })).toBe('not_the_posted_amount');
    // Fewer bins than the reference stands for, and a reference to fewer lines than are summed.
    expect(await freeze({ ...adjust, bins: ['A-01'] })).toBe('not_posted');
    expect(await freeze({ ...adjust, ref: plan(shop, TWO.slice(0, 2)).ref })).toBe('not_posted');
    expect(await freeze(adjust, plan(shop, TWO.slice(0, 2)))).toBe('bad_request');
    expect(await freeze({ ...count, quantity: '16.5' }, plan(shop, [ONE]))).toBe('ok');
    await running.close();
  });

  test('H81 lots that were sent already are not asked for again: what is still open is summed alone', async () => {
    const shop = await openShop();
    const { running, connection, crew } = shop;
    const freeze = (...lines: Line[]) =>
      codeOf(running.host.freezeRequests({ connection, batch: 'batch-1', lines, stopped: [] }));
    expect(await freeze(plan(shop, TWO.slice(0, 2)))).toBe('ok');
    expect(await freeze(plan(shop, TWO))).toBe('not_posted');
    expect(await freeze(plan(shop, TWO.slice(1)))).toBe('not_posted');
    expect(await freeze(plan(shop, TWO.slice(2)))).toBe('ok');
    // A lot that is posted later joins the ones that are open.
    await enter(running, crew.byRole.approver);
    await post(running, [LATE]);
    await running.close();
    const again = await hostAt({ folder: shop.folder, connectors: [shop.remote.connector] });
    await enter(again, crew.byRole.approver);
    const answer = (line: Line) =>
      codeOf(again.host.freezeRequests({ connection, batch: 'batch-1', lines: [line], stopped: [] }));
    expect(await answer(plan(shop, [THREE, LATE], { quantity: '-7' }))).toBe('not_the_posted_amount');
    expect(await answer(plan(shop, [THREE, LATE]))).toBe('ok');
    await again.close();
  });

  test('H36 the same plan frozen twice, even at once, makes its requests once, in pieces that the remote takes', async () => {
    const shop = await openShop();
    const { running, connection } = shop;
    const lines = [[ONE], TWO, [THREE]].map((some) => plan(shop, some));
    const input = { connection, batch: 'batch-1', lines, stopped: [] };
    const [one, two] = await Promise.all([
      does(running, 'freezeRequests', input),
      does(running, 'freezeRequests', input),
    ]);
    expect(requestsOf(one.entries)).toHaveLength(2);
    expect(two.entries).toEqual([]);
    await running.close();
  });
});

describe('pushing', () => {
  async function frozen(shop: Shop): Promise<string> {
    const { entries } = await does(shop.running, 'freezeRequests', {
      connection: shop.connection,
      batch: 'batch-1',
      lines: [plan(shop, [ONE])],
      stopped: [],
    });
    return requestsOf(entries)[0] ?? '';
  }

  test('H37 a push seals its attempt before it sends and its outcome before it answers', async () => {
    const shop = await openShop();
    const request = await frozen(shop);
    const { entries } = await does(shop.running, 'pushRequest', { connection: shop.connection, request });
    expect(entries.map(({ by, fact }) => [by, fact.kind])).toEqual([
      ['engine', 'send_attempted'],
      ['engine', 'send_settled'],
    ]);
    const { ref } = plan(shop, [ONE]);
    expect(entries[1]?.fact).toMatchObject({
      outcome: { state: 'confirmed', receipts: [{ ref, remoteId: `r-${ref}` }] },
    });
    expect(await codeOf(shop.running.host.pushRequest({ connection: shop.connection, request }))).toBe('not_found');
    expect(shop.remote.taken.get(plan(shop, [ONE]).ref)).toBe(1);
    await shop.running.close();
  });

  test('H38 while one request is on its way, no other goes out on that connection', async () => {
    const shop = await openShop();
    const request = await frozen(shop);
    let open = () => undefined as void;
    shop.remote.gate = new Promise((resolve) => (open = resolve));
    const first = does(shop.running, 'pushRequest', { connection: shop.connection, request });
    expect(await codeOf(shop.running.host.pushRequest({ connection: shop.connection, request }))).toBe('busy');
    open();
    await first;
    expect(shop.remote.taken.get(plan(shop, [ONE]).ref)).toBe(1);
    await shop.running.close();
  });

  test('H39 an outcome that is not known, or was lost with the process, is read back and never pushed again unread', async () => {
    const shop = await openShop();
    const request = await frozen(shop);
    shop.remote.nextError = { code: 'unknown_outcome', detail: 'no answer' };
    const { entries } = await does(shop.running, 'pushRequest', { connection: shop.connection, request });
    expect(entries[1]?.fact).toMatchObject({ outcome: { state: 'unknown' } });
    expect(await codeOf(shop.running.host.pushRequest({ connection: shop.connection, request }))).toBe('bad_request');
    await shop.running.close();
    const again = await hostAt({ folder: shop.folder, connectors: [shop.remote.connector] });
    await enter(again, shop.crew.byRole.counter);
    expect(await codeOf(again.host.pushRequest({ connection: shop.connection, request }))).toBe('bad_request');
    const settled = await does(again, 'readBackRequest', { connection: shop.connection, request });
    expect(settled.entries[0]?.fact).toMatchObject({ outcome: { state: 'confirmed' } });
    expect(shop.remote.taken.get(plan(shop, [ONE]).ref)).toBe(1);
    await again.close();
  });

  test('H40 a retried request goes out byte for byte as it was frozen, also after a restart', async () => {
    const shop = await openShop();
    const request = await frozen(shop);
    shop.remote.nextError = { code: 'not_sent', detail: 'later' };
    await does(shop.running, 'pushRequest', { connection: shop.connection, request });
    await shop.running.close();
    const again = await hostAt({ folder: shop.folder, connectors: [shop.remote.connector] });
    await enter(again, shop.crew.byRole.counter);
    await does(again, 'pushRequest', { connection: shop.connection, request });
    expect(shop.remote.bodies).toHaveLength(2);
    expect(shop.remote.bodies[0]).toBe(shop.remote.bodies[1]);
    await again.close();
  });

  test('H41 pulled figures are sealed as observations; a missing row stays missing', async () => {
    const shop = await openShop();
    const { entries } = await does(shop.running, 'pullCounts', { connection: shop.connection });
    expect(entries[0]).toMatchObject({
      by: 'engine',
      fact: { kind: 'remote_observed', complete: true, counts: [{ quantity: null }] },
    });
    await shop.running.close();
  });
});

describe('connections', () => {
  test('H42 a form is held to its connector: no secret among the settings, no unknown field, an encrypted address', async () => {
    const { running, crew } = await openShop();
    await enter(running, crew.admin);
    const form = {
      remote: 'honest',
      name: 'Two',
      settings: { baseUrl: 'https://remote.example' },
      secrets: { token: 'canary-2' },
    };
    const save = (change: object) => codeOf(running.host.saveConnection({ ...form, ...change }));
    expect(await save({ settings: { ...form.settings, token: 'x' } })).toBe('bad_request');
    expect(await save({ settings: { ...form.settings, other: 'x' } })).toBe('bad_request');
    expect(await save({ settings: { baseUrl: 'http://remote.example' } })).toBe('bad_request');
    expect(await save({ secrets: {} })).toBe('bad_request');
    expect(await save({ remote: 'none' })).toBe('not_found');
    expect(await save({ connection: 'none' })).toBe('not_found');
    expect(await save({})).toBe('ok');
    await enter(running, crew.byRole.approver);
    expect(await save({})).toBe('role_missing');
    await running.close();
  });

  test('H43 a secret given for one address is never used for another', async () => {
    const { running, crew, connection } = await openShop();
    await enter(running, crew.admin);
    const form = { connection, remote: 'honest', name: 'Shop', secrets: {} };
    expect(
      await codeOf(running.host.saveConnection({ ...form, settings: { baseUrl: 'https://remote.example' } })),
    ).toBe('ok');
    expect(await codeOf(running.host.saveConnection({ ...form, settings: { baseUrl: 'https://evil.example' } }))).toBe(
      'bad_request',
    );
    await running.close();
  });
});
