// @vitest-environment happy-dom
import axe from 'axe-core';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BinList } from '../../../../renderer/features/stocktakes/bin-list.tsx';
import { BinMap } from '../../../../renderer/features/stocktakes/bin-map.tsx';
import { zoneMaps } from '../../../../renderer/features/stocktakes/bin-states.ts';
import { CountingLaptops } from '../../../../renderer/features/stocktakes/counting-laptops.tsx';
import { isDoubled, laptopShares } from '../../../../renderer/features/stocktakes/laptop-shares.ts';
import { knownUpTo } from '../../../../renderer/tallybook/team.ts';
import { LANGUAGES, startTexts } from '../../../../renderer/texts/texts.ts';
import { formatsIn } from '../../../../renderer/ui/format.ts';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import { entryId, type Fact, type LedgerEntry } from '../../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../../shared/domain/ledger-state.ts';
import { findSheet } from '../../../../shared/domain/stocktake.ts';
import type { Laptop, Team } from '../../../../shared/ports/host.ts';
import { giveRoom, HERE, laptopOf, showOver, SITE, siteHost } from '../team/site-double.tsx';

const zeros = '0'.repeat(64);
const BINS = ['A-01', 'A-02', 'A-03', 'A-04', 'A-05'];
const bins = BINS.map((code, walk) => ({ code, label: code, site: 'Main St', zone: 'A', walk }));
const NOW = '2026-11-20T12:00:00.000Z';
const today = (time: string) => `2026-11-20T${time}:00.000Z`;
/** As the screen writes it, in the zone of whoever looks. */
const clock = (iso: string) => formatsIn('en').moment(iso);

const OFFICE = { ...HERE, laptop: 'office' };
const COLD = laptopOf('Cold store', {
  laptop: 'cold',
  entries: 9,
  newestAt: today('11:10'),
  heardAt: today('11:30'),
});
const YARD = laptopOf('Yard', { laptop: 'yard', entries: 9, newestAt: today('07:40'), heardAt: today('07:45') });
const DOCK = laptopOf('Dock', { laptop: 'dock' });
const team = (laptops: readonly Laptop[]): Team => ({
  site: SITE,
  here: 'supervising',
  asked: null,
  laptops: [...laptops],
});

type Said = readonly [device: string, by: string, fact: Fact];
const sheet = (bin: string) => ({ stocktake: 's', pass: 1, bin });
const counted = (bin: string): Fact => ({ kind: 'counted', ...sheet(bin), item: 'OIL', quantity: '7319', how: 'scan' });

function stocktakeAfter(said: readonly Said[]) {
  const created: Fact = { kind: 'stocktake_created', stocktake: 's', name: 'All', blind: true, bins: BINS };
  const all: readonly Said[] = [['office', 'ana', created], ...said];
  const entries = all.map(([device, by, fact], at): LedgerEntry => {
    const seq = all.slice(0, at + 1).filter(([one]) => one === device).length;
    const minute = String(at).padStart(2, '0');
    return {
      id: entryId(device, seq),
      device,
      seq,
      at: today(`06:${minute}`),
      by,
      v: 1,
      prev: zeros,
      hash: zeros,
      fact,
    };
  });
  const stocktake = foldLedger(entries).stocktakes.get('s');
  if (!stocktake) throw new Error('no stocktake');
  return stocktake;
}

const WORK: readonly Said[] = [
  ['office', 'ana', counted('A-01')],
  ['cold', 'ben', { kind: 'bin_opened', ...sheet('A-02') }],
  ['yard', 'dan', { kind: 'bin_skipped', ...sheet('A-03'), reason: 'blocked' }],
  ['cold', 'ben', counted('A-04')],
  ['yard', 'dan', counted('A-04')],
];
const maps = zoneMaps(stocktakeAfter(WORK), 1, createCatalogue([], bins));
const shares = laptopShares(team([OFFICE, COLD, YARD, DOCK]), maps, NOW);

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

describe('who counts on which laptop', () => {
  test('U842 a bin knows everybody who said something there and the laptop, though nothing was scanned', () => {
    const stocktake = stocktakeAfter([...WORK, ['cold', 'ben', counted('A-04')]]);
    const counters = BINS.map((bin) => findSheet(stocktake, 1, bin)?.counters);
    expect(counters).toEqual([
      [{ person: 'ana', device: 'office' }],
      [{ person: 'ben', device: 'cold' }],
      [{ person: 'dan', device: 'yard' }],
      [
        { person: 'ben', device: 'cold' },
        { person: 'dan', device: 'yard' },
      ],
      undefined,
    ]);
  });

  test('U843 a laptop is known up to its newest entry here, and never beyond the moment at which it was heard', () => {
    expect(knownUpTo(COLD)).toBe(today('11:10'));
    expect(knownUpTo({ newestAt: today('13:00'), heardAt: today('11:30') })).toBe(today('11:30'));
    expect(knownUpTo({ newestAt: today('11:10'), heardAt: null })).toBe(today('11:10'));
    expect(knownUpTo(DOCK)).toBeNull();
  });

  test('U843 laptops stand with their people and bins, the one of which least is known first, this one last', () => {
    expect(
      [...shares.values()].map(({ name, people, bins: many, upTo, isSilent }) => [name, people, many, upTo, isSilent]),
    ).toEqual([
      ['Dock', [], 0, null, false],
      ['Yard', ['dan'], 2, today('07:40'), true],
      ['Cold store', ['ben'], 2, today('11:10'), false],
      ['Office', ['ana'], 1, null, false],
    ]);
  });

  test('U843 a laptop that works alone names none; a revoked one is named where it has counted, and is not silent', () => {
    expect(laptopShares(undefined, maps, NOW).size).toBe(0);
    expect(laptopShares({ ...team([OFFICE]), site: null, here: 'none' }, maps, NOW).size).toBe(0);
    const alone = zoneMaps(stocktakeAfter([['office', 'ana', counted('A-01')]]), 1, createCatalogue([], bins));
    expect(laptopShares(team([OFFICE]), alone, NOW).size).toBe(0);
    const out = team([OFFICE, { ...YARD, state: 'revoked' }, { ...DOCK, state: 'revoked' }]);
    const named = [...laptopShares(out, maps, NOW).values()];
    expect(named.map(({ name, isRevoked, isSilent }) => [name, isRevoked, isSilent])).toEqual([
      // Of this one the site knows nothing: it is called by its number.
      ['cold', false, false],
      ['Yard', true, false],
      ['Office', false, false],
    ]);
  });

  test('U844 a bin is counted twice while nobody has decided about a line that two people counted', () => {
    const handedIn: Said = [
      'office',
      'ana',
      { kind: 'batch_submitted', batch: 'b', stocktake: 's', pass: 1, bins: ['A-04'] },
    ];
    const decided: Said = [
      'office',
      'cleo',
      { kind: 'lines_decided', batch: 'b', decision: 'recount', lines: [{ item: 'OIL', bin: 'A-04' }] },
    ];
    const of = (said: readonly Said[]) => isDoubled(findSheet(stocktakeAfter(said), 1, 'A-04'));
    expect(of(WORK)).toBe(true);
    expect(of(WORK.slice(0, -1))).toBe(false);
    expect(of([...WORK.slice(0, -1), ['yard', 'ben', counted('A-04')]])).toBe(true);
    expect(of([...WORK, handedIn])).toBe(true);
    expect(of([...WORK, handedIn, decided])).toBe(false);
  });
});

describe('the live view of several laptops', () => {
  test('U842 the cell of a bin says who counts there on which laptop, and up to when that is known', () => {
    showOver(siteHost({}), <BinMap maps={maps} shares={shares} onOpen={() => undefined} />);
    const label = (bin: string) =>
      screen.getByRole('button', { name: new RegExp(`^${bin}`) }).getAttribute('aria-label');
    expect(label('A-01')).toBe('A-01: Open, ana on this laptop');
    expect(label('A-02')).toBe(`A-02: Open, ben on Cold store, known up to ${clock(today('11:10'))}`);
    expect(label('A-03')).toBe(`A-03: Skipped, dan on Yard, known up to ${clock(today('07:40'))} and not heard since`);
    expect(label('A-05')).toBe('A-05: Not visited');
    const seen = (bin: string) => screen.getByRole('button', { name: new RegExp(`^${bin}`) }).textContent;
    expect(seen('A-02')).toContain(`Cold store${clock(today('11:10'))}`);
    expect(seen('A-01')).not.toMatch(/\d\d:\d\d/);
    // Of two laptops the older knowledge counts.
    expect(seen('A-04')).toContain(`2 laptops${clock(today('07:40'))}`);
  });

  test('U844 a bin that two laptops counted says so in the map and in the list', () => {
    showOver(siteHost({}), <BinMap maps={maps} shares={shares} onOpen={() => undefined} />);
    expect(screen.getByRole('button', { name: /^A-04.*ben on Cold store.*dan on Yard.*counted twice$/ })).toBeTruthy();
    expect(screen.getAllByText(/2×/)).toHaveLength(1);
    cleanup();
    showOver(siteHost({}), <BinList maps={maps} shares={shares} onOpen={() => undefined} />);
    const rows = screen.getAllByTestId('bin-row').map(({ textContent }) => textContent);
    expect(rows.filter((row) => row.includes('counted twice'))).toEqual([expect.stringMatching(/^A-04/)]);
  });

  test('U842 the list says it of each bin, and shows no laptops while this one works alone', () => {
    showOver(siteHost({}), <BinList maps={maps} shares={shares} onOpen={() => undefined} />);
    const rows = screen.getAllByTestId('bin-row').map(({ textContent }) => textContent);
    expect(rows[0]).toContain('this one');
    expect(rows[1]).toContain(`Cold store, up to ${clock(today('11:10'))}`);
    expect(rows[2]).toMatch(/nothing for over 2 h.*Yard, up to/);
    cleanup();
    showOver(siteHost({}), <BinList maps={maps} shares={new Map()} onOpen={() => undefined} />);
    expect(screen.queryByRole('columnheader', { name: 'Laptop' })).toBeNull();
  });

  test('U843 the list of laptops says of each what is known of it and who counts there, and no quantity', () => {
    showOver(siteHost({}), <CountingLaptops shares={shares} />);
    const rows = screen.getAllByTestId('counting-laptop').map(({ textContent }) => textContent);
    expect(rows[0]).toMatch(/^Dock.*nothing yet/);
    expect(rows[1]).toContain(`${clock(today('07:40'))} nothing for over 2 h${clock(today('07:45'))}2dan`);
    expect(rows[2]).toContain(`${clock(today('11:10'))} ${clock(today('11:30'))}2ben`);
    expect(rows[3]).toMatch(/this onenow1ana/);
    expect(document.body.textContent).not.toContain('7319');
    expect(screen.getByRole('link', { name: 'Take in a newer file' }).getAttribute('href')).toBe('/laptops');
  });

  test('U843 of many laptops the five of which least is known are in sight, the others on request', () => {
    const many = Array.from({ length: 20 }, (_, at) =>
      laptopOf(`L${at}`, { newestAt: today(`08:${at + 10}`), entries: 1 }),
    );
    showOver(siteHost({}), <CountingLaptops shares={laptopShares(team([OFFICE, ...many]), [], NOW)} />);
    expect(screen.getAllByTestId('counting-laptop')).toHaveLength(5);
    fireEvent.click(screen.getByRole('button', { name: 'Show 15 more laptops' }));
    expect(screen.getAllByTestId('counting-laptop')).toHaveLength(20);
  });

  test('U846 neither map nor list of several laptops breaks WCAG 2.2 A or AA, in any language', async () => {
    const runOnly = { type: 'tag' as const, values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
    const rules = { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } };
    for (const language of LANGUAGES) {
      await startTexts(language);
      for (const View of [BinMap, BinList]) {
        showOver(
          siteHost({}),
          <>
            <CountingLaptops shares={shares} />
            <View maps={maps} shares={shares} onOpen={() => undefined} />
          </>,
        );
        const { violations } = await axe.run(document.body, { runOnly, rules, resultTypes: ['violations'] });
        expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
        cleanup();
      }
    }
  });
});
