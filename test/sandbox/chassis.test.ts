import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { HttpRequest } from '../../shared/ports/http-client.ts';
import { createClock } from './chassis/clock.ts';
import type { FaultInput } from './chassis/faults.ts';
import { sandboxHttpClient } from './chassis/http-client.ts';
import type { SandboxSystem } from './chassis/messages.ts';
import { createSandbox } from './chassis/sandbox.ts';
import { answerSwitch } from './chassis/switchboard.ts';
import { worldOf } from './chassis/world.ts';

/** A remote that counts: POST /add adds two, one by one; GET answers with the sum. */
function openCounter(more: Partial<SandboxSystem> = {}) {
  let sum = 0;
  const saleSchema = z.object({ pieces: z.number() });
  const system: SandboxSystem = {
    system: 'counter',
    answer({ method }) {
      if (method === 'POST') sum += 2;
      return { status: 200, text: JSON.stringify({ sum }) };
    },
    answerHalf() {
      sum += 1;
      return { status: 200, text: '' };
    },
    isChange: ({ method }) => method === 'POST',
    errorText: (status) => JSON.stringify({ failed: status }),
    errorsIn200: () => '{"failed":true}',
    expireToken: () => {},
    restoreToken: () => {},
    sale(input) {
      sum -= saleSchema.parse(input).pieces;
    },
    views: { sum: () => sum },
    ...more,
  };
  const sandbox = createSandbox(
    system,
    createClock('2026-03-02T10:00:00.000Z', () => 0),
  );
  const client = sandboxHttpClient(sandbox);
  const ask = (method: 'GET' | 'POST', path: string, request: Partial<HttpRequest> = {}) =>
    client({ method, url: `http://counter.invalid${path}`, headers: {}, ...request });
  const turn = (name: string, body: unknown) =>
    answerSwitch(sandbox.control, 'POST', `/_sandbox/${name}`, JSON.stringify(body));
  const see = (name: string) => answerSwitch(sandbox.control, 'GET', `/_sandbox/${name}`, '');
  return { ...sandbox, ask, turn, see, sum: () => sum };
}

describe('sandbox chassis', () => {
  const cases: [FaultInput, unknown, number][] = [
    [{ kind: 'status', status: 503 }, { status: 503, body: '{"failed":503}' }, 0],
    [{ kind: 'status', status: 429, retryAfterSeconds: 9 }, { status: 429, headers: { 'retry-after': '9' } }, 0],
    [
      { kind: 'status', status: 429, retryAfterSeconds: 9, retryAfterDate: true },
      { headers: { 'retry-after': 'Mon, 02 Mar 2026 10:00:09 GMT' } },
      0,
    ],
    [{ kind: 'applyThenFail', status: 500 }, { status: 500, body: '{"failed":500}' }, 2],
    [{ kind: 'applyHalfThenFail', status: 429 }, { status: 429 }, 1],
    [{ kind: 'drop' }, { code: 'connection_lost' }, 0],
    [{ kind: 'applyThenDrop' }, { code: 'connection_lost' }, 2],
    [{ kind: 'hang' }, { code: 'timed_out' }, 0],
    [{ kind: 'hang', apply: true }, { code: 'timed_out' }, 2],
    [{ kind: 'truncate' }, { status: 200, body: '{"su' }, 2],
    [{ kind: 'errorsIn200' }, { status: 200, body: '{"failed":true}' }, 0],
    [{ kind: 'html' }, { status: 200, headers: { 'content-type': 'text/html' } }, 0],
  ];
  test.each(cases)('R129 a fault is done once, and is done or not done as it says: %j', async (fault, shown, sum) => {
    const counter = openCounter();
    counter.control.fault(fault);
    const answer = await counter.ask('POST', '/add');
    expect(answer.ok ? answer.value : answer.error).toMatchObject(shown as object);
    expect(counter.sum()).toBe(sum);
    expect(await counter.ask('POST', '/add')).toMatchObject({ ok: true, value: { status: 200 } });
    expect(counter.see('log').value).toMatchObject({ requests: [{ fault: fault.kind }, { status: 200 }] });
  });

  test('R130 a fault after applying waits for a change, one with a path for that path, and several are used in turn', async () => {
    const counter = openCounter();
    counter.control.fault({ kind: 'applyThenFail', status: 500, times: 2 });
    counter.control.fault({ kind: 'drop', path: '/other' });
    expect(await counter.ask('GET', '/sum')).toMatchObject({ value: { status: 200 } });
    expect(await counter.ask('GET', '/other/one')).toMatchObject({ error: { code: 'connection_lost' } });
    expect(await counter.ask('POST', '/add')).toMatchObject({ value: { status: 500 } });
    expect(await counter.ask('POST', '/add')).toMatchObject({ value: { status: 500 } });
    expect(await counter.ask('POST', '/add')).toMatchObject({ value: { status: 200, body: '{"sum":6}' } });
    counter.control.fault({ kind: 'status', status: 400, times: 5 });
    counter.control.clearFaults();
    expect(await counter.ask('GET', '/sum')).toMatchObject({ value: { status: 200 } });
  });

  test('R131 a switch that the system does not have, or that cannot be read, is a 400 and turns nothing', () => {
    const counter = openCounter();
    for (const bad of [
      { kind: 'setCredits', remaining: 3 },
      { kind: 'magic' },
      { kind: 'status' },
      { kind: 'status', status: 500, times: 0 },
      { kind: 'sale', pieces: 'many' },
      'drop',
      null,
    ])
      expect(counter.turn('fault', bad).status).toBe(400);
    expect(counter.turn('advance', { ms: 'soon' }).status).toBe(400);
    expect(counter.turn('nothing', {}).status).toBe(404);
    expect([counter.see('nothing').status, counter.see('constructor').status]).toEqual([404, 404]);
    const left: number[] = [];
    const credited = openCounter({
      setCredits: (remaining) => left.push(remaining),
      extra: { shake: () => ({ shaken: 1 }) },
    });
    expect(credited.turn('fault', { kind: 'setCredits', remaining: 3 })).toEqual({ status: 200, value: {} });
    expect(credited.turn('fault', { kind: 'shake' })).toEqual({ status: 200, value: { shaken: 1 } });
    expect(left).toEqual([3]);
    expect(credited.turn('fault', { kind: 'sale', pieces: 4 }).status).toBe(200);
    expect(credited.see('sum')).toEqual({ status: 200, value: { sum: -4 } });
  });

  test('R132 the log holds every request with its answer, and no secret', async () => {
    const counter = openCounter({
      answer: () => ({ status: 200, text: '{"access_token":"at-\\"secret","refresh_token" : "rt-secret","sum":1}' }),
    });
    await counter.ask('POST', '/token?client_secret=qs-secret&page=1', {
      headers: { Authorization: 'Bearer bearer-secret-9876', 'x-kept': 'kept' },
      body: '{"password":"pw-secret","code":"code-secret","username":"ann"}',
    });
    await counter.ask('POST', '/token', {
      body: 'grant_type=password&password=pw-secret&assertion=as-secret&code=code-secret',
    });
    const shown = JSON.stringify(counter.see('log').value);
    expect(shown).not.toMatch(/-secret|at-\\/);
    expect(counter.control.log()[0]).toMatchObject({
      at: '2026-03-02T10:00:00.000Z',
      method: 'POST',
      path: '/token?client_secret=***&page=1',
      headers: { authorization: '***9876', 'x-kept': 'kept' },
      body: '{"password":"***","code":"***","username":"ann"}',
      status: 200,
      answer: '{"access_token":"***","refresh_token" : "***","sum":1}',
    });
  });

  test('R133 time stands where the world says until it is advanced, or runs with the machine', () => {
    const counter = openCounter();
    expect(counter.see('now').value).toEqual({ now: '2026-03-02T10:00:00.000Z' });
    expect(counter.turn('advance', { ms: 1500 }).value).toEqual({ now: '2026-03-02T10:00:01.500Z' });
    let machine = 1000;
    const running = createClock(undefined, () => machine);
    machine += 500;
    running.advance(10);
    expect(running.now()).toBe(1510);
  });

  test('R134 a world of one system may stand flat', () => {
    const nested = { clock: 'C', tokens: { t: 'ok' }, counter: { things: [1] } };
    expect(worldOf('counter', { clock: 'C', tokens: { t: 'ok' }, things: [1] })).toEqual(nested);
    expect(worldOf('counter', nested)).toBe(nested);
    expect(worldOf('counter', [1])).toEqual([1]);
  });
});
