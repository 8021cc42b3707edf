import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chainGaps, type ChainLink } from '../../../../shared/remotes/deconetwork/chain.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

/** True histories: for each record a walk from level to level, several steps in one second at times. */
const history = fc
  .array(
    fc.record({
      record: fc.integer({ min: 1, max: 3 }),
      wait: fc.integer({ min: 0, max: 2 }),
      level: fc.integer({ min: 0, max: 4 }),
    }),
    { maxLength: 14 },
  )
  .map((steps) => {
    const levels = new Map<number, number>();
    let second = 0;
    return steps.map(({ record, wait, level }): ChainLink => {
      second += wait;
      const before = String(levels.get(record) ?? 0);
      levels.set(record, level);
      return { inventoryId: record, createdAt: at(second), before, after: String(level) };
    });
  });

/** Whether some order of the events of each second makes a chain: every order is tried. */
function isChain(links: readonly ChainLink[]): boolean {
  return [...new Set(links.map((link) => link.inventoryId))].every((record) =>
    canWalk(
      links.filter((link) => link.inventoryId === record),
      undefined,
    ),
  );
}

function canWalk(links: readonly ChainLink[], level: string | undefined): boolean {
  if (links.length === 0) return true;
  const next = links.map((link) => link.createdAt).toSorted()[0];
  return links.some(
    (link, place) =>
      link.createdAt === next &&
      (level === undefined || link.before === level) &&
      canWalk(links.toSpliced(place, 1), link.after),
  );
}

describe('chain of levels', () => {
  test('R430 a true history has no gap, in whatever order its events come', () => {
    fc.assert(
      fc.property(
        history.chain((links) => fc.tuple(fc.constant(links), fc.shuffledSubarray(links, { minLength: links.length }))),
        ([links, shuffled]) => {
          expect(chainGaps(links)).toEqual([]);
          expect(chainGaps(shuffled)).toEqual([]);
        },
      ),
    );
  });

  test('R431 events without a gap are those that some order makes a chain', () => {
    const any = fc.array(
      fc.record({
        inventoryId: fc.integer({ min: 1, max: 2 }),
        createdAt: fc.integer({ min: 0, max: 3 }).map(at),
        before: fc.integer({ min: 0, max: 2 }).map(String),
        after: fc.integer({ min: 0, max: 2 }).map(String),
      }),
      { maxLength: 7 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          any,
          history.map((links) => links.slice(0, 9).filter((_, place) => place !== 3)),
        ),
        (links) => {
          expect(chainGaps(links).length === 0).toBe(isChain(links));
        },
      ),
      { numRuns: 3000 },
    );
  });

  test('R432 an event that is missed shows at the one after it', () => {
    const walk = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 20 });
    fc.assert(
      fc.property(walk, fc.nat(), (levels, pick) => {
        const links = levels.slice(1).map((level, place) => ({
          inventoryId: 7,
          createdAt: at(place),
          before: String(levels[place]),
          after: String(level),
        }));
        const missed = 1 + (pick % (links.length - 2));
        expect(chainGaps(links.toSpliced(missed, 1))).toEqual([
          {
            inventoryId: 7,
            createdAt: at(missed + 1),
            expected: [String(levels[missed])],
            found: [String(levels[missed + 1])],
          },
        ]);
      }),
    );
  });
});
