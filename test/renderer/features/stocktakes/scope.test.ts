import { FIRST_PLACE } from '../../../../shared/domain/ledger-order.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  binsInScope,
  NO_SCOPE,
  overlaps,
  zoneChips,
  scopeProblem,
  type Scope,
} from '../../../../renderer/features/stocktakes/scope.ts';
import type { Bin } from '../../../../shared/domain/location.ts';
import type { Stocktake } from '../../../../shared/domain/stocktake.ts';

const bins: Bin[] = ['A-01', 'A-01-2', 'A-02', 'A-10', 'B-01', 'B-02'].map((code, walk) => ({
  code,
  label: code,
  site: 'Main St',
  zone: code.slice(0, 1),
  walk,
}));
const chosen = (range: string) => binsInScope(bins, { ...NO_SCOPE, range }).map((bin) => bin.code);

function stocktake(codes: readonly string[]): Stocktake {
  return {
    id: 's',
    name: 'Zone A',
    blind: true,
    bins: codes,
    by: 'mia',
    at: '2026-11-20T10:00:00.000Z',
    opened: FIRST_PLACE,
    sheets: new Map(),
    recounts: new Map(),
    expected: new Map(),
    repeats: [],
  };
}

/** Parts of a range text that name no bin. */
function emptyParts(of: readonly Bin[], range: string): readonly string[] {
  const problem = scopeProblem(of, { ...NO_SCOPE, range });
  return problem?.code === 'no_such_bin' ? problem.parts : [];
}

describe('scope of a stocktake', () => {
  test('U65 a range takes both ends, counts digits by value, and takes the bins below its last end', () => {
    expect(chosen('A-02..A-10')).toEqual(['A-02', 'A-10']);
    expect(chosen('a-01..a-01')).toEqual(['A-01', 'A-01-2']);
  });

  test('U66 a code stands for itself and what is below it, a star for everything that starts so', () => {
    expect(chosen('A-01')).toEqual(['A-01', 'A-01-2']);
    expect(chosen('A-1*, B-02')).toEqual(['A-10', 'B-02']);
    expect(chosen('*')).toHaveLength(bins.length);
    expect(chosen('')).toEqual([]);
  });

  test('U67 zones and range add up, and no bin is taken twice', () => {
    const zone = zoneChips(bins).find((chip) => chip.zone === 'A');
    const zones = new Set(zone ? [zone.key] : []);
    expect(zone?.bins).toBe(4);
    expect(binsInScope(bins, { all: false, zones, range: 'A-02 B-01' }).map((bin) => bin.code)).toEqual([
      'A-01',
      'A-01-2',
      'A-02',
      'A-10',
      'B-01',
    ]);
  });

  test('U68 a part of the range that no bin answers to is named', () => {
    expect(emptyParts(bins, 'A-01, C-*; Z-9')).toEqual(['C-*', 'Z-9']);
    fc.assert(
      fc.property(
        fc.string({ maxLength: 30 }),
        (range) =>
          binsInScope(bins, { ...NO_SCOPE, range }).length <= bins.length && emptyParts(bins, range).length <= 30,
      ),
    );
  });

  test('U583 a new stocktake stops at a part of the range that names no bin, whatever the others name', () => {
    const problem = (range: string, more: Partial<Scope> = {}) => scopeProblem(bins, { ...NO_SCOPE, range, ...more });
    expect(problem('A-01')).toBeUndefined();
    expect(problem('A-01, A-0l, Z-9')).toEqual({ code: 'no_such_bin', parts: ['A-0l', 'Z-9'] });
    expect(problem('Z-9', { zones: new Set(zoneChips(bins).map(({ key }) => key)) })).toMatchObject({ parts: ['Z-9'] });
    expect(problem('Z-9', { all: true })).toBeUndefined();
    expect(problem('')).toEqual({ code: 'nothing_chosen' });
    const many = Array.from({ length: 50_001 }, (_, walk) => ({
      code: `B-${walk}`,
      label: '',
      site: '',
      zone: '',
      walk,
    }));
    expect(scopeProblem(many, { ...NO_SCOPE, all: true })).toEqual({ code: 'too_many' });
  });

  test('U564 a bin with blanks in its code is named by it, beside others, in a range, or in quotes', () => {
    const racks = ['Rack 1', 'Rack 2', 'Rack 10', 'A-01', 'A-02', 'B 1'].map((code, walk) => ({
      code,
      label: code,
      site: '',
      zone: '',
      walk,
    }));
    const named = (range: string) => binsInScope(racks, { ...NO_SCOPE, range }).map((bin) => bin.code);
    expect(named('rack 1')).toEqual(['Rack 1']);
    expect(named('Rack 1, Rack 2')).toEqual(['Rack 1', 'Rack 2']);
    expect(named('Rack 2..Rack 10')).toEqual(['Rack 2', 'Rack 10']);
    expect(named('"Rack 1"; B 1')).toEqual(['Rack 1', 'B 1']);
    expect(named('Rack*')).toEqual(['Rack 1', 'Rack 2', 'Rack 10']);
    expect(named('A-01..A-02 "B 1"')).toEqual(['A-01', 'A-02', 'B 1']);
    expect(named('A-01 A-02')).toEqual(['A-01', 'A-02']);
    expect(emptyParts(racks, 'Rack 1 Rack 2')).toEqual(['Rack 1 Rack 2']);
    expect(emptyParts(racks, 'Rack 3, A-01')).toEqual(['Rack 3']);
    expect(chosen('A-02 B-01')).toEqual(['A-02', 'B-01']);
  });

  test('U69 a stocktake under way that shares bins is named with how many', () => {
    expect(
      overlaps([stocktake(['a-01', 'B-01']), stocktake(['C-01'])], bins.slice(0, 3)).map((found) => found.bins),
    ).toEqual([1]);
  });
});
