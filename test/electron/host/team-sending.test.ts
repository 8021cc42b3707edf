import { describe, expect, test } from 'vitest';
import type { Fact, FactOf, LedgerEntry, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { quantityOf } from '../../../shared/domain/quantity.ts';
import { reviewBatch, toPostedLine } from '../../../shared/domain/variance.ts';
import type { HostError, HostInput } from '../../../shared/ports/host.ts';
import { variantId } from '../../../shared/remotes/zettle/ids.ts';
import { zettle } from '../../../shared/remotes/zettle/zettle.ts';
import { sha256 } from '../../../electron/host/disk/sha256.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import { freePort } from '../../contracts/site-server-rig.ts';
import { PLACES, PRODUCTS, VARIANTS, placeOf, zettleWorld } from '../../contracts/zettle-world.ts';
import { sandboxHttpClient } from '../../sandbox/chassis/http-client.ts';
import { createZettleSandbox } from '../../sandbox/zettle/zettle-sandbox.ts';
import { codeOf, does } from './bench.ts';
import { APPROVED, BATCH, COUNTED, PIN, STOCKTAKE, enter } from './crew.ts';
import { look, sharing, untilLevel } from './exchange-rig.ts';
import { honestRemote, type HonestRemote } from './honest-remote.ts';
import { onServer } from './server-rig.ts';
import { closeFile, goOn, openFile, stolenKey } from './team-attacks.ts';
import { as, chainOf, founder, handOver, join, save, take, type Laptop } from './team-rig.ts';

type Desk = Laptop & { crew: Awaited<ReturnType<typeof founder>>['crew'] };
type Setting = NonNullable<Parameters<typeof founder>[0]>;
type Where = { readonly remoteItem: string; readonly remoteLocation: string };

const BINS = ['A-01', 'A-02'] as const;
const FORM: HostInput<'saveConnection'> = {
  remote: 'honest',
  name: 'Shop',
  settings: { baseUrl: 'https://remote.example' },
  secrets: { token: 'canary-token' },
};
const HERE: Where = { remoteItem: 'I1', remoteLocation: 'L1' };

/** Everything that counts on a laptop, folded as its page folds it. */
async function stateOn(laptop: Laptop) {
  const { device, chains = [], refused = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  const bad = new Map(chains.map((chain) => [chain.device, new Set(chain.refused)]));
  bad.set(device, new Set(refused));
  const all: LedgerEntry[] = [];
  for (const one of bad.keys()) all.push(...(await chainOf(laptop, one)));
  return foldLedger(all, (entry) => bad.get(entry.device)?.has(entry.seq) === true);
}

/** Seven of SKU-1 in two bins, five counted in each, handed in as batch-1; the admin is signed in. */
async function countedOffice(setting: Setting): Promise<Desk> {
  const office = await founder(setting);
  await as(office, 'lead');
  const stock = BINS.map((bin): Fact => ({
    kind: 'stock_changed',
    item: 'SKU-1',
    bin,
    quantity: '7',
    reason: 'opening',
  }));
  await does(office.running, 'append', { facts: [...stock, STOCKTAKE] });
  await as(office, 'counter');
  const said = BINS.flatMap((bin): Fact[] => [
    { ...COUNTED, bin },
    { kind: 'bin_finished', stocktake: 'take-1', pass: 1, bin },
  ]);
  await does(office.running, 'append', { facts: said });
  await does(office.running, 'append', { facts: [{ ...BATCH, bins: [...BINS] }] });
  await as(office, 'admin');
  return office;
}

/** Another laptop that supervises, on which everybody of the crew can enter; the admin is signed in on both. */
async function another(office: Desk, name: string, setting: Setting): Promise<Desk> {
  const { admin, code, byRole } = office.crew;
  await enter(office.running, admin);
  const desk = await join(office, name, 'supervising', setting);
  await does(desk.running, 'recoverAccess', { person: admin, code, pin: PIN });
  for (const role of ['counter', 'lead', 'approver', 'admin'] as const)
    await does(desk.running, 'savePerson', { id: byRole[role], name: role, roles: [role], active: true, pin: PIN });
  await handOver(desk, office);
  return Object.assign(desk, { crew: office.crew });
}

/** Connects and maps the one place; the admin is signed in. */
async function connect(laptop: Desk, form = FORM, place = HERE.remoteLocation): Promise<string> {
  await enter(laptop.running, laptop.crew.admin);
  const { connection } = await does(laptop.running, 'saveConnection', form);
  await does(laptop.running, 'append', { facts: [matched(connection, place)] });
  return connection;
}

const matched = (connection: string, remoteLocation = HERE.remoteLocation): FactOf<'mapping_set'> => ({
  kind: 'mapping_set',
  connection,
  items: [],
  sites: [{ site: 'Main', remoteLocation }],
});

/** Approves and posts bins of the batch; the approver is signed in. */
async function post(laptop: Desk, bins: readonly string[]): Promise<readonly PostedLine[]> {
  await as(laptop, 'approver');
  const names = bins.map((bin) => ({ item: 'SKU-1', bin }));
  await does(laptop.running, 'append', { facts: [{ ...APPROVED, lines: names }] });
  const { batches, stocktakes, books } = await stateOn(laptop);
  const batch = batches.get('batch-1');
  const rows = batch === undefined ? [] : reviewBatch(batch, stocktakes, books);
  const lines = rows.filter(({ bin }) => bins.includes(bin)).map((row) => toPostedLine(row));
  await does(laptop.running, 'append', { facts: [{ kind: 'lines_posted', batch: 'batch-1', lines }] });
  return lines;
}

function planned(connection: string, line: PostedLine, where = HERE): HostInput<'freezeRequests'>['lines'][number] {
  return {
    ref: lineRef(connection, 'batch-1', [line]),
    item: line.item,
    ...where,
    change: 'adjust',
    quantity: line.variance,
    bins: [line.bin],
    occurredAt: '2026-11-22T07:00:00.000Z',
  };
}

async function freeze(laptop: Desk, connection: string, line: PostedLine, where = HERE) {
  const lines = [planned(connection, line, where)];
  return laptop.running.host.freezeRequests({ connection, batch: 'batch-1', lines, stopped: [] });
}

/** Freezes one line and answers with its request. */
async function frozen(laptop: Desk, connection: string, line: PostedLine, where = HERE): Promise<string> {
  const answer = await freeze(laptop, connection, line, where);
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  for (const { fact } of answer.value.entries)
    if (fact.kind === 'send_frozen' && fact.requests[0]) return fact.requests[0].id;
  throw new Error('nothing was frozen');
}

async function errorOf(answer: Promise<{ ok: true } | { ok: false; error: HostError }>): Promise<HostError | null> {
  const settled = await answer;
  return settled.ok ? null : settled.error;
}

/** A remote that knows a request by its lines and their times, as those do that tell one sending from another. */
function timedRemote(): HonestRemote {
  const remote = honestRemote();
  const { freeze: untimed } = remote.connector;
  remote.connector.freeze = (lines) => {
    const request = untimed(lines);
    const id = sha256(`${request.body} ${lines.map(({ occurredAt }) => occurredAt).join(' ')}`).slice(0, 40);
    return { ...request, id, idempotencyKey: id };
  };
  return remote;
}

/** What the remote was changed by. */
function totalOf({ bodies }: HonestRemote): bigint {
  const sent = bodies.flatMap((body) => JSON.parse(body) as [string, string][]);
  return sent.reduce((sum, [, quantity]) => sum + quantityOf(quantity), 0n);
}

async function holderOn(laptop: Laptop, connection: string) {
  const all = await does(laptop.running, 'connectionHolders', {});
  return all.find((one) => one.connection === connection);
}

async function close(...laptops: readonly Laptop[]): Promise<void> {
  for (const { running } of laptops) await running.close();
}

/** An office that holds the connection and has posted, and a desk that has its secrets too; approvers are signed in. */
async function twoLaptops() {
  const remote = timedRemote();
  const setting = { connectors: [remote.connector] };
  const office = await countedOffice(setting);
  const connection = await connect(office);
  const desk = await another(office, 'Desk', setting);
  await does(desk.running, 'saveConnection', { ...FORM, connection });
  const [one, two] = await post(office, BINS);
  if (one === undefined || two === undefined) throw new Error('nothing was posted');
  await handOver(office, desk);
  await as(desk, 'approver');
  return { remote, setting, office, desk, connection, one, two };
}

describe('who sends', () => {
  test('H920 one laptop sends over a connection, the one that saved it first, wherever a line was posted', async () => {
    const remote = honestRemote();
    const setting = { connectors: [remote.connector] };
    const office = await countedOffice(setting);
    const connection = await connect(office);
    const desk = await another(office, 'Desk', setting);
    await does(desk.running, 'saveConnection', { ...FORM, connection });
    const [line] = await post(desk, ['A-01']);
    if (line === undefined) throw new Error('nothing was posted');
    expect(await errorOf(freeze(desk, connection, line))).toEqual({ code: 'held_elsewhere', laptop: 'Office' });
    // It was posted on the other laptop: the holder sends it once it has heard of it.
    await as(office, 'approver');
    expect(await codeOf(freeze(office, connection, line))).toBe('not_posted');
    await handOver(desk, office);
    const request = await frozen(office, connection, line);
    await does(office.running, 'pushRequest', { connection, request });
    expect(totalOf(remote)).toBe(quantityOf('-2'));
    expect(await holderOn(desk, connection)).toMatchObject({
      name: 'Office',
      isHere: false,
      mayTake: false,
      mayGive: [],
    });
    expect(await holderOn(office, connection)).toMatchObject({ isHere: true, mayGive: [{ name: 'Desk' }] });
    await close(office, desk);
  });

  test('H921 Send pressed on two laptops that have not met changes a Zettle once', async () => {
    const sandbox = createZettleSandbox(zettleWorld(), () => 0);
    const setting: Setting = { connectors: [zettle], openHttp: () => sandboxHttpClient(sandbox) };
    const where: Where = {
      remoteItem: variantId({ product: PRODUCTS.tea, variant: VARIANTS.tea }),
      remoteLocation: placeOf('v2'),
    };
    const form = {
      remote: 'zettle',
      name: 'Till',
      settings: { address: 'https://sandbox.invalid', generation: 'v2', clientId: 'client' },
      secrets: { apiKey: 'full' },
    };
    const office = await countedOffice(setting);
    const desk = await another(office, 'Desk', setting);
    const [line] = await post(office, ['A-01']);
    if (line === undefined) throw new Error('nothing was posted');
    await handOver(office, desk);
    // Each connects the same account, not knowing of the other, and presses Send; the desk has no network.
    const first = await connect(office, form, where.remoteLocation);
    desk.clock.pass(60_000);
    const second = await connect(desk, form, where.remoteLocation);
    for (const laptop of [office, desk]) await as(laptop, 'approver');
    const request = await frozen(office, first, line, where);
    const other = await frozen(desk, second, line, where);
    await does(office.running, 'pushRequest', { connection: first, request });
    expect(sandbox.control.quantity(VARIANTS.tea, PLACES.STORE)).toBe('10');
    // They meet; then the network is there.
    await handOver(office, desk);
    await handOver(desk, office);
    const refused = { code: 'account_known', laptop: 'Office', name: 'Till', remote: 'Zettle' };
    expect(await errorOf(desk.running.host.pushRequest({ connection: second, request: other }))).toEqual(refused);
    for (const start of [1, 2]) {
      await desk.restart();
      await as(desk, 'approver');
      expect(await codeOf(desk.running.host.pushRequest({ connection: second, request: other }))).toBe(refused.code);
      expect(await codeOf(freeze(desk, second, line, where)), `start ${start}`).toBe(refused.code);
    }
    // And here it is not sent a second time either.
    expect((await freeze(office, first, line, where)).ok).toBe(true);
    expect(sandbox.control.quantity(VARIANTS.tea, PLACES.STORE)).toBe('10');
    expect(await holderOn(desk, second)).toMatchObject({ stoppedBy: { name: 'Till', laptop: 'Office' } });
    expect(await holderOn(office, first)).toMatchObject({ stoppedBy: null, left: [{ name: 'Desk', lines: 1 }] });
    await close(office, desk);
  });

  test('H982 over a site server Send pressed on two laptops at once changes a Zettle once, also while one gives the sending to the other', async () => {
    const sandbox = createZettleSandbox(zettleWorld(), () => 0);
    const where: Where = {
      remoteItem: variantId({ product: PRODUCTS.tea, variant: VARIANTS.tea }),
      remoteLocation: placeOf('v2'),
    };
    const form = {
      remote: 'zettle',
      name: 'Till',
      settings: { address: 'https://sandbox.invalid', generation: 'v2', clientId: 'client' },
      secrets: { apiKey: 'full' },
    };
    const [there, alsoThere] = [await onServer(), await onServer()];
    const zettles: Setting = { connectors: [zettle], openHttp: () => sandboxHttpClient(sandbox) };
    const office = sharing(await countedOffice({ ...there.setting, ...zettles }), there);
    const connection = await connect(office, form, where.remoteLocation);
    const desk = sharing(await another(office, 'Desk', { ...alsoThere.setting, ...zettles }), alsoThere);
    await does(desk.running, 'saveConnection', { ...form, connection });
    const port = await freePort();
    await does(office.running, 'serveSite', { port });
    await does(office.running, 'saveServerFile', {});
    await does(desk.running, 'joinServer', { text: Buffer.from(office.saved).toString() });
    const [one, two] = await post(office, BINS);
    if (one === undefined || two === undefined) throw new Error('nothing was posted');
    await untilLevel([office, desk]);
    for (const laptop of [office, desk]) await as(laptop, 'approver');

    /** Send, as a page presses it: what may be frozen is frozen and goes out. Answers who else sends, or how much went out. */
    const press = async (laptop: Desk, line: PostedLine): Promise<string | number> => {
      const answer = await freeze(laptop, connection, line, where);
      if (!answer.ok) return answer.error.code === 'held_elsewhere' ? answer.error.laptop : answer.error.code;
      const requests = answer.value.entries.flatMap(({ fact }) =>
        fact.kind === 'send_frozen' ? fact.requests.map(({ id }) => id) : [],
      );
      for (const request of requests) await does(laptop.running, 'pushRequest', { connection, request });
      return requests.length;
    };
    const pressBoth = (line: PostedLine) => Promise.all([office, desk].map((laptop) => press(laptop, line)));
    const stock = () => sandbox.control.quantity(VARIANTS.tea, PLACES.STORE);

    expect(await pressBoth(one)).toEqual([1, 'Office']);
    expect(await pressBoth(one)).toEqual([0, 'Office']);
    expect(stock()).toBe('10');
    // The server is away while the office gives the sending to the desk: until that is heard nobody sends.
    await enter(office.running, office.crew.admin);
    await does(office.running, 'stopServing', {});
    await does(office.running, 'holdConnection', { connection, laptop: desk.device });
    await as(office, 'approver');
    expect(await pressBoth(two)).toEqual(['Desk', 'Office']);
    expect(stock()).toBe('10');
    await enter(office.running, office.crew.admin);
    await does(office.running, 'serveSite', { port });
    // Pressed again and again while the word is under way.
    let sent = 0;
    for (let times = 0; times < 8; times += 1) {
      await as(office, 'approver');
      const [, , [here, elsewhere]] = await Promise.all([look(office), look(desk), pressBoth(two)]);
      expect([here, elsewhere === 'Office' || typeof elsewhere === 'number']).toEqual(['Desk', true]);
      sent += typeof elsewhere === 'number' ? elsewhere : 0;
    }
    await untilLevel([office, desk]);
    expect([sent, await pressBoth(two), await pressBoth(one)]).toEqual([1, ['Desk', 0], ['Desk', 0]]);
    expect(stock()).toBe('8');
    await close(desk, office);
  });

  test('H922 a holder gives its connection away and stops at once; the other begins when it has heard, late or twice', async () => {
    const { remote, office, desk, connection, one, two } = await twoLaptops();
    const request = await frozen(office, connection, one);
    const before = await save(office);
    await does(office.running, 'holdConnection', { connection, laptop: desk.device });
    expect(await errorOf(freeze(office, connection, two))).toEqual({ code: 'held_elsewhere', laptop: 'Desk' });
    // Nobody sends what is new before the other one has heard; what was frozen before is still brought to its end.
    expect(await codeOf(freeze(desk, connection, two))).toBe('held_elsewhere');
    const given = await save(office);
    await take(desk, before);
    expect(await codeOf(freeze(desk, connection, two))).toBe('held_elsewhere');
    for (const file of [given, before, given]) await take(desk, file);
    await as(desk, 'approver');
    expect(await codeOf(freeze(desk, connection, one))).toBe('ok');
    await does(office.running, 'pushRequest', { connection, request });
    const next = await frozen(desk, connection, two);
    await does(desk.running, 'pushRequest', { connection, request: next });
    expect(totalOf(remote)).toBe(quantityOf('-4'));
    expect(remote.bodies.length).toBe(2);
    // And back: the first one goes on with nothing of what the other has sent.
    await does(desk.running, 'holdConnection', { connection, laptop: office.device });
    await handOver(desk, office);
    await as(office, 'approver');
    for (const line of [one, two]) await freeze(office, connection, line);
    expect(remote.bodies.length).toBe(2);
    expect(await codeOf(freeze(desk, connection, two))).toBe('held_elsewhere');
    await close(office, desk);
  });

  test('H923 a connection is taken by the laptop that heard of its holder’s revocation, for itself; nobody else’s word counts', async () => {
    const { setting, office, desk, connection, one } = await twoLaptops();
    const third = await another(office, 'Yard', setting);
    await handOver(office, desk);
    await enter(desk.running, desk.crew.admin);
    const hold = (laptop: Laptop, to: Laptop) =>
      codeOf(laptop.running.host.holdConnection({ connection, laptop: to.device }));
    expect(await hold(desk, desk)).toBe('held_elsewhere');
    expect(await hold(desk, third)).toBe('held_elsewhere');
    await does(desk.running, 'revokeLaptop', { laptop: office.device });
    expect(await hold(desk, third)).toBe('held_elsewhere');
    // The third has not heard of it yet.
    await enter(third.running, third.crew.admin);
    expect(await hold(third, third)).toBe('held_elsewhere');
    expect(await hold(desk, desk)).toBe('ok');
    await handOver(desk, third);
    expect(await hold(third, third)).toBe('held_elsewhere');
    await as(third, 'approver');
    expect(await errorOf(freeze(third, connection, one))).toEqual({ code: 'held_elsewhere', laptop: 'Desk' });
    // The revoked one hears of it, and sends nothing any more.
    await handOver(desk, office);
    await as(office, 'approver');
    expect(await codeOf(freeze(office, connection, one))).toBe('laptop_revoked');
    await close(office, desk, third);
  });

  test('H924 what a revoked laptop may have sent is settled by a person before anything of it is sent again', async () => {
    const { remote, office, desk, connection, one, two } = await twoLaptops();
    const [first, second] = [await frozen(office, connection, one), await frozen(office, connection, two)];
    // One arrives and its answer is lost; of the other the last that is heard is that it waits.
    remote.nextError = { code: 'unknown_outcome', detail: 'lost' };
    await does(office.running, 'pushRequest', { connection, request: first });
    await handOver(office, desk);
    await enter(desk.running, desk.crew.admin);
    await does(desk.running, 'revokeLaptop', { laptop: office.device });
    await does(desk.running, 'holdConnection', { connection, laptop: desk.device });
    await as(desk, 'approver');
    expect(await holderOn(desk, connection)).toMatchObject({ isHere: true, left: [] });
    expect(remote.bodies.length).toBe(1);
    for (const line of [one, two]) await freeze(desk, connection, line);
    for (const request of [first, second])
      expect(await codeOf(desk.running.host.pushRequest({ connection, request }))).toBe('not_found');
    expect(remote.bodies.length).toBe(1);
    const settle = (request: string, line: PostedLine, hasArrived: boolean): Fact => {
      const refs = [lineRef(connection, 'batch-1', [line])];
      const [arrived, missing] = hasArrived ? [refs, []] : [[], refs];
      return { kind: 'doubt_settled', connection, request, arrived, missing };
    };
    await does(desk.running, 'append', { facts: [settle(first, one, true), settle(second, two, false)] });
    await desk.restart();
    await as(desk, 'approver');
    await does(desk.running, 'freezeAgain', { connection, request: first });
    const { entries } = await does(desk.running, 'freezeAgain', { connection, request: second });
    const again = entries.flatMap(({ fact }) => (fact.kind === 'send_frozen' ? fact.requests : []));
    expect(again.map(({ lines }) => lines.map(({ bins }) => bins))).toEqual([[['A-02']]]);
    for (const { id } of again) await does(desk.running, 'pushRequest', { connection, request: id });
    expect(totalOf(remote)).toBe(quantityOf('-4'));
    await close(office, desk);
  });

  test('H925 of two laptops that connected one account apart the first goes on; what the other had begun is left to a person', async () => {
    const remote = honestRemote();
    const setting = { connectors: [remote.connector] };
    const office = await countedOffice(setting);
    const desk = await another(office, 'Desk', setting);
    const [one, two] = await post(office, BINS);
    if (one === undefined || two === undefined) throw new Error('nothing was posted');
    await handOver(office, desk);
    const first = await connect(office);
    desk.clock.pass(60_000);
    const second = await connect(desk, { ...FORM, name: 'Mine' });
    for (const laptop of [office, desk]) await as(laptop, 'approver');
    // The desk sends one line, and freezes the other.
    const sent = await frozen(desk, second, one);
    await does(desk.running, 'pushRequest', { connection: second, request: sent });
    const waiting = await frozen(desk, second, two);
    await handOver(desk, office);
    await handOver(office, desk);
    expect(await codeOf(desk.running.host.pushRequest({ connection: second, request: waiting }))).toBe('account_known');
    await as(office, 'approver');
    expect(await codeOf(freeze(office, first, one))).toBe('not_posted');
    expect(await codeOf(freeze(office, first, two))).toBe('not_posted');
    expect(await holderOn(office, first)).toMatchObject({ left: [{ name: 'Desk', lines: 1 }] });
    await does(office.running, 'takeOverRequests', { connection: first });
    const refs = [lineRef(second, 'batch-1', [two])];
    const found: Fact = { kind: 'doubt_settled', connection: second, request: waiting, arrived: [], missing: refs };
    await does(office.running, 'append', { facts: [found] });
    const request = await frozen(office, first, two);
    await does(office.running, 'pushRequest', { connection: first, request });
    expect(totalOf(remote)).toBe(quantityOf('-4'));
    expect(await holderOn(office, first)).toMatchObject({ left: [] });
    await close(office, desk);
  });

  test('H926 a second connection to an account that another laptop connected is refused, by its places', async () => {
    const { office, desk, connection } = await twoLaptops();
    await enter(desk.running, desk.crew.admin);
    const { connection: other } = await does(desk.running, 'saveConnection', { ...FORM, name: 'Other' });
    const known = { code: 'account_known', laptop: 'Office', name: 'Shop', remote: 'Honest' };
    expect(await errorOf(desk.running.host.append({ facts: [matched(other)] }))).toEqual(known);
    expect(await codeOf(desk.running.host.append({ facts: [matched(other, 'L2')] }))).toBe('ok');
    expect(await codeOf(desk.running.host.append({ facts: [matched(connection)] }))).toBe('ok');
    await close(office, desk);
  });

  test('H926 a second connection to an account that another laptop connected is refused, by its settings', async () => {
    const setting = { connectors: [zettle] };
    const office = await countedOffice(setting);
    const form = {
      remote: 'zettle',
      name: 'Till',
      settings: { address: 'https://zettle.example', generation: 'v2', clientId: 'client' },
      secrets: { apiKey: 'key-of-the-till' },
    };
    await does(office.running, 'saveConnection', form);
    const desk = await another(office, 'Desk', setting);
    const save = (laptop: Desk, clientId: string) =>
      errorOf(laptop.running.host.saveConnection({ ...form, settings: { ...form.settings, clientId } }));
    const known = { code: 'account_known', laptop: 'Office', name: 'Till', remote: 'Zettle' };
    expect(await save(desk, 'client')).toEqual(known);
    expect(await save(desk, 'another')).toBeNull();
    expect(await save(office, 'client')).toBeNull();
    await close(office, desk);
  });

  test('H927 a page can neither say who sends nor send, freeze, read back, decide or take over where another laptop sends', async () => {
    const { office, desk, connection, one } = await twoLaptops();
    const request = await frozen(office, connection, one);
    await handOver(office, desk);
    const held: Fact = { kind: 'connection_held', connection, laptop: desk.device };
    const { host } = desk.running;
    expect(await codeOf(host.append({ facts: [held] }))).toBe('bad_request');
    expect(await codeOf(office.running.host.append({ facts: [held] }))).toBe('bad_request');
    const step = { connection, request };
    const row = { item: 'SKU-1', ...HERE, ours: '10', theirs: null };
    const taken: Fact = {
      kind: 'stock_changed',
      item: 'SKU-1',
      bin: 'A-01',
      quantity: '1',
      reason: 'receipt',
      reference: `moved ${connection} key#0`,
    };
    const window = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z' };
    const codes = [
      await codeOf(freeze(desk, connection, one)),
      await codeOf(host.freezeAgain(step)),
      await codeOf(host.pushRequest(step)),
      await codeOf(host.readBackRequest(step)),
      await codeOf(host.startFileJob({ ...step, url: 'https://files.example/1.csv' })),
      await codeOf(host.abortFileJob(step)),
      await codeOf(
        host.decideDrift({ connection, decision: 'd1', choice: 'take_theirs', rows: [row], corrections: [] }),
      ),
      await codeOf(host.pullMovements({ connection, run: 'r1', ...window })),
      await codeOf(host.append({ facts: [taken] })),
      await codeOf(host.takeOverRequests({ connection })),
    ];
    expect(new Set(codes)).toEqual(new Set(['held_elsewhere']));
    await as(desk, 'lead');
    expect(await codeOf(host.holdConnection({ connection, laptop: desk.device }))).toBe('role_missing');
    await close(office, desk);
  });

  test('H928 a laptop that says it sends without a right to is shown, and sends nothing anywhere', async () => {
    const { office, desk, connection, one } = await twoLaptops();
    const file = await openFile(await save(desk));
    const chain = file.chains.find(({ device }) => device === desk.device);
    if (chain === undefined) throw new Error('no chain');
    const at = new Date(desk.clock.wall).toISOString();
    const fact: Fact = { kind: 'connection_held', connection, laptop: desk.device };
    const site = file.start.site.id;
    const forged = goOn(chain, site, await stolenKey(desk), [{ fact, by: desk.crew.byRole.approver, at }]);
    const chains = file.chains.map((other) => (other === chain ? forged : other));
    await take(office, await closeFile({ ...file, chains }));
    const { laptops } = await does(office.running, 'team', {});
    expect(laptops.find(({ laptop }) => laptop === desk.device)?.refused).toBe(1);
    expect(await holderOn(office, connection)).toMatchObject({ isHere: true });
    await as(office, 'approver');
    expect(await codeOf(freeze(office, connection, one))).toBe('ok');
    await close(office, desk);
  });
});

describe('two that took over', () => {
  test('H930 of two laptops that took one connection over before they met the first stands; the other stops, and is asked about', async () => {
    const { remote, setting, office, desk, connection, one, two } = await twoLaptops();
    const third = await another(office, 'Yard', setting);
    await does(third.running, 'saveConnection', { ...FORM, connection });
    await handOver(third, desk);
    await enter(desk.running, desk.crew.admin);
    await does(desk.running, 'revokeLaptop', { laptop: office.device });
    await handOver(desk, third);
    // Both have heard that the holder is revoked, and neither has heard of the other.
    await does(desk.running, 'holdConnection', { connection, laptop: desk.device });
    third.clock.wall = desk.clock.wall + 60_000;
    await enter(third.running, third.crew.admin);
    await does(third.running, 'holdConnection', { connection, laptop: third.device });
    for (const laptop of [desk, third]) await as(laptop, 'approver');
    const sent = await frozen(desk, connection, one);
    await does(desk.running, 'pushRequest', { connection, request: sent });
    const waiting = await frozen(third, connection, two);
    await handOver(desk, third);
    await handOver(third, desk);
    for (const laptop of [desk, third]) {
      await as(laptop, 'approver');
      expect(await holderOn(laptop, connection)).toMatchObject({ name: 'Desk' });
    }
    const refused = { code: 'held_elsewhere', laptop: 'Desk' };
    expect(await errorOf(third.running.host.pushRequest({ connection, request: waiting }))).toEqual(refused);
    expect(await holderOn(desk, connection)).toMatchObject({ left: [{ name: 'Yard', lines: 1 }] });
    // Nothing of it goes before somebody has looked.
    await freeze(desk, connection, two);
    expect(remote.bodies.length).toBe(1);
    await does(desk.running, 'takeOverRequests', { connection });
    const refs = [lineRef(connection, 'batch-1', [two])];
    const found: Fact = { kind: 'doubt_settled', connection, request: waiting, arrived: [], missing: refs };
    await does(desk.running, 'append', { facts: [found] });
    const { entries } = await does(desk.running, 'freezeAgain', { connection, request: waiting });
    const again = entries.flatMap(({ fact }) => (fact.kind === 'send_frozen' ? fact.requests : []));
    for (const { id } of again) await does(desk.running, 'pushRequest', { connection, request: id });
    expect(totalOf(remote)).toBe(quantityOf('-4'));
    await close(office, desk, third);
  });
});

describe('clocks', () => {
  test('H929 whoever takes in a file of a laptop whose clock is ahead keeps by how much at least, until it is right again', async () => {
    const office = await founder();
    const desk = await another(office, 'Desk', {});
    const heard = async () => {
      const own = await chainOf(office, office.device);
      const facts = own.flatMap(({ fact }) => (fact.kind === 'heard' ? [fact.ahead] : []));
      return facts.at(-1);
    };
    expect(await heard()).toBeUndefined();
    desk.clock.wall = office.clock.wall + 12 * 60_000;
    await as(desk, 'lead');
    await does(desk.running, 'append', { facts: [STOCKTAKE] });
    // The file says when it was made, and is carried for a while.
    desk.clock.wall += 3 * 60_000;
    const file = await save(desk);
    office.clock.wall += 5 * 60_000;
    await take(office, file);
    expect(await heard()).toEqual([{ device: desk.device, ms: 10 * 60_000 }]);
    desk.clock.wall = office.clock.wall;
    await does(desk.running, 'append', { facts: [{ ...STOCKTAKE, stocktake: 'take-2' } as Fact] });
    await handOver(desk, office);
    expect(await heard()).toBeUndefined();
    await close(office, desk);
  });
});
