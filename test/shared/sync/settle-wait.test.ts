import { expect, test } from 'vitest';
import { needsReadBack, settlePush } from '../../../shared/sync/outbox/settle.ts';

const context = {
  lines: [],
  attempt: 1,
  now: '2026-03-02T10:00:00.000Z',
  random: 0,
  idempotent: false,
} as const;

test('O190 a remote that refuses before it begins is asked again when it said, without reading back', () => {
  const error = { code: 'rate_limited', retryAfterMs: 7000, detail: 'no credits' } as const;
  const plain = settlePush({ ok: false, error }, context);
  const untouched = settlePush({ ok: false, error: { ...error, untouched: true } }, context);
  const when = { state: 'retry', notBefore: '2026-03-02T10:00:07.000Z' };
  expect([plain, untouched]).toMatchObject([when, when]);
  expect([plain, untouched].map((outcome) => 'code' in outcome && needsReadBack(outcome.code))).toEqual([true, false]);
});
