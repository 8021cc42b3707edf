import { describe, expect, test } from 'vitest';
import { createHostClient } from '../../../renderer/host/host-client.ts';
import { hostContract } from '../../../shared/ports/host.ts';
import { err, ok } from '../../../shared/domain/result.ts';

const PERSON = { id: 'p1', name: 'Ana', roles: ['counter'], active: true };

describe('the host as the page sees it', () => {
  test('H120 every procedure of the contract can be called by its name', async () => {
    const called: string[] = [];
    const host = createHostClient(async (procedure) => {
      called.push(procedure);
      return err({ code: 'busy' });
    });
    for (const procedure of Object.values(host)) expect(await procedure({} as never)).toEqual(err({ code: 'busy' }));
    expect(called.toSorted()).toEqual(Object.keys(hostContract).toSorted());
  });

  test('H121 an answer of the wrong shape, none, or a thrown one is a failed host, never a half-understood value', async () => {
    const answers: (() => unknown)[] = [
      () => ok({ person: PERSON }),
      () => ok({ person: { ...PERSON, roles: ['king'] } }),
      () => err({ code: 'wrong_pin', triesLeft: 3 }),
      () => err({ code: 'wrong_pin' }),
      () => err({ code: 'no such code' }),
      () => undefined,
      () => Promise.reject(new Error('gone')),
      () => {
        throw new Error('gone at once');
      },
    ];
    const heard = [];
    for (const answer of answers) {
      const host = createHostClient((() => answer()) as () => Promise<unknown>);
      const result = await host.signIn({ person: 'p1', pin: '1234' });
      heard.push(result.ok ? 'ok' : result.error.code);
    }
    expect(heard).toEqual([
      'ok',
      'host_failed',
      'wrong_pin',
      'host_failed',
      'host_failed',
      'host_failed',
      'host_failed',
      'host_failed',
    ]);
  });
});
