import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok } from '../../../shared/domain/result.ts';
import type { HttpClient } from '../../../shared/ports/http-client.ts';
import { paced } from '../../../shared/sync/seen/pace.ts';
import { createClockAhead, isClockWrong, listening, pastThere } from '../../../shared/sync/seen/remote-clock.ts';
import { BATCH, createLaptop } from './laptop.ts';
import { paperRemote } from './paper-remote.ts';

/** Time that passes only when somebody waits, and then for the one who waits least. */
function waitingClock() {
  let now = 0;
  const waiting: { at: number; wake: () => void }[] = [];
  return {
    now: () => now,
    wait: (ms: number) => new Promise<void>((wake) => waiting.push({ at: now + ms, wake })),
    async settle() {
      for (;;) {
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
        const next = waiting.toSorted((left, right) => left.at - right.at)[0];
        if (next === undefined) return;
        waiting.splice(waiting.indexOf(next), 1);
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
}

/** A laptop whose reading was just asked to come back in a minute. */
async function laptopAskedToWait() {
  const paper = paperRemote({ readBack: 'figures' });
  const laptop = createLaptop({ c1: paper });
  laptop.add({ kind: 'mapping_set', connection: 'c1', items: [], sites: [{ site: 'Main', remoteLocation: 'MAIN' }] });
  paper.readError = { code: 'rate_limited', retryAfterMs: 60_000, detail: '' };
  const pull = () => laptop.desk().pull({ connection: 'c1' });
  expect(await pull()).toMatchObject({ error: { problem: 'rate_limited' } });
  paper.readError = undefined;
  return { paper, laptop, pull };
}

describe('pace', () => {
  test('O124 no window of time ever sees more requests than the remote allows, and everyone gets their turn in order', async () => {
    const run = fc.record({
      requests: fc.integer({ min: 1, max: 5 }),
      perMs: fc.integer({ min: 10, max: 1000 }),
      takes: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 25 }),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ requests, perMs, takes }) => {
        const clock = waitingClock();
        const met: { at: number; name: string }[] = [];
        const http: HttpClient = async ({ url }) => {
          // It meets the request somewhere between its start and its answer.
          const took = takes[Number(url)] ?? 0;
          await clock.wait(took / 2);
          met.push({ at: clock.now(), name: url });
          await clock.wait(took / 2);
          return ok({ status: 200, headers: {}, body: '' });
        };
        const asked: string[] = [];
        const way = paced(
          (request) => {
            asked.push(request.url);
            return http(request);
          },
          { requests, perMs },
          clock,
        );
        const all = takes.map((_, name) => way({ method: 'GET', url: String(name), headers: {} }));
        await clock.settle();
        await Promise.all(all);
        expect(asked).toEqual(takes.map((_, name) => String(name)));
        const times = met.map(({ at }) => at).toSorted((left, right) => left - right);
        for (let one = 0; one + requests < times.length; one += 1)
          expect((times[one + requests] ?? 0) - (times[one] ?? 0)).toBeGreaterThanOrEqual(perMs);
      }),
    );
  });

  test('O155 the time that answers bear tells how far our clock is ahead; a slow answer tells nothing', async () => {
    let now = Date.parse('2026-03-02T10:00:00.000Z');
    const heard: number[] = [];
    const answer = (date: string | undefined, took: number) =>
      listening(
        async () => {
          now += took;
          return ok({ status: 200, headers: date === undefined ? {} : { date }, body: '' });
        },
        () => now,
        (aheadMs) => heard.push(aheadMs),
      )({ method: 'GET', url: 'https://a.example/', headers: {} });
    await answer('Mon, 02 Mar 2026 09:00:00 GMT', 1000);
    await answer('Mon, 02 Mar 2026 12:00:01 GMT', 1000);
    await answer('Mon, 02 Mar 2026 12:00:01 GMT', 20_000);
    await answer(undefined, 10);
    await answer('yesterday', 10);
    expect(heard).toEqual([3_600_000, -7_200_000]);
    expect([isClockWrong(3_600_000), isClockWrong(-200_000), isClockWrong(1000), isClockWrong(undefined)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('O627 whenever on its way an answer was written, and whatever the clock is off, the past there is past', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -300_000, max: 300_000 }),
        fc.integer({ min: 0, max: 999 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: -1_000, max: 1_000 }),
        async (aheadMs, fraction, tripMs, part, movedMs) => {
          const begun = Date.parse('2026-03-02T10:00:00.000Z') + fraction;
          const there = { now: begun };
          const wall = { aheadMs };
          const now = () => there.now + wall.aheadMs;
          const clock = createClockAhead({ now, steady: () => there.now });
          await listening(
            async () => {
              const writtenAfter = Math.round((tripMs * part) / 10_000);
              const date = new Date(begun + writtenAfter).toUTCString();
              there.now += tripMs;
              return ok({ status: 200, headers: { date }, body: '' });
            },
            now,
            clock.heard,
          )({ method: 'GET', url: 'https://a.example/', headers: {} });
          wall.aheadMs += movedMs;
          expect(clock.aheadMs()).toBeDefined();
          const agoMs = there.now - Date.parse(pastThere(now(), clock.aheadMs()));
          expect(agoMs).toBeGreaterThanOrEqual(0);
          // No earlier than what is not known makes it.
          expect(agoMs).toBeLessThanOrEqual(Math.max(3_500, tripMs) + 1_000);
        },
      ),
    );
  });

  test('O173 what was heard of a clock is forgotten when it is put on or back, and holds while time just passes', () => {
    let [wall, steady] = [Date.parse('2026-03-02T10:00:00.000Z'), 5_000];
    const clock = createClockAhead({ now: () => wall, steady: () => steady });
    expect(clock.aheadMs()).toBeUndefined();
    clock.heard(3_600_000);
    wall += 90_000_000;
    steady += 90_000_000;
    expect(clock.aheadMs()).toBe(3_600_000);
    // It was put right by half a second, as a clock is that goes a little fast.
    steady += 500.4;
    expect(clock.aheadMs()).toBe(3_599_500);
    wall -= 3_600_000;
    expect(clock.aheadMs()).toBeUndefined();
    clock.heard(0);
    expect(clock.aheadMs()).toBe(0);
  });

  test('O161 patience that a reading was asked for is kept by what is sent, too, and nothing more is asked meanwhile', async () => {
    const { paper, laptop, pull } = await laptopAskedToWait();
    const asked = laptop.now();
    await laptop.send(['I0']);
    await laptop.flush().all();
    expect(await pull()).toMatchObject({ error: { problem: 'rate_limited' } });
    expect([...laptop.outbox().values()]).toMatchObject([{ state: 'queued', code: 'asked_to_wait', attempts: 0 }]);
    expect(await laptop.run()).toBe(true);
    expect(laptop.now() - asked).toBe(60_000);
    expect(paper.met).toHaveLength(1);
    expect((await pull()).ok).toBe(true);
  });

  test('O194 a wait that was begun under a clock ahead begins anew when the clock is put back, and is no longer than it was', async () => {
    const { laptop, pull } = await laptopAskedToWait();
    laptop.pass(-20 * 3_600_000);
    expect(await pull()).toMatchObject({ error: { problem: 'rate_limited', retryAfterMs: 60_000 } });
    laptop.pass(59_000);
    expect(await pull()).toMatchObject({ error: { problem: 'rate_limited', retryAfterMs: 1_000 } });
    laptop.pass(1_000);
    expect((await pull()).ok).toBe(true);
  });

  test('O125 a remote that asks for patience holds only its own connection', async () => {
    const [slow, quick] = [paperRemote(), paperRemote()];
    slow.fates.push({ code: 'rate_limited', retryAfterMs: 3_600_000, detail: '' });
    const laptop = createLaptop({ slow, quick });
    await laptop.send(['I0'], { connection: 'slow' });
    await laptop.send(['I1'], { connection: 'slow', batch: 'b2' });
    await laptop.send(['I0'], { connection: 'quick', batch: BATCH });
    await laptop.flush().all();
    const states = [...laptop.outbox().values()].map((one) => [one.connection, one.state]);
    expect(states).toEqual([
      ['slow', 'queued'],
      ['slow', 'queued'],
      ['quick', 'confirmed'],
    ]);
    expect(slow.met).toHaveLength(1);
    expect(await laptop.run()).toBe(true);
    expect([...laptop.outbox().values()].every((one) => one.state === 'confirmed')).toBe(true);
    expect(laptop.now()).toBeGreaterThanOrEqual(Date.parse('2026-03-02T11:00:00.000Z'));
  });
});
