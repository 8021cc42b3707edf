import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  FIRST_PREV,
  SIGNED,
  WRITERS,
  entryId,
  entryText,
  type Fact,
  type FactKind,
  type FactOf,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';
import { ENGINE, type Role } from '../../../shared/domain/person.ts';
import { actText, rememberActs } from '../../../shared/team/act.ts';
import {
  claimOf,
  emptyTrust,
  falls,
  foldTrust,
  judge,
  type ClaimRefusal,
  type Trust,
} from '../../../shared/team/trust.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

type Key = { readonly key: string; readonly sign: (text: string) => string };

/** A real key, the same for the same word. */
function keyOf(word: string): Key {
  const seed = createHash('sha256').update(word).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const held = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const key = createPublicKey(held).export({ format: 'jwk' }).x ?? '';
  return { key, sign: (text) => sign(null, Buffer.from(text), held).toString('base64url') };
}

function isSigned(key: string, text: string, signature: string): boolean {
  const held = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' });
  return verify(null, Buffer.from(text), held, Buffer.from(signature, 'base64url'));
}

const AT = '2026-11-22T08:00:00.000Z';
const LAPTOP = (word: string) => keyOf(`laptop ${word}`).key;
const DECIDED: FactOf<'lines_decided'> = {
  kind: 'lines_decided',
  batch: 'b',
  decision: 'approve',
  lines: [{ item: 'I', bin: 'A', saw: { anchor: 'x-1', counted: '5' } }],
};
const RECOVERY: FactOf<'recovery_code_set'> = {
  kind: 'recovery_code_set',
  stretch: { salt: 'a'.repeat(24), memoryKib: 8192, passes: 1 },
  digest: 'd'.repeat(64),
};
const added = (person: string, key: Key, how: FactOf<'person_key_added'>['how'] = 'first'): Fact => ({
  kind: 'person_key_added',
  person,
  key: key.key,
  how,
});
const pinSet = (person: string): Fact => ({ kind: 'pin_set', person, digest: 'd'.repeat(64), how: 'set' });

type Saying = { readonly by: string; readonly with?: Key | undefined; readonly v?: number };

/**
 * A site in ledger order, with real hashes and signatures. Ada, an admin, founds it at the office; `app` approves. `v`: the
 * version that founded it.
 */
function site({ v: founded = 5, code = keyOf('code') }: { v?: number; code?: Key | null } = {}) {
  const newest = new Map<string, LedgerEntry>();
  const entryOf = (device: string, fact: Fact, { by, with: key, v = founded }: Saying): LedgerEntry => {
    const before = newest.get(device);
    const seq = (before?.seq ?? 0) + 1;
    const draft = { device, seq, at: AT, by, v, prev: before?.hash ?? FIRST_PREV, fact };
    const sig = key?.sign(actText(root.id, draft));
    const signed = { ...draft, fact: { ...fact, ...(sig !== undefined && { sig }) } as Fact };
    return { ...signed, id: entryId(device, seq), hash: sha256(entryText(signed)) };
  };
  const root = { id: '', founder: 'office', seq: 5 };
  const before: [Fact, string][] = [
    [{ kind: 'person_changed', person: 'ada', name: 'Ada', roles: ['admin', 'approver'], active: true }, 'ada'],
    [code === null ? RECOVERY : { ...RECOVERY, key: code.key }, 'ada'],
    [pinSet('ada'), 'ada'],
    [{ kind: 'person_changed', person: 'app', name: 'App', roles: ['approver'], active: true }, 'ada'],
    [{ kind: 'site_created', site: 'Leeds', laptop: 'office', key: LAPTOP('office'), name: 'Office' }, 'ada'],
  ];
  const founding = before.map(([fact, by]) => {
    const entry = entryOf('office', fact, { by });
    newest.set('office', entry);
    return entry;
  });
  root.id = founding.at(-1)?.hash ?? '';
  const trust: Trust = emptyTrust(root);
  let checks = 0;
  const isAct = rememberActs((key, text, signature) => {
    checks += 1;
    return isSigned(key, text, signature);
  });
  const hear = (entry: LedgerEntry): ClaimRefusal | null => {
    newest.set(entry.device, entry);
    const why = falls(trust, entry) ? 'older_version' : judge(trust, claimOf(entry), { isAct });
    if (why === null) foldTrust(trust, entry);
    return why;
  };
  for (const entry of founding) hear(entry);
  const say = (device: string, fact: Fact, saying: Saying) => hear(entryOf(device, fact, saying));
  const hears = (device: string, other: string) => {
    const { seq = 1, hash = sha256('') } = newest.get(other) ?? {};
    say(device, { kind: 'heard', heads: [{ device: other, seq, hash }], at: AT }, { by: ENGINE });
  };
  const enrol = (laptop: string, role: 'counting' | 'supervising', word = laptop, saying: Partial<Saying> = {}) =>
    say(
      'office',
      { kind: 'laptop_enrolled', laptop, key: LAPTOP(word), name: laptop, role },
      { by: 'ada', with: keyOf('ada'), ...saying },
    );
  return { trust, root, entryOf, hear, say, hears, enrol, checks: () => checks };
}

/** The same with Ada's first key, and one that she gave `app`. */
function signing(setting?: Parameters<typeof site>[0]) {
  const all = site(setting);
  all.say('office', added('ada', keyOf('ada')), { by: 'ada' });
  all.say('office', added('app', keyOf('app')), { by: 'ada', with: keyOf('ada') });
  return all;
}

const BY_APP = { by: 'app', with: keyOf('app') };
const roles = (person: string, some: Role[]): Fact => ({
  kind: 'person_changed',
  person,
  name: person,
  roles: some,
  active: true,
});

describe('who decides signs it', () => {
  test('M840 on a laptop of a site whoever decides signs it: without their signature it is shown and never counts', () => {
    const { say } = signing();
    expect(say('office', DECIDED, BY_APP)).toBeNull();
    expect(say('office', DECIDED, { by: 'app' })).toBe('not_signed');
    expect(say('office', DECIDED, { by: 'app', with: keyOf('laptop office') })).toBe('not_signed');
    expect(say('office', DECIDED, { by: 'app', with: keyOf('ada') })).toBe('not_signed');
    expect(say('office', DECIDED, { ...BY_APP, with: keyOf('ada'), by: 'ada' })).toBeNull();
    // A person without a key there signs nothing.
    say('office', roles('cai', ['approver']), { by: 'ada', with: keyOf('ada') });
    expect(say('office', DECIDED, { by: 'cai', with: keyOf('cai') })).toBe('not_signed');
  });

  test('M840 that holds for every kind that only an approver or an admin says and that changes figures or trust', () => {
    const deciding = (Object.keys(WRITERS) as FactKind[]).filter((kind) =>
      WRITERS[kind].every((role) => role === 'approver' || role === 'admin'),
    );
    // Freezing and starting a file move nothing but what was posted already; a site begins with what nobody can have signed.
    const unsigned: FactKind[] = ['send_frozen', 'file_job_started', 'site_created'];
    expect(deciding.filter((kind) => !SIGNED.has(kind)).toSorted()).toEqual(unsigned.toSorted());
    expect([...SIGNED].filter((kind) => !deciding.includes(kind))).toEqual(['person_key_added', 'recovery_code_set']);
  });

  test('M841 a signature stands for one place in one chain, one person, and these very figures', () => {
    const { say, entryOf, hear, enrol, hears } = signing();
    enrol('desk', 'supervising');
    hears('desk', 'office');
    const good = entryOf('office', DECIDED, BY_APP);
    expect(hear(good)).toBeNull();
    // The same once more, on another laptop, by somebody else, at another time, and about another count.
    expect(say('office', good.fact, { by: 'app' })).toBe('not_signed');
    expect(say('desk', good.fact, { by: 'app' })).toBe('not_signed');
    const next = entryOf('office', DECIDED, BY_APP);
    const resealed = (change: Partial<LedgerEntry>): LedgerEntry => {
      const changed = { ...next, ...change };
      return { ...changed, hash: sha256(entryText(changed)) };
    };
    const fact = next.fact as FactOf<'lines_decided'>;
    const saw = { anchor: 'x-1', counted: '50' };
    for (const change of [
      { by: 'ada' },
      { at: '2026-11-22T07:00:00.000Z' },
      { prev: sha256('another past') },
      { fact: { ...fact, lines: [{ item: 'I', bin: 'A', saw }] } },
      { fact: { ...fact, decision: 'reject' as const } },
      { fact: { ...fact, batch: 'c' } },
    ])
      expect(hear(resealed(change))).toBe('not_signed');
    expect(hear(resealed({}))).toBeNull();
  });

  test('M846 a signature is checked once for each key, however often the ledger is folded', () => {
    const { hear, entryOf, checks, trust } = signing();
    const entry = entryOf('office', DECIDED, BY_APP);
    hear(entry);
    const before = checks();
    for (let round = 0; round < 5; round += 1) expect(hear(entry)).toBeNull();
    expect(checks()).toBe(before);
    trust.keys.get('office')?.set('app', { key: keyOf('other').key, begins: false });
    expect(hear(entry)).toBe('not_signed');
    expect(checks()).toBe(before + 1);
  });
});

describe('whose key it is', () => {
  test('M842 a key is believed from the admin who gave the PIN, from the key before it, or from the recovery code', () => {
    const { say, trust, enrol, hears } = signing();
    const keyHere = (person: string) => trust.keys.get('office')?.get(person)?.key;
    // The laptop alone puts no key in the place of another, whoever it says to be.
    for (const by of ['app', 'ada', ENGINE])
      for (const how of ['first', 'changed', 'recovered'] as const)
        for (const key of [undefined, keyOf('thief'), keyOf('laptop office')])
          expect(say('office', added('app', keyOf('thief'), how), { by, with: key })).not.toBeNull();
    expect(keyHere('app')).toBe(keyOf('app').key);
    expect(say('office', added('app', keyOf('app 2'), 'changed'), BY_APP)).toBeNull();
    expect(say('office', DECIDED, BY_APP)).toBe('not_signed');
    expect(say('office', DECIDED, { by: 'app', with: keyOf('app 2') })).toBeNull();
    expect(say('office', added('app', keyOf('app 3'), 'changed'), { by: 'ada', with: keyOf('ada') })).toBeNull();
    // An approver vouches for nobody else.
    expect(say('office', added('ada', keyOf('thief'), 'changed'), { by: 'app', with: keyOf('app 3') })).toBe(
      'role_missing',
    );
    enrol('desk', 'supervising');
    hears('desk', 'office');
    const recovered = added('ada', keyOf('ada desk'), 'recovered');
    expect(say('desk', recovered, { by: 'ada' })).toBe('not_signed');
    expect(say('desk', recovered, { by: 'ada', with: keyOf('ada') })).toBe('not_signed');
    expect(say('desk', added('app', keyOf('x'), 'recovered'), { by: 'app', with: keyOf('code') })).toBe('role_missing');
    expect(say('desk', recovered, { by: 'ada', with: keyOf('code') })).toBeNull();
    expect(say('desk', added('app', keyOf('app desk')), { by: 'ada', with: keyOf('ada desk') })).toBeNull();
    expect(say('desk', DECIDED, { by: 'app', with: keyOf('app desk') })).toBeNull();
    expect(say('desk', DECIDED, { by: 'app', with: keyOf('app 3') })).toBe('not_signed');
  });

  test('M842 an admin who is none any more vouches for nobody', () => {
    const { say } = signing();
    const byAda = { by: 'ada', with: keyOf('ada') };
    say('office', roles('bea', ['admin']), byAda);
    say('office', added('bea', keyOf('bea')), byAda);
    say('office', roles('bea', ['approver']), byAda);
    expect(say('office', added('app', keyOf('thief'), 'changed'), { by: 'bea', with: keyOf('bea') })).toBe(
      'role_missing',
    );
  });

  test('M847 a recovery code is set by an admin who signs it; one of an earlier version vouches for the key that follows it', () => {
    const { say, trust } = signing();
    const thief = { ...RECOVERY, key: keyOf('thief').key };
    expect(say('office', thief, { by: 'ada' })).toBe('not_signed');
    expect(say('office', thief, BY_APP)).toBe('role_missing');
    expect(trust.recovery).toBe(keyOf('code').key);
    expect(say('office', { ...RECOVERY, key: keyOf('code 2').key }, { by: 'ada', with: keyOf('ada') })).toBeNull();
    expect(say('office', added('ada', keyOf('t'), 'recovered'), { by: 'ada', with: keyOf('code') })).toBe('not_signed');
    const older = signing({ code: null });
    expect(older.trust.recovery).toBeNull();
    expect(older.say('office', added('ada', keyOf('ada 2'), 'recovered'), { by: 'ada' })).toBeNull();
    const known = { ...RECOVERY, key: keyOf('code').key };
    expect(older.say('office', known, { by: 'ada', with: keyOf('ada 2') })).toBeNull();
    expect(older.say('office', added('ada', keyOf('t'), 'recovered'), { by: 'ada' })).toBe('not_signed');
  });

  test('M843 a first key is believed by itself only where the PIN is older than keys are, and once', () => {
    const { say, enrol, hears, trust } = signing();
    enrol('desk', 'supervising');
    hears('desk', 'office');
    // Whatever the laptop says of PINs, or of versions.
    for (const v of [5, 4]) {
      say('desk', pinSet('app'), { by: 'app', v });
      expect(say('desk', added('app', keyOf('thief')), { by: 'app', v })).not.toBeNull();
      expect(say('desk', DECIDED, { by: 'app', with: keyOf('thief'), v })).not.toBeNull();
    }
    expect(trust.keys.get('desk')?.get('app')).toBeUndefined();
    const older = site({ v: 4 });
    older.enrol('desk', 'supervising');
    older.hears('desk', 'office');
    older.say('desk', pinSet('app'), { by: 'ada' });
    expect(older.say('desk', added('app', keyOf('app')), { by: 'app', v: 5 })).toBeNull();
    expect(older.say('desk', added('app', keyOf('thief')), { by: 'app', v: 5 })).toBe('not_signed');
    expect(older.say('desk', added('ada', keyOf('thief')), { by: 'ada', v: 5 })).toBe('not_signed');
    expect(older.say('desk', DECIDED, { ...BY_APP, v: 5 })).toBeNull();
  });

  test('M845 a laptop that is enrolled anew begins with new keys of its people, and one that counts has none', () => {
    const { say, enrol, hears, trust } = signing();
    enrol('desk', 'supervising');
    hears('desk', 'office');
    say('desk', added('ada', keyOf('ada desk'), 'recovered'), { by: 'ada', with: keyOf('code') });
    say('desk', added('app', keyOf('app desk')), { by: 'ada', with: keyOf('ada desk') });
    enrol('desk', 'supervising', 'desk anew');
    hears('desk', 'office');
    // What they had signed meanwhile stands, though a clock puts it behind the enrolment.
    expect(say('desk', DECIDED, { by: 'app', with: keyOf('app desk') })).toBeNull();
    expect(say('desk', DECIDED, { by: 'app' })).toBe('not_signed');
    expect(say('desk', added('app', keyOf('app new')), { by: 'app' })).toBeNull();
    expect(say('desk', added('app', keyOf('thief')), { by: 'app' })).toBe('not_signed');
    expect(say('desk', DECIDED, { by: 'app', with: keyOf('app new') })).toBeNull();
    expect(say('desk', DECIDED, { by: 'app', with: keyOf('app desk') })).toBe('not_signed');
    // Nobody gets a key who had none there.
    expect(say('desk', added('bea', keyOf('bea')), { by: 'bea' })).not.toBeNull();
    enrol('cold', 'counting');
    hears('cold', 'office');
    say('cold', pinSet('ada'), { by: 'ada' });
    expect(say('cold', added('ada', keyOf('thief')), { by: 'ada' })).toBe('laptop_may_not');
    // A code that a laptop which counts makes up is its own.
    say('cold', { ...RECOVERY, key: keyOf('thief').key }, { by: 'ada' });
    expect(trust.recovery).toBe(keyOf('code').key);
    // Made one that supervises, it has nobody's key from before.
    enrol('cold', 'supervising', 'cold anew');
    expect(say('cold', added('ada', keyOf('thief')), { by: 'ada' })).toBe('not_signed');
  });
});

describe('what earlier versions said', () => {
  test('M844 what was said before version 5 stands, and no laptop goes back to it', () => {
    const { say, enrol, trust } = site({ v: 4 });
    expect(enrol('desk', 'supervising', 'desk', {})).toBeNull();
    expect(say('office', DECIDED, { by: 'app' })).toBeNull();
    expect(say('office', pinSet('app'), { by: ENGINE })).toBeNull();
    expect(say('office', DECIDED, { by: 'app', v: 5 })).toBe('not_signed');
    expect(say('office', DECIDED, { by: 'app' })).toBe('older_version');
    expect(say('office', added('app', keyOf('app')), { by: 'app', v: 5 })).toBeNull();
    expect(say('office', DECIDED, { ...BY_APP, v: 5 })).toBeNull();
    // Each laptop for itself: another one goes on with its older app until it gets the newer.
    say('desk', { kind: 'heard', heads: [{ device: 'office', seq: 5, hash: sha256('') }], at: AT }, { by: ENGINE });
    expect(say('desk', DECIDED, { by: 'app' })).toBeNull();
    expect(trust.versions.get('desk')).toBe(4);
  });

  test('M844 a laptop that version 5 enrolled was never of an earlier one, whatever it says', () => {
    const { say, enrol, hears } = signing();
    enrol('desk', 'supervising');
    say(
      'desk',
      { kind: 'heard', heads: [{ device: 'office', seq: 9, hash: sha256('') }], at: AT },
      { by: ENGINE, v: 4 },
    );
    expect(say('desk', DECIDED, { by: 'app', v: 4 })).toBe('not_signed');
    hears('desk', 'office');
    expect(say('desk', DECIDED, { by: 'app', v: 4 })).toBe('older_version');
  });
});
