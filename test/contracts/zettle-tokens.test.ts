import { describe, expect, test } from 'vitest';
import { createAccessTokens } from '../../shared/remotes/zettle/access-tokens.ts';
import { hostsOf } from '../../shared/remotes/zettle/hosts.ts';
import { disconnect, readUser } from '../../shared/remotes/zettle/oauth.ts';
import { zettle } from '../../shared/remotes/zettle/zettle.ts';
import { sandboxHttpClient } from '../sandbox/chassis/http-client.ts';
import { createZettleSandbox } from '../sandbox/zettle/zettle-sandbox.ts';
import { memoryTokens, testMeans } from './remote-means.ts';
import { openDesk, uuidOfTest, zettleWorld } from './zettle-world.ts';

const ADDRESS = 'http://sandbox.invalid';
const TWO_HOURS = 7_200_000;

/** An app of a vendor: it signs merchants in by code, and keeps itself signed in by refresh tokens. */
function vendorDesk(rotates = true) {
  const world = zettleWorld({ rotatesRefreshTokens: rotates });
  const sandbox = createZettleSandbox(
    { ...world, zettle: { ...world.zettle, clients: { app: 'shh' }, codes: { 'code-1': 'ok' } } },
    () => 0,
  );
  const tokens = memoryTokens();
  const means = testMeans({ http: sandboxHttpClient(sandbox), now: sandbox.control.now, tokens });
  const openTokens = (clientSecret = 'shh') =>
    createAccessTokens({ hosts: hostsOf(ADDRESS), clientId: 'app', clientSecret }, means);
  return { sandbox, tokens, openTokens };
}

describe('Zettle tokens', () => {
  test('R211 an API key gives tokens of two hours, which are kept and renewed in time', async () => {
    const { remote, sandbox, tokens } = openDesk();
    const answers = await Promise.all([remote.locations(), remote.items(), remote.test()]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(tokens.kept()).toMatchObject({ accessToken: 'zettle-access-1' });
    sandbox.control.advance(TWO_HOURS - 120_000);
    expect((await remote.locations()).ok).toBe(true);
    expect(sandbox.control.tokensGiven()).toBe(1);
    sandbox.control.advance(60_000);
    expect((await remote.locations()).ok).toBe(true);
    expect(sandbox.control.tokensGiven()).toBe(2);
    sandbox.control.expireToken();
    expect((await remote.locations()).ok).toBe(true);
    expect(sandbox.control.tokensGiven()).toBe(3);
    const grant = sandbox.control.log().find(({ path }) => path === '/token');
    expect(grant?.body).toContain(encodeURIComponent('urn:ietf:params:oauth:grant-type:jwt-bearer'));
    expect(sandbox.control.log().filter(({ path }) => path.includes('full'))).toEqual([]);
  });

  test('R212 each refresh token that comes back is kept, also where it could not be saved', async () => {
    const { sandbox, tokens, openTokens } = vendorDesk();
    const access = openTokens();
    const code = { clientSecret: 'shh', code: 'code-1', redirectUri: 'https://app.invalid/done' };
    expect(await access.redeem(code)).toEqual({ ok: true, value: 'zettle-access-1' });
    expect(tokens.kept()).toMatchObject({ refreshToken: 'zettle-refresh-1' });
    sandbox.control.advance(TWO_HOURS);
    expect(await access.current()).toEqual({ ok: true, value: 'zettle-access-2' });
    expect(tokens.kept()).toMatchObject({ refreshToken: 'zettle-refresh-2' });
    sandbox.control.advance(TWO_HOURS);
    tokens.setFull(true);
    expect(await access.current()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    sandbox.control.advance(TWO_HOURS);
    expect(await access.current()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    tokens.setFull(false);
    // The token of the last failed saving is still good, and nobody asks for another.
    expect(await access.current()).toEqual({ ok: true, value: 'zettle-access-4' });
    expect(tokens.kept()).toMatchObject({ refreshToken: 'zettle-refresh-4' });
    expect(await openTokens().current()).toEqual({ ok: true, value: 'zettle-access-4' });
  });

  test('R213 a code is traded once, and where refresh tokens stay the same the first is kept', async () => {
    const { sandbox, tokens, openTokens } = vendorDesk(false);
    const code = { clientSecret: 'shh', code: 'code-1', redirectUri: 'https://app.invalid/done' };
    expect((await openTokens().redeem(code)).ok).toBe(true);
    expect(await openTokens().redeem(code)).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    sandbox.control.advance(TWO_HOURS);
    expect((await openTokens().current()).ok).toBe(true);
    expect(tokens.kept()).toMatchObject({ refreshToken: 'zettle-refresh-1', accessToken: 'zettle-access-2' });
  });

  test('R214 a refused grant is unauthorized; a grant that does not come is not', async () => {
    const { remote, sandbox } = openDesk();
    sandbox.control.turn({ kind: 'revokeGrants' });
    expect(await remote.locations()).toMatchObject({ error: { code: 'unauthorized' } });
    sandbox.control.turn({ kind: 'restoreGrants' });
    for (const [fault, code] of [
      [{ kind: 'status', status: 429 }, 'rate_limited'],
      [{ kind: 'status', status: 503 }, 'unavailable'],
      [{ kind: 'drop' }, 'unavailable'],
      [{ kind: 'html' }, 'bad_answer'],
    ] as const) {
      sandbox.control.fault({ ...fault, path: '/token' });
      expect(await remote.locations()).toMatchObject({ error: { code } });
    }
    expect((await remote.locations()).ok).toBe(true);
    const { openTokens } = vendorDesk();
    expect(await openTokens().current()).toMatchObject({ error: { code: 'unauthorized' } });
    const wrong = { clientSecret: 'no', code: 'code-1', redirectUri: 'https://app.invalid/done' };
    expect(await openTokens('no').redeem(wrong)).toMatchObject({ error: { code: 'unauthorized' } });
  });

  test('R215 a token that was given to another key is not used', async () => {
    const { remote, sandbox, tokens, http } = openDesk();
    await remote.locations();
    const means = testMeans({ http, now: sandbox.control.now, tokens });
    const other = zettle.open({ address: ADDRESS, generation: 'v2', clientId: 'client', apiKey: 'read_only' }, means);
    expect((await other.locations()).ok).toBe(true);
    expect(sandbox.control.tokensGiven()).toBe(2);
  });

  test('R216 the user proves the token, and after disconnecting no token is good', async () => {
    const { account, sandbox } = openDesk();
    expect(await readUser(account)).toMatchObject({ ok: true, value: { organization: uuidOfTest('40', 1) } });
    expect((await disconnect(account)).ok).toBe(true);
    const given = sandbox.control.tokensGiven();
    expect((await readUser(account)).ok).toBe(true);
    expect(sandbox.control.tokensGiven()).toBe(given + 1);
  });
});
