import { readFile, writeFile } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { describe, expect, test } from 'vitest';
import { firstBroken } from '../../../renderer/ledger/chain.ts';
import type { Fact, FactOf, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { reviewBatch, toPostedLine } from '../../../shared/domain/variance.ts';
import { codeOf, does, freshFolder, hostAt } from './bench.ts';
import { APPROVED, COUNTED, LINE, PIN, STOCKTAKE, countAndSubmit, enter, hire, posting, type Crew } from './crew.ts';
import { closeFile, goOn, openFile, personKey, stolenKey } from './team-attacks.ts';
import { chainOf, comes, comesToDesk, founder, handOver, join, save, take, type Laptop } from './team-rig.ts';

type Running = Awaited<ReturnType<typeof hostAt>>;

/** What a laptop tells of the numbers that another one lost. */
async function gapsTold(on: Laptop, of: Laptop) {
  const { chains = [] } = (await does(on.running, 'whoIsHere', {})).journal;
  return chains.find(({ device }) => device === of.device)?.gaps;
}

/** Where a page that holds what the host serves finds the first hole in a chain. */
async function holeIn(on: Laptop, of: Laptop, gaps: Awaited<ReturnType<typeof gapsTold>>): Promise<number | undefined> {
  const kept = (await chainOf(on, of.device)).map((entry) => ({
    id: entry.id,
    seq: entry.seq,
    hash: entry.hash,
    entry,
  }));
  const nextRows = async (after: string, count: number) => kept.filter(({ id }) => id > after).slice(0, count);
  return firstBroken({ nextRows }, { device: of.device, ...(gaps && { gaps }) });
}

/** A bin that was counted and handed in, and somebody else who counts; ends with the approver signed in. */
async function handedIn(): Promise<{ running: Running; crew: Crew; other: string }> {
  const running = await hostAt({ folder: await freshFolder() });
  const crew = await hire(running);
  const role = { name: 'Bo', roles: ['counter' as const], active: true, pin: PIN };
  const other = (await does(running, 'savePerson', role)).person.id;
  await countAndSubmit(running, crew);
  await enter(running, crew.byRole.approver);
  return { running, crew, other };
}

/** The approval of somebody who looks at what stands now. */
async function approval(running: Running): Promise<FactOf<'lines_decided'>> {
  const lines = (await posting(running)).lines.map(({ anchor, counted }) => ({ ...LINE, saw: { anchor, counted } }));
  return { ...APPROVED, lines };
}

/** The posting of the line as a page makes it that holds all chains. */
async function postingOf(laptop: Laptop): Promise<FactOf<'lines_posted'>> {
  const { device, chains = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  const all: LedgerEntry[] = [];
  for (const one of [device, ...chains.map((chain) => chain.device)]) all.push(...(await chainOf(laptop, one)));
  const { batches, stocktakes, books } = foldLedger(all);
  const batch = batches.get('batch-1');
  const rows = batch === undefined ? [] : reviewBatch(batch, stocktakes, books);
  return { kind: 'lines_posted', batch: 'batch-1', lines: rows.map((row) => toPostedLine(row)) };
}

const answers = (running: Running, ...facts: Fact[]) => codeOf(running.host.append({ facts }));

describe('what other laptops lost', () => {
  test('H830 numbers that a laptop lost are told by every laptop that holds its chain, however it came, after a restart too', async () => {
    const office = await founder();
    await enter(office.running, office.crew.byRole.lead);
    await does(office.running, 'append', { facts: [STOCKTAKE] });
    await enter(office.running, office.crew.admin);
    const [early, late, cold] = [
      await join(office, 'Early', 'supervising'),
      await join(office, 'Late', 'supervising'),
      await join(office, 'Cold store', 'counting'),
    ];
    const counts = async (...quantities: string[]) => {
      for (const quantity of quantities) await does(cold.running, 'append', { facts: [{ ...COUNTED, quantity }] });
    };
    await comes(cold, office.crew.byRole.counter);
    await comesToDesk(early, office.crew, 'counter');
    await comesToDesk(late, office.crew, 'counter');
    await counts('1');
    await handOver(cold, early);
    expect(await gapsTold(early, cold)).toBeUndefined();
    await counts('2', '3', '4', '6');
    await cold.running.close();
    const segment = pathTo(cold.folder, 'journal', '000001.jsonl');
    const written = await readFile(segment, 'utf8');
    await writeFile(
      segment,
      written.replace('"quantity":"2"', '"quantity":"9"').replace('"quantity":"4"', '"quantity":"9"'),
    );
    await cold.open();
    await does(cold.running, 'restoreJournal', { entries: [], last: true, holes: true });
    await enter(cold.running, office.crew.byRole.counter);
    await counts('5');
    const { gaps } = (await does(cold.running, 'whoIsHere', {})).journal;
    expect(gaps).toHaveLength(2);
    const file = await save(cold);
    // In two files, in one, and carried on by another laptop.
    await take(early, file);
    expect((await take(late, file)).journal.chains?.find(({ device }) => device === cold.device)?.gaps).toEqual(gaps);
    await enter(office.running, office.crew.admin);
    await handOver(late, office);
    for (const laptop of [early, late, office]) {
      expect(await gapsTold(laptop, cold)).toEqual(gaps);
      expect(await holeIn(laptop, cold, gaps)).toBeUndefined();
      expect(await holeIn(laptop, cold, undefined)).toBe(gaps?.[0]?.fromSeq);
      await laptop.restart();
      expect(await gapsTold(laptop, cold)).toEqual(gaps);
    }
    for (const laptop of [office, early, late, cold]) await laptop.running.close();
  });
});

describe('what stands is what was approved', () => {
  test('H831 what somebody else counted since a line was approved is posted by nobody until it is approved again', async () => {
    const { running, crew, other } = await handedIn();
    const before = await approval(running);
    await does(running, 'append', { facts: [before] });
    await enter(running, other);
    await does(running, 'append', { facts: [{ ...COUNTED, quantity: '3' }] });
    await enter(running, crew.byRole.approver);
    const now = await posting(running);
    expect(now.lines[0]).toMatchObject({ counted: '8', variance: '1' });
    expect(await answers(running, now)).toBe('not_as_counted');
    // Nor is it by saying once more what was seen before, in the same breath.
    expect(await answers(running, before, now)).toBe('not_as_counted');
    const again = await approval(running);
    expect(await answers(running, again, { ...again, decision: 'hold' }, now)).toBe('bad_request');
    expect(await answers(running, again)).toBe('ok');
    expect(await answers(running, now)).toBe('ok');
    await running.close();
  });

  test('H831 an approval and the posting of what it saw may be said in one breath', async () => {
    const { running } = await handedIn();
    expect(await answers(running, await approval(running), await posting(running))).toBe('ok');
    await running.close();
  });

  test('H832 an approval of an older app, which does not say what it saw, is posted as it ever was', async () => {
    const { running, crew, other } = await handedIn();
    await does(running, 'append', { facts: [APPROVED] });
    await enter(running, other);
    await does(running, 'append', { facts: [{ ...COUNTED, quantity: '3' }] });
    await enter(running, crew.byRole.approver);
    expect(await answers(running, await posting(running))).toBe('ok');
    await running.close();
  });
});

describe('whose count of a pile stands', () => {
  /** Two people counted one pile: five and three. Ends with the approver signed in. */
  async function overlap() {
    const { running, crew, other } = await handedIn();
    await enter(running, other);
    await does(running, 'append', { facts: [{ ...COUNTED, quantity: '3' }] });
    await enter(running, crew.byRole.approver);
    const settled: FactOf<'overlap_settled'> = {
      kind: 'overlap_settled',
      stocktake: 'take-1',
      pass: 1,
      ...LINE,
      person: other,
      saw: [
        { person: crew.byRole.counter, counted: '5' },
        { person: other, counted: '3' },
      ],
    };
    return { running, crew, other, settled };
  }

  test('H833 where one person’s count was said to stand, that is posted and the sum of both is refused', async () => {
    const { running, settled } = await overlap();
    const sum = await posting(running);
    await does(running, 'append', { facts: [await approval(running)] });
    await does(running, 'append', { facts: [settled] });
    const one = await posting(running);
    expect([sum.lines[0]?.counted, one.lines[0]?.counted]).toEqual(['8', '3']);
    // The sum was approved, and neither is posted on that.
    expect([await answers(running, sum), await answers(running, one)]).toEqual(['not_as_counted', 'not_as_counted']);
    await does(running, 'append', { facts: [await approval(running)] });
    expect(await answers(running, sum)).toBe('not_as_counted');
    expect(await answers(running, one)).toBe('ok');
    await running.close();
  });

  test('H833 what somebody counts after it was said whose count stands is asked about again', async () => {
    const { running, crew, other, settled } = await overlap();
    await does(running, 'append', { facts: [settled] });
    await does(running, 'append', { facts: [await approval(running)] });
    const one = await posting(running);
    await enter(running, other);
    await does(running, 'append', { facts: [{ ...COUNTED, quantity: '1' }] });
    await enter(running, crew.byRole.approver);
    expect(await answers(running, one)).toBe('not_as_counted');
    expect(await answers(running, await posting(running))).toBe('not_as_counted');
    await running.close();
  });

  test('H834 whose count stands is said by nobody who counted the line, and of nobody who did not', async () => {
    const { running, crew, settled } = await overlap();
    await enter(running, crew.admin);
    const hired = async (name: string) =>
      (await does(running, 'savePerson', { name, roles: ['counter', 'approver'], active: true, pin: PIN })).person.id;
    const [third, emptied] = [await hired('Cy'), await hired('Di')];
    await enter(running, third);
    await does(running, 'append', { facts: [{ ...COUNTED, quantity: '2' }] });
    const saw = [...settled.saw, { person: third, counted: '2' }];
    expect(await answers(running, { ...settled, saw })).toBe('own_count');
    // Also where they leave their own count out.
    expect(await answers(running, settled)).toBe('own_count');
    await enter(running, emptied);
    await does(running, 'append', {
      facts: [{ kind: 'bin_confirmed_empty', stocktake: 'take-1', pass: 1, bin: 'A-01' }],
    });
    expect(await answers(running, { ...settled, saw })).toBe('own_count');
    await enter(running, crew.byRole.approver);
    expect(await answers(running, { ...settled, saw, person: crew.admin })).toBe('bad_request');
    expect(await answers(running, { ...settled, saw: [...saw, ...saw] })).toBe('bad_request');
    expect(await answers(running, { ...settled, saw })).toBe('ok');
    await running.close();
  });

  test('H834 who said whose count stands before it is heard that they counted it too is not posted on', async () => {
    const office = await founder();
    const { crew } = office;
    await enter(office.running, crew.admin);
    const both = (
      await does(office.running, 'savePerson', { name: 'Bo', roles: ['counter', 'approver'], active: true, pin: PIN })
    ).person.id;
    const other = (await does(office.running, 'savePerson', { name: 'Cy', roles: ['counter'], active: true, pin: PIN }))
      .person.id;
    await enter(office.running, crew.byRole.lead);
    await does(office.running, 'append', { facts: [STOCKTAKE] });
    await enter(office.running, crew.admin);
    const yard = await join(office, 'Yard', 'counting');
    await countAndSubmitOn(office, crew, other);
    await comes(yard, both);
    await does(yard.running, 'append', { facts: [{ ...COUNTED, quantity: '1' }] });
    await enter(office.running, both);
    await does(office.running, 'append', {
      facts: [
        {
          kind: 'overlap_settled',
          stocktake: 'take-1',
          pass: 1,
          ...LINE,
          person: other,
          saw: [
            { person: crew.byRole.counter, counted: '5' },
            { person: other, counted: '3' },
          ],
        },
      ],
    });
    await enter(office.running, crew.byRole.approver);
    await does(office.running, 'append', { facts: [await approval(office.running)] });
    const before = await posting(office.running);
    expect(before.lines[0]?.counted).toBe('3');
    await handOver(yard, office);
    expect(await answers(office.running, before)).toBe('not_as_counted');
    await office.running.close();
    await yard.running.close();
  });

  test('H834 nor is it posted on where a laptop that was tampered with let somebody believe themselves', async () => {
    const office = await founder();
    const { crew } = office;
    await enter(office.running, crew.admin);
    const roles = ['counter' as const, 'approver' as const];
    const both = (await does(office.running, 'savePerson', { name: 'Bo', roles, active: true, pin: PIN })).person.id;
    const desk = await join(office, 'Desk', 'supervising');
    await countAndSubmit(office.running, crew);
    await does(desk.running, 'recoverAccess', { person: crew.admin, code: crew.code, pin: PIN });
    // They sign it with what their own PIN opens there.
    await does(desk.running, 'savePerson', { id: both, name: 'Bo', roles, active: true, pin: PIN });
    await handOver(office, desk);
    const open = await openFile(await save(desk));
    const saw = [
      { person: crew.byRole.counter, counted: '5' },
      { person: both, counted: '3' },
    ];
    const at = '2026-11-22T09:00:00.000Z';
    const chains = [];
    for (const chain of open.chains)
      chains.push(
        chain.device === desk.device
          ? goOn(chain, open.start.site.id, await stolenKey(desk), [
              { fact: { ...COUNTED, quantity: '3' }, by: both, at },
              {
                fact: { kind: 'overlap_settled', stocktake: 'take-1', pass: 1, ...LINE, person: both, saw },
                by: both,
                at,
                sign: await personKey(desk, both),
              },
            ])
          : chain,
      );
    await enter(office.running, crew.byRole.approver);
    expect(await take(office, await closeFile({ ...open, chains }))).toMatchObject({ journal: { chains: [{}] } });
    const { lines } = await postingOf(office);
    expect(lines[0]?.counted).toBe('3');
    const looked = lines.map(({ anchor, counted }) => ({ ...LINE, saw: { anchor, counted } }));
    expect(await answers(office.running, { ...APPROVED, lines: looked })).toBe('ok');
    expect(await answers(office.running, await postingOf(office))).toBe('own_count');
    await office.running.close();
    await desk.running.close();
  });

  /** Two people counted one pile at the office, and it was handed in. */
  async function countAndSubmitOn({ running }: Laptop, crew: Crew, other: string): Promise<void> {
    await enter(running, other);
    await does(running, 'append', { facts: [{ ...COUNTED, quantity: '3' }] });
    await enter(running, crew.byRole.counter);
    const sheet = { stocktake: 'take-1', pass: 1, bin: 'A-01' };
    await does(running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...sheet }] });
    await does(running, 'append', {
      facts: [{ kind: 'batch_submitted', batch: 'batch-1', stocktake: 'take-1', pass: 1, bins: ['A-01'] }],
    });
  }
});
