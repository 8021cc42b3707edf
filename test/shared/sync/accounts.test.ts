import { describe, expect, test } from 'vitest';
import { isNamedAlike, isSameAccount, stoppedBy, type AccountLook } from '../../../shared/sync/seen/accounts.ts';

const look = (id: string, more: Partial<AccountLook> = {}): AccountLook => ({
  id,
  remote: 'square',
  settings: { baseUrl: 'https://connect.example/', mode: 'token' },
  laptop: 'office',
  places: ['L1', 'L2'],
  ...more,
});
const zettle = (clientId: string): Partial<AccountLook> => ({
  remote: 'zettle',
  settings: { address: 'https://zettle.example', clientId },
  places: [],
});

describe('accounts', () => {
  test('M862 two connections are one account where their settings say so, or both are matched to one place there', () => {
    const one = look('a');
    expect(isSameAccount(one, look('b', { places: ['L3', 'L2'] }))).toBe(true);
    expect(isSameAccount(one, look('b', { places: ['L3', ''] }))).toBe(false);
    expect(isSameAccount(look('a', { places: [''] }), look('b', { places: [''] }))).toBe(false);
    // The address as people write it.
    const settings = { baseUrl: 'HTTPS://Connect.example', mode: 'token' };
    expect(isSameAccount(one, look('b', { settings }))).toBe(true);
    expect(isSameAccount(one, look('b', { settings: { baseUrl: 'https://sandbox.example' } }))).toBe(false);
    expect(isSameAccount(one, look('b', { remote: 'shiphero' }))).toBe(false);
    expect(isSameAccount(one, look('a'))).toBe(false);
    // Settings that name nobody are no account: two tokens may be two accounts.
    expect(isNamedAlike(one, look('b'))).toBe(false);
    expect(isNamedAlike(look('a', zettle('x')), look('b', zettle('x')))).toBe(true);
    expect(isNamedAlike(look('a', zettle('x')), look('b', zettle('y')))).toBe(false);
    // The first saved goes on, whoever has it; two of one laptop are its own business.
    const all = [look('a'), look('b', { laptop: 'desk' }), look('c'), look('d', { laptop: 'yard', places: ['L9'] })];
    expect(all.map(({ id }) => stoppedBy(all, id)?.id)).toEqual([undefined, 'a', undefined, undefined]);
  });
});
