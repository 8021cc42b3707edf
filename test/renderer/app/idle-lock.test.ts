import { expect, test } from 'vitest';
import { watchIdle, type Clock } from '../../../renderer/app/idle-lock.ts';

const TEN_MINUTES_MS = 600_000;

type Alarm = { readonly atMs: number; readonly run: () => void };

/** A clock that is moved by hand. `sleep` passes time without an alarm going off, as a closed laptop does. */
function clockByHand(): Clock & { pass(ms: number): void; sleep(ms: number): void; alarms(): number } {
  let nowMs = 1_000_000;
  const alarms = new Set<Alarm>();
  return {
    now: () => nowMs,
    after(ms, run) {
      const alarm = { atMs: nowMs + ms, run };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    pass(ms) {
      nowMs += ms;
      for (const alarm of [...alarms].filter(({ atMs }) => atMs <= nowMs)) {
        alarms.delete(alarm);
        alarm.run();
      }
    },
    sleep(ms) {
      nowMs += ms;
    },
    alarms: () => alarms.size,
  };
}

function watched() {
  const clock = clockByHand();
  const locked: number[] = [];
  const watch = watchIdle(TEN_MINUTES_MS, clock, () => locked.push(clock.now()));
  return { clock, locked, watch };
}

test('U144 the page locks by itself, once, after the time without a key, a pointer or a scan', () => {
  const { clock, locked, watch } = watched();
  clock.pass(TEN_MINUTES_MS - 1);
  expect(locked).toHaveLength(0);
  clock.pass(1);
  expect(locked).toHaveLength(1);
  watch.touch();
  clock.pass(TEN_MINUTES_MS);
  expect(locked).toHaveLength(1);
});

test('U145 every touch starts that time again, and only one alarm waits however many there are', () => {
  const { clock, locked, watch } = watched();
  for (let touches = 0; touches < 50; touches += 1) {
    clock.pass(TEN_MINUTES_MS / 2);
    watch.touch();
  }
  expect(clock.alarms()).toBe(1);
  expect(locked).toHaveLength(0);
  clock.pass(TEN_MINUTES_MS);
  clock.pass(TEN_MINUTES_MS);
  expect(locked).toHaveLength(1);
});

test('U146 a laptop that slept through the time is locked at the first touch', () => {
  const { clock, locked, watch } = watched();
  clock.sleep(TEN_MINUTES_MS + 1);
  watch.touch();
  expect(locked).toHaveLength(1);
  expect(clock.alarms()).toBe(0);
});

test('U147 nothing locks after the watch was stopped', () => {
  const { clock, locked, watch } = watched();
  watch.stop();
  clock.pass(2 * TEN_MINUTES_MS);
  watch.touch();
  expect(locked).toHaveLength(0);
});
