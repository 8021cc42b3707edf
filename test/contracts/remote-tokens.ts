import { testWhere } from './test-where.ts';
import { expect, test } from 'vitest';
import type { RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import type { Proof } from './remote-proof.ts';
import { memoryTokens } from './remote-means.ts';

/** Rules of tokens and of addresses where nobody is. */
export function proveTokens({ connector, stand, has, renews, freezeOne }: Proof): void {
  const writes = !connector.abilities.readOnly;
  const act = (remote: RemoteInventory) => (writes ? remote.push(freezeOne('1')) : remote.test());
  const unchanged = () => {
    if (writes) expect(stand().quantity(stand().items.whole)).toBe(stand().items.stock);
  };

  test('R9 where nobody answers, nothing was sent', async () => {
    expect(await act(stand().openNowhere())).toMatchObject({ ok: false, error: { code: 'not_sent' } });
  });

  testWhere(has('expired_token'))('R10 an expired token is unauthorized, and nothing is changed', async () => {
    const remote = stand().open('expired');
    expect(await act(remote)).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    if (has('guarded_test')) expect(await remote.test()).toMatchObject({ ok: false, error: { code: 'unauthorized' } });
    unchanged();
  });

  testWhere(writes && has('read_only_token'))(
    'R10 a token without the right is forbidden, and nothing is changed',
    async () => {
      expect(await stand().open('read_only').push(freezeOne('1'))).toMatchObject({
        ok: false,
        error: { code: 'forbidden' },
      });
      unchanged();
    },
  );

  testWhere(renews)('R111 a token that has ended is renewed once, saved, and what was asked is done', async () => {
    const tokens = memoryTokens();
    const remote = endedOf(stand(), tokens);
    const before = JSON.stringify(tokens.kept());
    const given = stand().tokensGiven?.() ?? 0;
    const answers = await Promise.all([remote.test(), remote.items(), remote.test(), act(remote)]);
    expect(answers.map((answer) => answer.ok)).toEqual([true, true, true, true]);
    expect(stand().tokensGiven?.()).toBe(given + 1);
    expect(JSON.stringify(tokens.kept())).not.toBe(before);
  });

  testWhere(renews)('R112 a new token that cannot be saved is not used, and is used when it can be saved', async () => {
    const tokens = memoryTokens();
    const remote = endedOf(stand(), tokens);
    const before = tokens.kept();
    const given = stand().tokensGiven?.() ?? 0;
    tokens.setFull(true);
    expect(await act(remote)).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(await remote.test()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    expect(tokens.kept()).toEqual(before);
    unchanged();
    tokens.setFull(false);
    expect(await remote.test()).toMatchObject({ ok: true });
    expect(stand().tokensGiven?.()).toBe(given + 1);
  });
}

function endedOf(
  stand: { openEnded?(tokens: ReturnType<typeof memoryTokens>): RemoteInventory },
  tokens: ReturnType<typeof memoryTokens>,
): RemoteInventory {
  if (stand.openEnded === undefined) throw new Error('the stand cannot open with a token that has ended');
  return stand.openEnded(tokens);
}
