import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { firstHead, sealFacts } from '../../../electron/host/journal/line.ts';
import { codeOf, does, entriesOn, faultyDisk, freshFolder, hostAt } from './bench.ts';
import {
  APPROVED,
  BATCH,
  COUNTED,
  STOCKTAKE,
  countAndSubmit,
  enter,
  hire,
  journalOf,
  posting,
  type Crew,
} from './crew.ts';

const AT = '2026-11-22T08:00:00.000Z';

/** Entries that somebody without the journal made up: each is what its hash says, and follows the one before. */
function forged(device: string, by: string, facts: readonly Fact[], after?: LedgerEntry): LedgerEntry[] {
  const head = after === undefined ? firstHead(device) : { device, seq: after.seq, hash: after.hash };
  return sealFacts(head, by, AT, facts).map(({ entry }) => entry);
}

function asAdmin(person: string): Fact {
  return { kind: 'person_changed', person, name: 'Eve', roles: ['admin', 'approver'], active: true };
}

async function usedProfile(): Promise<{ folder: string; crew: Crew; entries: LedgerEntry[] }> {
  const folder = await freshFolder();
  const running = await hostAt({ folder });
  const crew = await hire(running);
  await countAndSubmit(running, crew);
  await running.close();
  return { folder, crew, entries: await entriesOn(folder) };
}

describe('a journal that is given back', () => {
  test('H741 a whole journal made up by the page makes nobody an admin, and what it said is kept to look at', async () => {
    const { folder, crew, entries } = await usedProfile();
    await rm(join(folder, 'journal'), { recursive: true });
    const running = await hostAt({ folder });
    const device = entries[0]?.device ?? '';
    const eve = crew.byRole.counter;
    const lies = forged(device, eve, [asAdmin(eve), ...entries.slice(1).map(({ fact }) => fact)]);
    const { journal } = await does(running, 'restoreJournal', { entries: lies, last: true });
    expect(journal.unproven).toMatchObject({ fromSeq: 1 });
    expect((await does(running, 'whoIsHere', {})).people).toEqual([]);
    expect(await codeOf(running.host.signIn({ person: eve, pin: '2468' }))).toBe('not_found');
    expect(await readdir(join(folder, 'witness'))).toHaveLength(1);
    await running.close();
  });

  test('H742 the true journal, given back in pieces, leads up to what is remembered of it and is believed', async () => {
    const { folder, crew, entries } = await usedProfile();
    for (const lost of ['journal', 'authority']) await rm(join(folder, lost), { recursive: true });
    const running = await hostAt({ folder });
    for (let from = 0; from < entries.length; from += 3)
      await does(running, 'restoreJournal', {
        entries: entries.slice(from, from + 3),
        last: from + 3 >= entries.length,
      });
    const here = await does(running, 'whoIsHere', {});
    expect(here.journal).toMatchObject({ state: 'whole', entries: entries.length, hash: entries.at(-1)?.hash });
    expect(here.journal).not.toHaveProperty('unproven');
    expect(here.people).toHaveLength(5);
    await enter(running, crew.admin);
    expect(await journalOf(running)).toEqual(entries);
    await running.close();
  });

  test('H743 behind the end of a whole journal only counts of people who may count are taken, and nothing once it is used', async () => {
    const { folder, crew, entries } = await usedProfile();
    const last = entries.at(-1);
    const device = last?.device ?? '';
    const counter = crew.byRole.counter;
    const tails: readonly (readonly [string, Fact, number])[] = [
      [counter, { ...COUNTED, bin: 'A-02' }, 1],
      [crew.byRole.admin, { ...COUNTED, bin: 'A-02' }, 0],
      ['nobody', { ...COUNTED, bin: 'A-02' }, 0],
      [counter, asAdmin(counter), 0],
      [crew.byRole.approver, APPROVED, 0],
      [crew.byRole.lead, { kind: 'stock_changed', item: 'SKU-1', bin: 'A-01', quantity: '9', reason: 'receipt' }, 0],
    ];
    for (const [by, fact, taken] of tails) {
      const copy = await freshFolder();
      await cp(folder, copy, { recursive: true });
      const running = await hostAt({ folder: copy });
      const given = { entries: forged(device, by, [fact], last), last: true };
      // Before anybody has signed in a whole journal takes nothing at all.
      expect(await codeOf(running.host.restoreJournal(given))).toBe('bad_request');
      await enter(running, counter);
      const { journal } = await does(running, 'restoreJournal', given);
      expect([fact.kind, journal.entries - entries.length]).toEqual([fact.kind, taken]);
      await does(running, 'append', { facts: [COUNTED] });
      expect(await codeOf(running.host.restoreJournal(given))).toBe('bad_request');
      await running.close();
    }
  });

  test('H744 entries that lead up to something else than is remembered are not taken, true ones before them are', async () => {
    const { folder, crew, entries } = await usedProfile();
    await rm(join(folder, 'journal'), { recursive: true });
    const running = await hostAt({ folder });
    const device = entries[0]?.device ?? '';
    const known = entries.slice(0, 5);
    const lies = forged(device, crew.admin, [COUNTED, asAdmin(crew.byRole.counter), COUNTED], known.at(-1));
    const { journal } = await does(running, 'restoreJournal', { entries: [...known, ...lies], last: true });
    expect(journal).toMatchObject({ entries: 5, unproven: { fromSeq: 6, entries: 3 } });
    const { people } = await does(running, 'whoIsHere', {});
    expect(people.find(({ id }) => id === crew.byRole.counter)?.roles).toEqual(['counter']);
    await running.close();
  });

  test('H756 what is taken back though nothing is left to prove it is named, what still stands on disk proves the rest', async () => {
    const { folder, entries } = await usedProfile();
    const lose = async (...names: string[]) => {
      const copy = await freshFolder();
      await cp(folder, copy, { recursive: true });
      for (const name of names) await rm(join(copy, name), { recursive: true, force: true });
      return copy;
    };
    const heads = ['heads.json', 'heads.copy.json'];
    const device = ['device.json', 'device.copy.json'];
    const givenTo = async (at: string, given = entries) => {
      const running = await hostAt({ folder: at });
      const { journal } = await does(running, 'restoreJournal', { entries: given, last: true, holes: true });
      await running.close();
      return journal;
    };
    const all = { fromSeq: 1, entries: entries.length };
    for (const lost of [
      ['journal', ...heads],
      ['journal', ...heads, ...device],
    ])
      expect(await givenTo(await lose(...lost))).toMatchObject({ state: 'whole', onTrust: all });
    expect(await givenTo(await lose('journal'))).not.toHaveProperty('onTrust');

    // One line is damaged, and nothing is remembered: the lines behind it still say what stood before them.
    const damage = async (...seqs: number[]) => {
      const at = await lose(...heads, 'journal/manifest.json');
      const path = join(at, 'journal', '000001.jsonl');
      const lines = (await readFile(path, 'utf8')).split('\n');
      for (const seq of seqs) lines[seq - 1] = lines[seq - 1]?.replace('"by"', '"bx"') ?? '';
      await writeFile(path, lines.join('\n'));
      return at;
    };
    const last = entries.length;
    expect(await givenTo(await damage(5))).not.toHaveProperty('onTrust');
    expect(await givenTo(await damage(5, last))).toMatchObject({ onTrust: { fromSeq: last, entries: 1 } });
    // What only the page has, before a gap that both have, follows from nothing behind it.
    const holed = await givenTo(await damage(5, 6), [...entries.slice(0, 5), ...entries.slice(6)]);
    expect(holed).toMatchObject({ onTrust: { fromSeq: 5, entries: 1 }, gaps: [{ fromSeq: 6, toSeq: 6 }] });
  });
});

describe('figures', () => {
  test('H745 a posting says to the last digit what was counted against which book, or it is refused', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    const crew = await hire(running);
    await countAndSubmit(running, crew);
    await enter(running, crew.byRole.approver);
    await does(running, 'append', { facts: [APPROVED] });
    const honest = await posting(running);
    const [line] = honest.lines;
    expect(line).toMatchObject({ counted: '5', bookThen: '7', variance: '-2' });
    const lies = [
      { counted: '99999', bookThen: '0', variance: '99999' },
      { bookThen: '6', variance: '-1' },
      { counted: '6', variance: '-1' },
      { anchor: 'made-up' },
      { countedAt: '2026-11-22T07:59:59.000Z' },
    ];
    const before = (await does(running, 'whoIsHere', {})).journal;
    for (const lie of lies) {
      const facts = [{ ...honest, lines: honest.lines.map((one) => ({ ...one, ...lie })) }];
      expect(await codeOf(running.host.append({ facts }))).toBe('not_as_counted');
    }
    const stock: Fact = { kind: 'stock_changed', item: 'SKU-1', bin: 'A-01', quantity: '9', reason: 'receipt' };
    expect(await codeOf(running.host.append({ facts: [stock, honest] }))).toBe('bad_request');
    expect((await does(running, 'whoIsHere', {})).journal).toEqual(before);
    // A sale that happened before the count and is recorded after it changes the book of that moment.
    await does(running, 'append', {
      facts: [{ ...stock, quantity: '-1', reason: 'sale', happenedAt: '2026-11-22T07:00:00.000Z' }],
    });
    expect(await codeOf(running.host.append({ facts: [honest] }))).toBe('not_as_counted');
    const now = await posting(running);
    expect(now.lines[0]).toMatchObject({ bookThen: '6', variance: '-1' });
    expect(await codeOf(running.host.append({ facts: [now] }))).toBe('ok');
    await running.close();
  });

  test('H746 bins are handed in once, by name, and only when somebody visited and finished them', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    const crew = await hire(running);
    await enter(running, crew.byRole.lead);
    await does(running, 'append', { facts: [STOCKTAKE] });
    await enter(running, crew.byRole.counter);
    const handIn = (batch: string, ...bins: string[]) =>
      codeOf(running.host.append({ facts: [{ ...BATCH, batch, bins }] }));
    const sheet = { stocktake: 'take-1', pass: 1, bin: 'A-01' };
    expect(await handIn('b1', 'A-01')).toBe('bin_not_done');
    await does(running, 'append', { facts: [COUNTED] });
    expect(await handIn('b1', 'A-01')).toBe('bin_not_done');
    await does(running, 'append', { facts: [{ kind: 'bin_finished', ...sheet }] });
    expect(await handIn('b1', 'A-01', 'A-02')).toBe('bin_not_done');
    expect(await handIn('b1', 'A-01', 'Z-99')).toBe('bin_not_done');
    expect(await handIn('b1', 'a-01')).toBe('ok');
    expect(await handIn('b2', 'A-01')).toBe('bin_handed_in');
    await does(running, 'append', { facts: [{ kind: 'bin_skipped', ...sheet, bin: 'A-02', reason: 'blocked' }] });
    expect(await handIn('b2', 'A-02')).toBe('ok');
    await running.close();
  });

  test('H747 a later pass takes counts in bins that somebody asked to have counted again, and in no others', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    const crew = await hire(running);
    await countAndSubmit(running, crew, ['A-01', 'A-02']);
    const sheet = { stocktake: 'take-1', pass: 2, bin: 'A-01' };
    const said = (bin: string): Fact[] => [
      { kind: 'bin_opened', ...sheet, bin },
      { ...COUNTED, ...sheet, bin },
      { kind: 'unknown_scanned', ...sheet, bin, code: '1', quantity: '1' },
      { kind: 'bin_confirmed_empty', ...sheet, bin },
      { kind: 'bin_skipped', ...sheet, bin, reason: 'blocked' },
    ];
    const answers = async (host: typeof running.host, bin: string) => {
      const codes = new Set<string>();
      for (const fact of said(bin)) codes.add(await codeOf(host.append({ facts: [fact] })));
      return [...codes];
    };
    await enter(running, crew.byRole.counter);
    expect(await answers(running.host, 'A-01')).toEqual(['not_asked_for']);
    await enter(running, crew.byRole.approver);
    await does(running, 'append', { facts: [{ ...APPROVED, decision: 'recount' }] });
    await running.close();
    const again = await hostAt({ folder });
    await enter(again, crew.byRole.counter);
    expect(await answers(again.host, 'a-01')).toEqual(['ok']);
    expect(await answers(again.host, 'A-02')).toEqual(['not_asked_for']);
    expect(await codeOf(again.host.append({ facts: [{ ...COUNTED, pass: 3 }] }))).toBe('not_asked_for');
    await enter(again, crew.byRole.approver);
    await does(again, 'append', { facts: [APPROVED] });
    await enter(again, crew.byRole.counter);
    expect(await answers(again.host, 'A-01')).toEqual(['not_asked_for']);
    await again.close();
  });
});

describe('questions', () => {
  test('H748 a question forgets nothing that is on its way: only a page that is loaded anew does', async () => {
    const disk = faultyDisk();
    const running = await hostAt({ folder: await freshFolder(), disk });
    await hire(running);
    await does(running, 'append', { facts: [STOCKTAKE] });
    const early = await does(running, 'append', { facts: [COUNTED], early: true });
    await does(running, 'whoIsHere', {});
    expect(await codeOf(running.host.synced({ ticket: early.ticket ?? 0 }))).toBe('ok');
    const locked = await does(running, 'append', { facts: [COUNTED], early: true });
    // Whoever locks the screen meanwhile is still answered for what was saved.
    await does(running, 'signOut', {});
    expect(await codeOf(running.host.synced({ ticket: locked.ticket ?? 0 }))).toBe('ok');
    await running.close();
  });

  test('H749 an admin sets the passphrase of the secrets, an approver may open them, nobody else either', async () => {
    const folder = await freshFolder();
    const first = await hostAt({ folder, cipher: null });
    const crew = await hire(first);
    const unlock = (host: typeof first.host, passphrase = 'long enough words') =>
      codeOf(host.unlockVault({ passphrase }));
    for (const role of ['counter', 'lead', 'approver'] as const) {
      await enter(first, crew.byRole[role]);
      expect([role, await unlock(first.host)]).toEqual([role, 'role_missing']);
    }
    await enter(first, crew.byRole.admin);
    expect(await unlock(first.host)).toBe('ok');
    await first.close();
    const later = await hostAt({ folder, cipher: null });
    await enter(later, crew.byRole.counter);
    expect(await unlock(later.host)).toBe('role_missing');
    await enter(later, crew.byRole.approver);
    expect(await unlock(later.host, 'other words than that')).toBe('wrong_passphrase');
    expect(await unlock(later.host)).toBe('ok');
    await later.close();
  });
});

describe('a history that was written anew', () => {
  test('H750 a whole journal that is not what is remembered of it is said so once, and nothing is posted until an admin looked', async () => {
    const { folder, crew, entries } = await usedProfile();
    const device = entries[0]?.device ?? '';
    const path = join(folder, 'journal', '000001.jsonl');
    let head = firstHead(device);
    const lines: string[] = [];
    for (const { fact, by, at, salt } of entries) {
      const changed: Fact = fact.kind === 'stock_changed' ? { ...fact, quantity: '9999' } : fact;
      for (const { entry, line } of sealFacts(head, by, at, [changed], { salt: () => salt })) {
        lines.push(line.toString('utf8'));
        head = { device, seq: entry.seq, hash: entry.hash };
      }
    }
    await writeFile(path, lines.join(''));
    const running = await hostAt({ folder });
    const { dispute, journal } = await does(running, 'whoIsHere', {});
    expect(journal.state).toBe('whole');
    const opening = entries.find(({ fact }) => fact.kind === 'stock_changed')?.seq ?? 0;
    expect(dispute?.fromSeq).toBeGreaterThanOrEqual(opening);
    await enter(running, crew.byRole.counter);
    expect(await codeOf(running.host.append({ facts: [{ ...COUNTED, bin: 'A-02' }] }))).toBe('ok');
    await enter(running, crew.byRole.approver);
    await does(running, 'append', { facts: [APPROVED] });
    const facts = [await posting(running)];
    expect(await codeOf(running.host.append({ facts }))).toBe('history_differs');
    const send = { connection: 'c', batch: 'batch-1', lines: [], stopped: [] };
    expect(await codeOf(running.host.freezeRequests(send))).toBe('history_differs');
    expect(await codeOf(running.host.settleHistory({}))).toBe('role_missing');
    await running.close();
    const again = await hostAt({ folder });
    expect((await does(again, 'whoIsHere', {})).dispute).toEqual(dispute);
    await enter(again, crew.byRole.admin);
    await does(again, 'settleHistory', {});
    expect((await does(again, 'whoIsHere', {})).dispute).toBeNull();
    await enter(again, crew.byRole.approver);
    expect(await codeOf(again.host.append({ facts: [await posting(again)] }))).toBe('ok');
    await again.close();
    const third = await hostAt({ folder });
    expect((await does(third, 'whoIsHere', {})).dispute).toBeNull();
    expect(await readFile(path, 'utf8')).toContain('9999');
    await third.close();
  });
});
