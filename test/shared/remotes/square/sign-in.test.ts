import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../../../../shared/ports/http-client.ts';
import { readTokenStatus, revokeToken } from '../../../../shared/remotes/square/sign-in.ts';
import { accountOf, square } from '../../../../shared/remotes/square/square.ts';
import { memoryTokens, testMeans, type MemoryTokens } from '../../../contracts/remote-means.ts';
import { sandboxHttpClient } from '../../../sandbox/chassis/http-client.ts';
import { createSquareSandbox } from '../../../sandbox/square/square-sandbox.ts';

const NOW = '2026-03-02T10:00:00.000Z';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SETTINGS = { baseUrl: 'https://square.invalid/', mode: 'sign-in', applicationId: 'app', redirectUrl: '' };
const REDIRECT = 'https://shop.invalid/back';

function openDesk(behaviour = {}, redirectUrl: string | undefined = REDIRECT) {
  const sandbox = createSquareSandbox(
    {
      clock: NOW,
      square: {
        locations: [{ id: 'MAIN', name: 'Main' }],
        variations: [{ id: 'V1', item: 'Tea', stock: { MAIN: '4' } }],
        applications: [{ id: 'app', secret: 'the-secret', ...(redirectUrl === undefined ? {} : { redirectUrl }) }],
        behaviour,
      },
    },
    () => 0,
  );
  const asked: HttpRequest[] = [];
  const client = sandboxHttpClient(sandbox);
  const settings = { ...SETTINGS, redirectUrl: redirectUrl ?? '' };
  const means = (tokens: MemoryTokens) =>
    testMeans({
      http(request) {
        asked.push(request);
        return client(request);
      },
      now: sandbox.control.now,
      tokens,
    });
  /** What the browser comes back with. */
  const agree = async (url: string): Promise<string> => {
    const reply = await sandbox.reply({ method: 'GET', url: new URL(url), text: '', headers: {} });
    return (typeof reply === 'string' ? undefined : reply.headers?.['location']) ?? '';
  };
  const begin = async (tokens: MemoryTokens) => (await square.signIn!.begin(settings, means(tokens))).url;
  const finish = (tokens: MemoryTokens, answer: string) => square.signIn!.finish(settings, means(tokens), answer);
  const signIn = async (tokens: MemoryTokens) => finish(tokens, await agree(await begin(tokens)));
  return { ...sandbox, asked, settings, means, agree, begin, finish, signIn };
}

describe('Square sign-in', () => {
  test('R114 the page asks for the scopes that are needed, with a challenge and nothing secret in its address', async () => {
    const desk = openDesk();
    const tokens = memoryTokens({ kept: 'as it was' });
    const url = new URL(await desk.begin(tokens));
    expect(url.origin + url.pathname).toBe('https://square.invalid/oauth2/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'app',
      scope: 'MERCHANT_PROFILE_READ ITEMS_READ INVENTORY_READ INVENTORY_WRITE',
      session: 'false',
      state: tokens.kept()['state'],
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: REDIRECT,
    });
    expect(url.href).not.toContain(tokens.kept()['verifier']);
    expect(tokens.kept()).toMatchObject({ kept: 'as it was', verifier: expect.stringMatching(/^.{43,128}$/) });
  });

  test('R115 the whole address or the code alone finishes it, and only what is needed later is kept', async () => {
    const desk = openDesk();
    const tokens = memoryTokens();
    expect(await desk.signIn(tokens)).toEqual({ ok: true, value: null });
    expect(tokens.kept()).toEqual({
      accessToken: expect.any(String),
      accessExpiresAt: '2026-04-01T10:00:00.000Z',
      refreshToken: expect.any(String),
      refreshExpiresAt: '2026-05-31T10:00:00.000Z',
      merchant: 'SANDBOX-MERCHANT',
    });
    expect(desk.asked.every(({ url }) => !/token=|code=|verifier=/.test(url))).toBe(true);
    expect(await square.open(desk.settings, desk.means(tokens)).test()).toMatchObject({ ok: true });
    const again = memoryTokens();
    const back = new URL(await desk.agree(await desk.begin(again)));
    expect(await desk.finish(again, ` ${back.searchParams.get('code')}\n`)).toMatchObject({ ok: true });
  });

  test('R116 an answer of another sign-in, a refusal, a used or an old code, and no code at all sign nobody in', async () => {
    const desk = openDesk();
    const tokens = memoryTokens();
    const unauthorized = { ok: false, error: { code: 'unauthorized' } };
    expect(await desk.finish(tokens, 'sq0cgp-code')).toMatchObject(unauthorized);
    const back = await desk.agree(await desk.begin(tokens));
    expect(await desk.finish(tokens, back.replace(/state=[^&]*/, 'state=other'))).toMatchObject(unauthorized);
    expect(await desk.finish(tokens, `${REDIRECT}?error=access_denied`)).toMatchObject({
      error: { detail: 'Square says access_denied' },
    });
    for (const nothing of ['', REDIRECT, 'two words', `${REDIRECT}?code=`])
      expect(await desk.finish(tokens, nothing)).toMatchObject(unauthorized);
    desk.control.advance(5 * MINUTE + 1);
    expect(await desk.finish(tokens, back)).toMatchObject(unauthorized);
    const inTime = await desk.agree(await desk.begin(tokens));
    const stolen = memoryTokens({ ...tokens.kept(), verifier: 'x'.repeat(43) });
    expect(await desk.finish(stolen, inTime)).toMatchObject(unauthorized);
    expect(await desk.finish(tokens, inTime)).toMatchObject(unauthorized);
    const refusing = openDesk({ deniesSignIn: true });
    expect(await refusing.signIn(memoryTokens())).toMatchObject(unauthorized);
  });

  test('R117 tokens that cannot be saved sign nobody in', async () => {
    const desk = openDesk();
    const tokens = memoryTokens();
    const back = await desk.agree(await desk.begin(tokens));
    tokens.setFull(true);
    expect(await desk.finish(tokens, back)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  test('R118 a refresh token is used once: the next one is on record before the new access token is used', async () => {
    const desk = openDesk();
    const tokens = memoryTokens();
    await desk.signIn(tokens);
    const first = tokens.kept()['refreshToken'];
    const remote = square.open(desk.settings, desk.means(tokens));
    desk.control.advance(31 * DAY);
    expect(await remote.test()).toMatchObject({ ok: true });
    expect(tokens.kept()['refreshToken']).not.toBe(first);
    desk.control.advance(31 * DAY);
    expect(await square.open(desk.settings, desk.means(tokens)).test()).toMatchObject({ ok: true });
    const stale = memoryTokens({ refreshToken: first ?? '' });
    expect(await square.open(desk.settings, desk.means(stale)).test()).toMatchObject({
      error: { code: 'unauthorized' },
    });
    desk.control.advance(91 * DAY);
    expect(await square.open(desk.settings, desk.means(tokens)).test()).toMatchObject({
      error: { code: 'unauthorized' },
    });
  });

  test('R119 a refresh whose answer is lost leaves the tokens alone, and the change was not sent', async () => {
    const desk = openDesk();
    const tokens = memoryTokens();
    await desk.signIn(tokens);
    const before = tokens.kept();
    desk.control.advance(31 * DAY);
    desk.control.fault({ kind: 'drop', path: '/oauth2/token' });
    const remote = square.open(desk.settings, desk.means(tokens));
    const request = square.freeze([
      {
        ref: 'tb-1',
        item: 'TEA',
        remoteItem: 'V1',
        remoteLocation: 'MAIN',
        change: 'adjust',
        quantity: '1',
        bins: ['A'],
        occurredAt: desk.control.now(),
      },
    ]);
    expect(await remote.push(request)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(tokens.kept()).toEqual(before);
    expect(desk.control.quantity('V1', 'MAIN')).toBe('4');
    expect((await remote.push(request)).ok).toBe(true);
    desk.control.expireToken();
    expect((await remote.push(request)).ok).toBe(true);
    expect(desk.control.quantity('V1', 'MAIN')).toBe('5');
  });

  test('R120 a token says what it may do, and after it is taken back it may nothing', async () => {
    const desk = openDesk();
    const tokens = memoryTokens();
    await desk.signIn(tokens);
    const account = accountOf(desk.settings, desk.means(tokens));
    expect(await readTokenStatus(account)).toEqual({
      ok: true,
      value: {
        scopes: ['MERCHANT_PROFILE_READ', 'ITEMS_READ', 'INVENTORY_READ', 'INVENTORY_WRITE'],
        expiresAt: '2026-04-01T10:00:00.000Z',
        applicationId: 'app',
        merchant: 'SANDBOX-MERCHANT',
      },
    });
    expect(await revokeToken(account, { id: 'app', secret: 'wrong' }, false)).toMatchObject({
      error: { code: 'unauthorized' },
    });
    expect(await revokeToken(account, { id: 'app', secret: 'the-secret' }, false)).toEqual({ ok: true, value: null });
    expect(await readTokenStatus(account)).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    const personal = accountOf({ baseUrl: SETTINGS.baseUrl, accessToken: 'sandbox-token' }, desk.means(memoryTokens()));
    expect(await readTokenStatus(personal)).toMatchObject({ ok: true, value: { scopes: expect.any(Array) } });
    expect(JSON.stringify(desk.control.log())).not.toMatch(/the-secret|EQAA-sandbox-refresh|sandbox-code/);
  });
});
