import { describe, expect, test } from 'vitest';
import {
  factSchema,
  type Fact,
  type FactOf,
  type LedgerEntry,
  type PostedLine,
} from '../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { toReversedLine } from '../../../shared/domain/reversal.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import { codeOf, does, freshFolder, hostAt } from './bench.ts';
import { APPROVED, COUNTED, LINE, PIN, countAndSubmit, enter, hire, journalOf, posting } from './crew.ts';
import { honestRemote } from './honest-remote.ts';
import { as, chainOf, founder, handOver, join, type Laptop } from './team-rig.ts';

type Running = Awaited<ReturnType<typeof hostAt>>;

/** The reversal of the posted line as an honest page makes it of these entries. */
function reversal(entries: readonly LedgerEntry[], batch = 'r-1'): FactOf<'lines_reversed'> {
  const found = toReversedLine(foldLedger(entries), 'batch-1', LINE);
  if (!found.ok) throw new Error(found.error);
  return { kind: 'lines_reversed', batch, reverses: 'batch-1', reason: 'data_entry_error', lines: [found.value] };
}

const answer = ({ host }: Running, ...facts: Fact[]) => codeOf(host.append({ facts }));

/** Seven on the book, five counted, approved and posted; the approver is signed in. */
async function postedShop(segmentBytes?: number) {
  const remote = honestRemote();
  const folder = await freshFolder();
  const running = await hostAt({ folder, connectors: [remote.connector], ...(segmentBytes && { segmentBytes }) });
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
  const roles = ['counter' as const, 'approver' as const];
  const both = (await does(running, 'savePerson', { name: 'Bo', roles, active: true, pin: PIN })).person.id;
  await countAndSubmit(running, crew);
  await enter(running, crew.byRole.approver);
  await does(running, 'append', { facts: [APPROVED, await posting(running)] });
  return { running, crew, connection, remote, folder, both };
}

const planned = (connection: string, batch: string, line: PostedLine) => ({
  ref: lineRef(connection, batch, [line]),
  item: line.item,
  remoteItem: 'I1',
  remoteLocation: 'L1',
  change: 'adjust' as const,
  quantity: line.variance,
  bins: [line.bin],
  occurredAt: '2026-11-22T07:00:00.000Z',
});

describe('taking posted lines back', () => {
  test('H931 a reversal is sealed once, with the figures of the journal, and by nobody who counted the line', async () => {
    const { running, crew, both } = await postedShop();
    const fact = reversal(await journalOf(running));
    const [line] = fact.lines;
    expect(line).toMatchObject({ counted: '7', bookThen: '5', variance: '2' });
    const made = (more: Partial<PostedLine>) => ({ ...fact, lines: fact.lines.map((one) => ({ ...one, ...more })) });
    expect(await answer(running, made({ variance: '3', counted: '8' }))).toBe('not_as_counted');
    expect(await answer(running, made({ countedAt: '2026-11-22T07:00:01.000Z' }))).toBe('not_as_counted');
    expect(await answer(running, made({ item: 'SKU-2' }))).toBe('not_reversible');
    expect(await answer(running, made({ bin: 'A-02' }))).toBe('bad_request');
    expect(await answer(running, { ...fact, reverses: 'batch-9' })).toBe('not_found');
    expect(await answer(running, { ...fact, batch: 'batch-1' })).toBe('bad_request');
    for (const reason of [' ', 'a'.repeat(61)]) expect(factSchema.safeParse({ ...fact, reason }).success).toBe(false);
    expect(await answer(running, { ...fact, sig: 'a'.repeat(86) })).toBe('bad_request');
    // Beside a count it would not be known what the book was.
    await enter(running, both);
    await does(running, 'append', { facts: [{ ...COUNTED, bin: 'A-02' }] });
    expect(await answer(running, { ...COUNTED, bin: 'A-02' }, fact)).toBe('bad_request');
    await enter(running, crew.byRole.admin);
    expect(await answer(running, fact)).toBe('role_missing');
    await enter(running, crew.byRole.approver);
    expect(await answer(running, fact, { ...fact, batch: 'r-2' })).toBe('not_reversible');
    expect(await answer(running, fact)).toBe('ok');
    expect(await answer(running, { ...fact, batch: 'r-2' })).toBe('not_reversible');
    expect(await answer(running, { ...APPROVED, batch: 'r-1' })).toBe('bad_request');
    expect(await answer(running, { ...APPROVED, decision: 'recount' })).toBe('bad_request');
    await running.close();
  });

  test('H931 whoever counted a line does not take its posting back, though they may approve others', async () => {
    const { running, both } = await postedShop();
    const fact = reversal(await journalOf(running));
    await enter(running, both);
    await does(running, 'append', { facts: [COUNTED] });
    expect(await answer(running, fact)).toBe('own_count');
    await running.close();
  });

  test('H956 who counted a line does not take its posting back, nor settle whose count of it stands, after a restart either', async () => {
    const { running, both, folder } = await postedShop(2000);
    const fact = reversal(await journalOf(running));
    const saw = ['x', 'y'].map((person) => ({ person, counted: '5' }));
    const settled: Fact = { kind: 'overlap_settled', stocktake: 'take-1', pass: 1, ...LINE, person: 'x', saw };
    await enter(running, both);
    await does(running, 'append', { facts: [COUNTED] });
    for (let number = 0; number < 40; number += 1)
      await does(running, 'append', { facts: [{ ...COUNTED, bin: 'A-02' }] });
    await running.close();
    const after = await hostAt({ folder, segmentBytes: 2000 });
    await enter(after, both);
    expect([await answer(after, settled), await answer(after, fact)]).toEqual(['own_count', 'own_count']);
    await after.close();
    const again = await hostAt({ folder, segmentBytes: 2000 });
    await enter(again, both);
    expect(await answer(again, fact)).toBe('own_count');
    await again.close();
  });

  test('H932 what takes a line back is frozen once that line has arrived, also after a restart', async () => {
    const shop = await postedShop();
    const { connection, remote, crew, folder } = shop;
    let { running } = shop;
    const posted = (await posting(running)).lines[0];
    if (posted === undefined) throw new Error('nothing is posted');
    const freeze = (batch: string, line: PostedLine) =>
      running.host.freezeRequests({ connection, batch, lines: [planned(connection, batch, line)], stopped: [] });
    const first = await freeze('batch-1', posted);
    const request = first.ok
      ? first.value.entries.flatMap(({ fact }) => ('requests' in fact ? fact.requests : []))[0]
      : undefined;
    const fact = reversal(await journalOf(running));
    const [back] = fact.lines;
    if (back === undefined || request === undefined) throw new Error('nothing to take back');
    await does(running, 'append', { facts: [fact] });
    expect(await codeOf(freeze('r-1', back))).toBe('not_posted');
    await does(running, 'pushRequest', { connection, request: request.id });
    await running.close();
    running = await hostAt({ folder, connectors: [remote.connector] });
    await enter(running, crew.byRole.approver);
    expect(await codeOf(freeze('r-1', { ...back, variance: '3' }))).toBe('not_the_posted_amount');
    expect(await codeOf(freeze('r-1', back))).toBe('ok');
    await running.close();
  });

  test('H932 a posted line that was taken back before it was sent is frozen by nobody', async () => {
    const { running, connection } = await postedShop();
    const posted = (await posting(running)).lines[0];
    const fact = reversal(await journalOf(running));
    await does(running, 'append', { facts: [fact] });
    for (const [batch, line] of [['batch-1', posted] as const, ['r-1', fact.lines[0]] as const]) {
      if (line === undefined) throw new Error('nothing is posted');
      const lines = [planned(connection, batch, line)];
      expect(await codeOf(running.host.freezeRequests({ connection, batch, lines, stopped: [] }))).toBe('not_posted');
    }
    await running.close();
  });

  test('H933 a reversal made on one laptop of a site is signed, and all laptops have it once', async () => {
    const office = await founder();
    const { crew } = office;
    await countAndSubmit(office.running, crew);
    await enter(office.running, crew.admin);
    const desk = await join(office, 'Desk', 'supervising');
    await does(desk.running, 'recoverAccess', { person: crew.admin, code: crew.code, pin: PIN });
    for (const role of ['counter', 'lead', 'approver', 'admin'] as const)
      await does(desk.running, 'savePerson', {
        id: crew.byRole[role],
        name: role,
        roles: [role],
        active: true,
        pin: PIN,
      });
    await handOver(desk, office);
    await as(office, 'approver');
    await does(office.running, 'append', { facts: [APPROVED, await posting(office.running)] });
    await handOver(office, desk);
    const both = Object.assign(desk, { crew });
    await as(both, 'approver');
    // Each takes it back before it hears of the other.
    await does(office.running, 'append', { facts: [reversal(await journalOf(office.running), 'r-1')] });
    await does(desk.running, 'append', { facts: [reversal(await all(desk), 'r-2')] });
    await handOver(desk, office);
    await handOver(office, desk);
    const [here, there] = [foldLedger(await all(office)), foldLedger(await all(desk))];
    const reversed = (state: typeof here) => {
      const sheets = [...(state.stocktakes.get('take-1')?.sheets.values() ?? [])];
      return sheets.flatMap((sheet) => [...sheet.posted.values()].map((one) => one.reversed?.batch));
    };
    expect(reversed(here)).toEqual(reversed(there));
    expect(reversed(here)[0]).toMatch(/^r-[12]$/);
    for (const laptop of [office, desk]) {
      const { chains = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
      expect(chains.flatMap(({ refused = [] }) => refused)).toEqual([]);
      const signed = (await all(laptop)).flatMap(({ fact }) => (fact.kind === 'lines_reversed' ? [fact.sig] : []));
      expect(signed.map((sig) => typeof sig)).toEqual(['string', 'string']);
      expect(await answer(laptop.running, { ...(await sealedIn(laptop)), batch: 'r-3' })).toBe('not_reversible');
    }
    await office.running.close();
    await desk.running.close();
  });
});

/** Everything that a laptop holds. */
async function all(laptop: Laptop): Promise<LedgerEntry[]> {
  const { device, chains = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  const entries: LedgerEntry[] = [];
  for (const one of [device, ...chains.map((chain) => chain.device)]) entries.push(...(await chainOf(laptop, one)));
  return entries;
}

/** A reversal that a laptop holds, without its signature. */
async function sealedIn(laptop: Laptop): Promise<FactOf<'lines_reversed'>> {
  for (const { fact } of await all(laptop)) {
    if (fact.kind !== 'lines_reversed') continue;
    const { sig: _, ...bare } = fact;
    return bare;
  }
  throw new Error('nothing was taken back');
}
