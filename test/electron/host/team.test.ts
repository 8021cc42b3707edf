import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { codeOf, does } from './bench.ts';
import { APPROVED, BATCH, COUNTED, PIN, STOCKTAKE, enter } from './crew.ts';
import { as, comes, founder, handOver, join, look, newLaptop, save, take } from './team-rig.ts';

const SHEET = { stocktake: 'take-1', pass: 1, bin: 'A-01' };
const OPENING: Fact = { kind: 'stock_changed', item: 'SKU-1', bin: 'A-01', quantity: '7', reason: 'opening' };

describe('several laptops, one count', () => {
  test('H787 a laptop asks, is enrolled by its words, counts, and hands its counts back to be posted', async () => {
    const office = await founder();
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
    await as(office, 'admin');

    const cold = await newLaptop();
    expect(await does(cold.running, 'team', {})).toMatchObject({ site: null, here: 'none' });
    const asked = await does(cold.running, 'askToJoin', { laptop: 'Cold store' });
    const read = await does(office.running, 'readRequest', { request: asked.request });
    expect(read).toEqual({ laptop: cold.device, name: 'Cold store', words: asked.words });
    expect(asked.words).toHaveLength(8);
    expect(await codeOf(cold.running.host.createFirstPerson({ name: 'Eve', pin: PIN }))).toBe('site_exists');
    // Not enrolled yet: the file says nothing to it.
    expect(await codeOf(cold.running.host.lookAtHandOver({}))).toBe('bad_hand_over');
    await does(office.running, 'enrolLaptop', { request: asked.request, name: 'Cold store', role: 'counting' });

    const first = await handOver(office, cold);
    expect(first.entries.map(({ fact }) => fact.kind)).toEqual(['heard']);
    expect(await does(cold.running, 'team', {})).toMatchObject({
      here: 'counting',
      site: { name: 'Leeds' },
      words: [],
    });
    await comes(cold, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...SHEET }] });
    await does(cold.running, 'append', { facts: [BATCH] });

    const file = await save(cold);
    const report = await look(office, file);
    expect(report).toMatchObject({
      from: 'Cold store',
      site: { name: 'Leeds' },
      refused: 0,
      bins: ['A-01'],
      overlapping: [],
      problems: [],
    });
    const taken = await take(office, file);
    expect(taken.fresh).toBe(report.fresh);
    expect(taken.journal.chains).toMatchObject([{ device: cold.device }]);

    await as(office, 'approver');
    await does(office.running, 'append', { facts: [APPROVED] });
    const page = await does(office.running, 'readJournal', { device: cold.device, fromSeq: 1, limit: 1000 });
    const anchor = page.entries.find(({ fact }) => fact.kind === 'counted');
    const line = { item: 'SKU-1', bin: 'A-01', counted: '5', bookThen: '7', variance: '-2' };
    const posted = { ...line, anchor: anchor?.id ?? '', countedAt: anchor?.at ?? '' };
    const wrong = { ...posted, counted: '6', variance: '-1' };
    expect(
      await codeOf(office.running.host.append({ facts: [{ kind: 'lines_posted', batch: 'batch-1', lines: [wrong] }] })),
    ).toBe('not_as_counted');
    await does(office.running, 'append', { facts: [{ kind: 'lines_posted', batch: 'batch-1', lines: [posted] }] });

    // And back: the counting laptop knows that it was posted.
    await handOver(office, cold);
    await cold.restart();
    await enter(cold.running, office.crew.byRole.counter);
    const back = await does(cold.running, 'readJournal', { device: office.device, fromSeq: 1, limit: 1000 });
    expect(back.entries.some(({ fact }) => fact.kind === 'lines_posted')).toBe(true);
    await office.running.close();
    await cold.running.close();
  });

  test('H788 a laptop that counts seals what is said at a shelf, and nothing that decides', async () => {
    const office = await founder();
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
    await as(office, 'admin');
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.admin);
    const { host } = cold.running;
    await does(cold.running, 'append', { facts: [COUNTED] });
    for (const fact of [OPENING, { ...STOCKTAKE, stocktake: 'take-2' }, APPROVED] as Fact[])
      expect([fact.kind, await codeOf(host.append({ facts: [fact] }))]).toEqual([fact.kind, 'laptop_may_not']);
    expect(await codeOf(host.savePerson({ name: 'Eve', roles: ['admin'], active: true, pin: PIN }))).toBe(
      'laptop_may_not',
    );
    expect(await codeOf(host.nameLaptop({ laptop: cold.device, name: 'Mine' }))).toBe('laptop_may_not');
    await cold.running.close();
    await office.running.close();
  });
});
