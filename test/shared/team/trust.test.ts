import { describe, expect, test } from 'vitest';
import { WRITERS, type Fact, type FactKind, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { ENGINE, type Role } from '../../../shared/domain/person.ts';
import {
  claimOf,
  emptyTrust,
  foldTrust,
  judge,
  keysOf,
  mayWrite,
  type ClaimRefusal,
  type Trust,
} from '../../../shared/team/trust.ts';

const KEY = (letter: string) => letter.repeat(43);
const ROOT = { id: 'office-3', founder: 'office', seq: 3 };
const SHEET = { stocktake: 't', pass: 1, bin: 'A' };
const COUNTED: Fact = { kind: 'counted', ...SHEET, item: 'I', quantity: '1', how: 'scan' };
const DECIDED: Fact = { kind: 'lines_decided', batch: 'b', decision: 'approve', lines: [{ item: 'I', bin: 'A' }] };

/** Says things in ledger order, as the laptops of a site would; keeps what is refused. */
function site(revoked: ReadonlyMap<string, number> = new Map(), self?: string) {
  const trust: Trust = emptyTrust(ROOT, revoked);
  const seqs = new Map<string, number>();
  const say = (device: string, by: string, fact: Fact): ClaimRefusal | null => {
    const seq = (seqs.get(device) ?? 0) + 1;
    seqs.set(device, seq);
    const hash = `${device}-${seq}`;
    const entry: LedgerEntry = {
      id: hash,
      device,
      seq,
      at: '2026-11-22T08:00:00.000Z',
      by,
      v: 4,
      prev: '',
      hash,
      fact,
    };
    const reader = { isAct: () => false, ...(self !== undefined && { self }) };
    const why = judge(trust, claimOf(entry), reader);
    if (why === null) foldTrust(trust, entry);
    return why;
  };
  const person = (device: string, id: string, roles: Role[], active = true) =>
    say(device, 'ada', { kind: 'person_changed', person: id, name: id, roles, active });
  const hears = (device: string, other: string) =>
    say(device, ENGINE, {
      kind: 'heard',
      at: '2026-11-22T08:00:00.000Z',
      heads: [{ device: other, seq: seqs.get(other) ?? 1, hash: 'h'.repeat(64) }],
    });
  const enrol = (laptop: string, role: 'counting' | 'supervising', by = 'ada', at = 'office') =>
    say(at, by, { kind: 'laptop_enrolled', laptop, key: KEY(laptop[0] ?? 'x'), name: laptop, role });
  person('office', 'ada', ['admin', 'approver', 'counter']);
  person('office', 'cai', ['counter']);
  say('office', 'ada', { kind: 'site_created', site: 'Leeds', laptop: 'office', key: KEY('o'), name: 'Office' });
  return { trust, say, person, hears, enrol };
}

describe('who is believed', () => {
  test('M810 a laptop is believed from its enrolment on, by an admin, once and with one key', () => {
    const { trust, say, enrol } = site();
    expect(trust.name).toBe('Leeds');
    expect(say('cold', 'cai', COUNTED)).toBe('not_enrolled');
    expect(enrol('cold', 'counting', 'cai')).toBe('role_missing');
    expect(enrol('cold', 'counting')).toBeNull();
    // With the key of another, or by itself, it changes nothing.
    say('office', 'ada', { kind: 'laptop_enrolled', laptop: 'office', key: KEY('z'), name: 'Other', role: 'counting' });
    say('office', 'ada', { kind: 'laptop_enrolled', laptop: 'third', key: KEY('c'), name: 'Third', role: 'counting' });
    expect([...trust.laptops.values()].map(({ laptop, role, key }) => [laptop, role, key[0]])).toEqual([
      ['office', 'supervising', 'o'],
      ['cold', 'counting', 'c'],
    ]);
    // One that lost its key is enrolled anew by another; what it had signed was its word.
    say('office', 'ada', { kind: 'laptop_enrolled', laptop: 'cold', key: KEY('n'), name: 'cold', role: 'counting' });
    expect(keysOf(trust.laptops.get('cold') ?? { laptop: '', key: '', name: '', role: 'counting' })).toEqual([
      KEY('n'),
      KEY('c'),
    ]);
    say('office', 'ada', { kind: 'laptop_named', laptop: 'cold', name: 'Kühlhaus' });
    expect(trust.laptops.get('cold')?.name).toBe('Kühlhaus');
    expect(
      say('office', 'ada', { kind: 'site_created', site: 'Mine', laptop: 'office', key: KEY('m'), name: 'M' }),
    ).toBe('second_site');
    expect(trust.name).toBe('Leeds');
  });

  test('M811 a laptop that counts says what is said at a shelf, its own business, and nothing else', () => {
    const kinds = (Object.keys(WRITERS) as FactKind[]).filter((kind) => mayWrite('counting', kind));
    expect(kinds).toEqual([
      'pin_set',
      'sign_in_refused',
      'tries_cleared',
      'recovery_code_set',
      'checkpoint_kept',
      'heard',
      'stock_moved',
      'bin_opened',
      'counted',
      'serial_repeated',
      'unknown_scanned',
      'unknown_noted',
      'unknown_matched',
      'unknown_proposed',
      'match_withdrawn',
      'count_voided',
      'bin_confirmed_empty',
      'bin_skipped',
      'bin_finished',
      'batch_submitted',
    ]);
    const { say, enrol, hears } = site();
    enrol('cold', 'counting');
    hears('cold', 'office');
    expect(say('cold', 'cai', COUNTED)).toBeNull();
    expect(say('cold', 'ada', DECIDED)).toBe('laptop_may_not');
    expect(enrol('mine', 'supervising', 'ada', 'cold')).toBe('laptop_may_not');
  });

  test('M812 a person holds the role as far as their laptop had heard: a count stands, a decision asks what is known by all', () => {
    const { say, person, enrol, hears } = site();
    enrol('desk', 'supervising');
    person('office', 'app', ['approver', 'counter']);
    expect(say('desk', 'app', COUNTED)).toBe('unknown_person');
    hears('desk', 'office');
    expect(say('desk', 'app', COUNTED)).toBeNull();
    expect(say('desk', 'app', DECIDED)).toBeNull();
    person('office', 'app', ['lead']);
    expect(say('desk', 'app', COUNTED)).toBeNull();
    expect(say('desk', 'app', DECIDED)).toBe('role_missing');
    person('office', 'app', ['approver', 'counter']);
    expect(say('desk', 'app', DECIDED)).toBeNull();
    person('office', 'app', ['approver', 'counter'], false);
    hears('desk', 'office');
    expect(say('desk', 'app', COUNTED)).toBe('role_missing');
    // What the host writes for itself it writes under its own name, and nothing else.
    expect(say('desk', ENGINE, DECIDED)).toBe('role_missing');
  });

  test('M813 after its revocation nothing of a laptop counts, whatever its clock says; itself it goes on counting', () => {
    const known = new Map([['cold', 2]]);
    for (const self of [undefined, 'cold']) {
      const { trust, say, enrol, hears } = site(known, self);
      enrol('cold', 'counting');
      hears('cold', 'office');
      expect(say('cold', 'cai', COUNTED)).toBeNull();
      expect(say('cold', 'cai', COUNTED)).toBe(self === undefined ? 'revoked' : null);
      say('office', 'ada', { kind: 'laptop_revoked', laptop: 'cold', seq: 9 });
      expect(trust.laptops.get('cold')?.revokedAt).toBe(2);
    }
    const { trust, say, enrol } = site();
    enrol('cold', 'counting');
    say('office', 'ada', { kind: 'laptop_revoked', laptop: 'cold', seq: 5 });
    say('office', 'ada', { kind: 'laptop_revoked', laptop: 'cold', seq: 7 });
    expect(trust.revoked.get('cold')).toBe(5);
  });

  test('M814 a laptop that works alone believes everything it holds, and founds a site on it', () => {
    const trust = emptyTrust(null);
    const claim = { device: 'd', seq: 1, by: 'nobody', hash: 'h', v: 5, kind: 'lines_decided' } as const;
    const reader = { isAct: () => false };
    expect(judge(trust, claim, reader)).toBeNull();
    const fact: Fact = { kind: 'site_created', site: 'Leeds', laptop: 'd', key: KEY('d'), name: 'Office' };
    const entry = { id: 'x', device: 'd', seq: 2, at: '', by: 'ada', v: 4, prev: '', hash: 'h2', fact };
    foldTrust(trust, entry);
    expect(trust.root).toEqual({ id: 'h2', founder: 'd', seq: 2 });
    expect(judge(trust, claim, reader)).toBeNull();
  });
});
