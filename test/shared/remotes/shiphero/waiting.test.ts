import { describe, expect, test } from 'vitest';
import { readMe } from '../../../../shared/remotes/shiphero/account.ts';
import { creditsError } from '../../../../shared/remotes/shiphero/credits.ts';
import { readOpaqueId, readQuota } from '../../../../shared/remotes/shiphero/quota.ts';
import { accountOf, shiphero } from '../../../../shared/remotes/shiphero/shiphero.ts';
import { memoryTokens, testMeans } from '../../../contracts/remote-means.ts';
import { sandboxHttpClient } from '../../../sandbox/chassis/http-client.ts';
import { holding, line, SETTINGS, start, answering } from './stand.ts';

const SENTENCE =
  'There are not enough credits to perform the requested operation, which requires 301 credits, but there are only 31 left. In 18 seconds you will have enough credits to perform the operation';
const plus = shiphero.freeze([line('tb-1', '5')]);

describe('ShipHero connector: credits', () => {
  test.each([
    [
      'members beside the message',
      { required_credits: 301, remaining_credits: 31, time_remaining: '18 seconds' },
      18_000,
    ],
    ['members under extensions', { extensions: { time_remaining: '18 seconds' } }, 18_000],
    ['a number', { time_remaining: 17.2 }, 18_000],
    ['the sentence alone', {}, 18_000],
    ['what is missing', { message: 'no', required_credits: 301, remaining_credits: 31 }, 18_000],
    ['what is missing, in words', { message: 'requires 31 credits, but there are only 30 left' }, 1_000],
  ])('R311 the wait for credits is read from %s', async (_, members, retryAfterMs) => {
    const body = { errors: [{ code: 30, message: SENTENCE, ...members }] };
    for (const status of [200, 429])
      expect(await answering(status, body).remote.push(plus)).toMatchObject({
        error: { code: 'rate_limited', retryAfterMs },
      });
    const coded = { errors: [{ message: SENTENCE, extensions: { code: '30' } }] };
    expect(await answering(200, coded).remote.test()).toMatchObject({ error: { code: 'rate_limited' } });
  });

  test('R312 without any number there is no wait to tell, and the known speed of refilling counts', () => {
    const bare = { code: 30, message: 'no credits' };
    expect(creditsError(bare, undefined, [])).toEqual({ code: 'rate_limited', untouched: true, detail: 'no credits' });
    const missing = { ...bare, required_credits: 301, remaining_credits: 1 };
    const quota = { max_available: 4004, increment_rate: 60 };
    expect(creditsError(missing, quota, [])).toMatchObject({ retryAfterMs: 5_000 });
  });

  test('R313 what needs more than there ever is is refused for good, and how much that is is asked for once', async () => {
    const { remote, sandbox } = start({ credits: { max: 100, perSecond: 1 } });
    const all = { locations: [line('a', '1').remoteLocation] };
    expect(await remote.counts(all)).toMatchObject({ error: { code: 'rejected' } });
    sandbox.control.advance(3_600_000);
    expect(await remote.counts(all)).toMatchObject({ error: { code: 'rejected' } });
    expect(sandbox.control.log().filter((one) => one.body.includes('user_quota'))).toHaveLength(1);
    sandbox.control.turn({ kind: 'setCredits', remaining: 0 });
    expect(await remote.push(plus)).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: 1000 } });
    sandbox.control.advance(1000);
    expect(await remote.push(plus)).toMatchObject({ ok: true });
  });

  test('R314 credits, ids and the person behind the token can be asked for', async () => {
    const { account } = start();
    expect(await readQuota(account)).toEqual({
      ok: true,
      value: { credits_remaining: 4003, max_available: 4004, increment_rate: 60 },
    });
    expect(await readOpaqueId(account, { number: 1_494_108, entity: 'Bin' })).toEqual({
      ok: true,
      value: 'QmluOjE0OTQxMDg=',
    });
    expect(await readMe(account)).toMatchObject({ ok: true, value: { email: 'stock@example.com' } });
  });
});

describe('ShipHero connector: tokens', () => {
  test.each(['401', '403', 'errors'])(
    'R315 a refused token is renewed once, and what was asked is done once: %s',
    async (tokenError) => {
      const { remote, sandbox, tokens } = start({}, { tokenError });
      sandbox.control.expireToken();
      expect(await remote.push(plus)).toMatchObject({ ok: true });
      expect(sandbox.control.quantity('TEA', 'QmluOjE0OTQxMDg=')).toBe(17);
      expect(sandbox.control.tokensGiven()).toBe(1);
      expect(tokens.kept()['token']).toBe('access-1');
      sandbox.control.expireToken();
      sandbox.control.revoke();
      expect(await remote.push(plus)).toMatchObject({ error: { code: 'unauthorized' } });
      expect(sandbox.control.quantity('TEA', 'QmluOjE0OTQxMDg=')).toBe(17);
    },
  );

  test('R316 without a token one is had by the refresh token, else by name and password; a new one lasts 28 days', async () => {
    const ways: [Record<string, string>, string[]][] = [
      [{ username: 'stock@example.com', password: 'sandbox-password' }, ['/auth/token']],
      [{ refreshToken: 'sandbox-refresh-token' }, ['/auth/refresh']],
      [{ ...SETTINGS, refreshToken: 'long dead' }, ['/auth/refresh', '/auth/token']],
    ];
    for (const [settings, paths] of ways) {
      const { sandbox } = start();
      const tokens = memoryTokens();
      const means = testMeans({ http: sandboxHttpClient(sandbox), now: sandbox.control.now, tokens });
      const remote = shiphero.open({ baseUrl: 'http://shiphero.invalid/', ...settings }, means);
      expect(await remote.test()).toMatchObject({ ok: true });
      const asked = () =>
        sandbox.control
          .log()
          .filter((one) => one.path.startsWith('/auth/'))
          .map((one) => one.path);
      expect(asked()).toEqual(paths);
      sandbox.control.advance(27 * 86_400_000);
      await remote.test();
      expect(asked()).toHaveLength(paths.length);
      sandbox.control.advance(86_400_000);
      expect(await remote.test()).toMatchObject({ ok: true });
      expect(asked()).toHaveLength(paths.length + 1);
    }
  });

  test('R317 a refresh token that is given anew takes the place of the old one', async () => {
    const { sandbox, account, tokens } = start({}, { refreshRotates: true });
    for (let times = 0; times < 3; times += 1) {
      sandbox.control.expireToken();
      expect(await readMe(account)).toMatchObject({ ok: true });
    }
    expect(sandbox.control.log().filter((one) => one.path === '/auth/token')).toEqual([]);
    expect(tokens.kept()['refreshToken']).toBe('refresh-3');
  });

  test('R318 tokens of another account are not used, and without any way in nothing is asked', async () => {
    const { sandbox } = start();
    const tokens = memoryTokens(holding('good', { ...SETTINGS, username: 'other@example.com' }));
    const means = testMeans({ http: sandboxHttpClient(sandbox), now: sandbox.control.now, tokens });
    expect(await readMe(accountOf({ baseUrl: 'http://shiphero.invalid' }, means))).toMatchObject({
      error: { code: 'unauthorized' },
    });
    expect(sandbox.control.log()).toEqual([]);
  });

  test('R319 a token that cannot be had for now is no refusal: the answer is lost, late, or not to be read', async () => {
    const { sandbox } = start();
    const means = testMeans({ http: sandboxHttpClient(sandbox), now: sandbox.control.now });
    const remote = shiphero.open(SETTINGS, means);
    for (const fault of [
      { kind: 'drop' as const },
      { kind: 'hang' as const },
      { kind: 'status' as const, status: 503 },
    ]) {
      sandbox.control.fault({ ...fault, path: '/auth' });
      expect(await remote.push(plus)).toMatchObject({ error: { code: 'unavailable' } });
    }
    sandbox.control.fault({ kind: 'html', path: '/auth' });
    expect(await remote.push(plus)).toMatchObject({ error: { code: 'bad_answer' } });
    expect(sandbox.control.quantity('TEA', 'QmluOjE0OTQxMDg=')).toBe(12);
    expect(await remote.push(plus)).toMatchObject({ ok: true });
  });
});
