import { describe, expect, test } from 'vitest';
import { foldSending, NO_SENDING } from '../../../renderer/ledger/sending-state.ts';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { orderEntries, standsAt } from '../../../shared/domain/ledger-order.ts';
import { ENGINE } from '../../../shared/domain/person.ts';
import { claimOf, emptyTrust, foldTrust, judge, type Trust } from '../../../shared/team/trust.ts';

const KEY = (letter: string) => letter.repeat(43);
const SAVED: Fact = { kind: 'connection_saved', connection: 'c', remote: 'zettle', name: 'Till', settings: {} };
const held = (laptop: string): Fact => ({ kind: 'connection_held', connection: 'c', laptop });

type World = {
  readonly entries: LedgerEntry[];
  say(device: string, fact: Fact, by?: string): LedgerEntry;
  /** Takes in all that another laptop has said and heard by now. */
  hear(device: string, other: string): void;
};

/** An office that founded a site, with Ada, admin and approver, and whatever is said since; clocks may be apart. */
function world(aheadMs: Readonly<Record<string, number>> = {}): World {
  const entries: LedgerEntry[] = [];
  const seqs = new Map<string, number>();
  const knows = new Map<string, Map<string, number>>();
  let clock = Date.UTC(2026, 10, 22, 8);
  const say = (device: string, fact: Fact, by = 'ada'): LedgerEntry => {
    clock += 1_000;
    const seq = (seqs.get(device) ?? 0) + 1;
    seqs.set(device, seq);
    const id = `${device}-${String(seq).padStart(12, '0')}`;
    const at = new Date(clock + (aheadMs[device] ?? 0)).toISOString();
    // Of a version before signatures, which are judged elsewhere.
    const entry: LedgerEntry = { id, device, seq, at, by, v: 4, prev: '', hash: id, fact };
    entries.push(entry);
    return entry;
  };
  const reach = (device: string) => {
    const known = knows.get(device) ?? new Map<string, number>();
    knows.set(device, known);
    return known.set(device, seqs.get(device) ?? 0);
  };
  const hear = (device: string, other: string): void => {
    const known = reach(device);
    for (const [one, seq] of reach(other)) known.set(one, Math.max(seq, known.get(one) ?? 0));
    const heard = entries.filter((entry) => entry.device !== device && entry.seq <= (known.get(entry.device) ?? 0));
    const places = new Map<string, string>();
    for (const entry of heard) places.set(entry.device, standsAt(places.get(entry.device) ?? '', entry));
    const heads = [...known]
      .filter(([one, seq]) => one !== device && seq > 0)
      .map(([one, seq]) => ({ device: one, seq, hash: 'a'.repeat(64) }));
    const at = [...places.values()].toSorted().at(-1);
    if (at !== undefined) say(device, { kind: 'heard', heads, at }, ENGINE);
  };
  say('office', { kind: 'person_changed', person: 'ada', name: 'Ada', roles: ['admin', 'approver'], active: true });
  say('office', { kind: 'site_created', site: 'Leeds', laptop: 'office', key: KEY('o'), name: 'Office' });
  for (const laptop of ['desk', 'yard'])
    say('office', { kind: 'laptop_enrolled', laptop, key: KEY(laptop[0] ?? ''), name: laptop, role: 'supervising' });
  say('office', { kind: 'laptop_enrolled', laptop: 'cold', key: KEY('c'), name: 'Cold', role: 'counting' });
  return { entries, say, hear };
}

/** What every laptop makes of a set of entries: who is believed, and which entries are not. */
function judged(given: readonly LedgerEntry[]): { trust: Trust; refused: Map<string, string> } {
  let revoked: ReadonlyMap<string, number> = new Map();
  const root = given.find(({ fact }) => fact.kind === 'site_created');
  if (root === undefined) throw new Error('no site');
  for (;;) {
    const trust = emptyTrust({ id: root.hash, founder: root.device, seq: root.seq }, revoked);
    const refused = new Map<string, string>();
    for (const entry of orderEntries(given)) {
      const why = judge(trust, claimOf(entry), { isAct: () => true });
      if (why === null) foldTrust(trust, entry);
      else refused.set(entry.id, why);
    }
    if ([...trust.revoked].every(([device, seq]) => revoked.get(device) === seq)) return { trust, refused };
    revoked = new Map(trust.revoked);
  }
}

function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const LAPTOPS = ['office', 'desk', 'yard'] as const;

describe('who sends over a connection', () => {
  test('M860 every laptop comes to the same sender of a connection, in whatever order the entries arrive', () => {
    let takes = 0;
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = dice(seed * 7919);
      const pick = () => LAPTOPS[random(LAPTOPS.length)] ?? 'office';
      const hours = () => (random(7) - 3) * 3_600_000;
      const { entries, say, hear } = world({ desk: hours(), yard: hours() });
      for (const laptop of ['desk', 'yard']) hear(laptop, 'office');
      say(pick(), SAVED);
      for (let step = 0; step < 25; step += 1) {
        const [laptop, other] = [pick(), pick()];
        const what = random(10);
        if (what < 6 && laptop !== other) hear(laptop, other);
        else if (what < 9) say(laptop, held(other));
        else if (laptop !== other) say(laptop, { kind: 'laptop_revoked', laptop: other, seq: random(12) });
      }
      const first = judged(entries);
      const holder = first.trust.holders.get('c');
      takes += (holder?.held.length ?? 1) - 1;
      for (let turn = 0; turn < 3; turn += 1) {
        const shuffled = entries.toSorted(() => random(3) - 1);
        const other = judged([...shuffled, ...shuffled.slice(0, 5)]);
        expect(other.trust.holders.get('c')).toEqual(holder);
        expect(other.refused).toEqual(first.refused);
      }
      // The page is told what does not count, and folds the rest: it says the same.
      const counted = orderEntries(entries).filter(({ id }) => !first.refused.has(id));
      expect(counted.reduce(foldSending, NO_SENDING).connections.get('c')?.laptop).toBe(holder?.laptop);
    }
    expect(takes).toBeGreaterThan(100);
  });

  test('M861 who sends is said by the holder, or by who takes it from one that was revoked, as far as that was heard', () => {
    const { entries, say, hear } = world();
    const why = (entry: LedgerEntry) => judged(entries).refused.get(entry.id) ?? null;
    say('office', SAVED);
    for (const laptop of ['desk', 'yard']) hear(laptop, 'office');
    expect(why(say('desk', held('desk')))).toBe('not_the_holder');
    expect(why(say('desk', held('yard')))).toBe('not_the_holder');
    expect(why(say('cold', held('cold')))).toBe('laptop_may_not');
    expect(why(say('office', held('cold')))).toBe('not_the_holder');
    expect(why(say('office', held('nobody')))).toBe('not_the_holder');
    expect(why(say('office', held('desk')))).toBeNull();
    // It was given away: what the first one says after that is nobody's word, and the new one has to be heard first.
    expect(why(say('office', held('office')))).toBe('not_the_holder');
    hear('desk', 'office');
    hear('yard', 'desk');
    expect(why(say('yard', { kind: 'laptop_revoked', laptop: 'desk', seq: 5 }))).toBeNull();
    // The office has not heard of it, and the yard may take it for itself alone.
    expect(why(say('office', held('office')))).toBe('not_the_holder');
    expect(why(say('yard', held('office')))).toBe('not_the_holder');
    expect(why(say('yard', held('yard')))).toBeNull();
    hear('office', 'yard');
    expect(why(say('office', held('office')))).toBe('not_the_holder');
    expect(judged(entries).trust.holders.get('c')).toEqual({ laptop: 'yard', held: ['office', 'desk', 'yard'] });
  });
});
