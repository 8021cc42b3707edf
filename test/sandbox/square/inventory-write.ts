import { quantityOf } from '../../../shared/domain/quantity.ts';
import { answered, refused, type ApiAnswer, type ApiCall, type Route } from './api-call.ts';
import { checkChange, type CheckedChange, type ChangeProblem } from './check-change.ts';
import { changeBody, countBody } from './inventory-shapes.ts';
import type { SquareState } from './state.ts';
import { computeCount, type RecordedChange } from './count.ts';
import { refuse } from './refusals.ts';

/** The batch change (contracts: Square 2.1). */
export function writeRoutes(state: SquareState): readonly Route[] {
  return [
    {
      method: 'POST',
      path: /^\/v2\/inventory\/changes\/batch-create$/,
      scope: 'INVENTORY_WRITE',
      answer: (call) => batchChange(state, call),
    },
  ];
}

function batchChange(state: SquareState, call: ApiCall): ApiAnswer {
  const { behaviour } = state.world.square;
  const key = call.body['idempotency_key'];
  if (key === undefined || key === null || key === '')
    return refused(refuse(400, 'MISSING_REQUIRED_PARAMETER', 'Field must be set', 'idempotency_key'));
  if (typeof key !== 'string')
    return refused(refuse(400, 'EXPECTED_STRING', 'Expected a string value', 'idempotency_key'));
  if (key.length > 128) return refused(refuse(400, 'VALUE_TOO_LONG', 'Field is too long', 'idempotency_key'));
  const now = state.clock.now();
  const kept = state.keys.get(key);
  const alive = kept !== undefined && now - kept.at <= (behaviour.idempotencyKeyLifeMs ?? Infinity);
  if (alive && !behaviour.ignoresIdempotencyKeys) {
    if (kept.text === call.text) return kept.answer;
    return refused(
      refuse(
        400,
        'IDEMPOTENCY_KEY_REUSED',
        'The idempotency key can only be retried with the same request data',
        'idempotency_key',
      ),
    );
  }
  const answer = record(state, call, now);
  if (answer.status === 200 && call.onlyChanges === undefined)
    state.keys.set(key, { text: call.text, answer, at: now });
  return answer;
}

function record(state: SquareState, call: ApiCall, now: number): ApiAnswer {
  const list = call.body['changes'];
  if (list !== undefined && list !== null && !Array.isArray(list))
    return refused(refuse(400, 'EXPECTED_ARRAY', 'Expected an array', 'changes'));
  const changes: readonly unknown[] = Array.isArray(list) ? list : [];
  if (changes.length > 100) return refused(refuse(400, 'ARRAY_LENGTH_TOO_LONG', 'At most 100 changes', 'changes'));
  const good: CheckedChange[] = [];
  const bad: ChangeProblem[] = [];
  changes.forEach((change, at) => {
    const checked = checkChange(change, at, state.world, now);
    if ('error' in checked) bad.push(checked);
    else good.push(checked);
  });
  const errors = bad.map(({ error }) => error);
  if (bad[0] !== undefined && (state.world.square.behaviour.atomicBatches || good.length === 0))
    return refused({ status: bad[0].status, errors });
  const ignoreUnchanged = call.body['ignore_unchanged_counts'] !== false;
  // Applied by `occurred_at`; the array may be out of order.
  const inOrder = good.slice(0, call.onlyChanges).toSorted((left, right) => left.occurredAt - right.occurredAt);
  const recorded = inOrder
    .filter((change) => !(ignoreUnchanged && isUnchanged(state, change)))
    .map((change) => state.stock.append({ ...change, createdAt: now }));
  const shown = state.world.square.behaviour.answersChanges ? recorded.map(changeBody) : [];
  return answered({ errors, counts: countsOf(state, good), changes: shown });
}

function isUnchanged(state: SquareState, change: CheckedChange): boolean {
  if (change.type !== 'PHYSICAL_COUNT') return false;
  const earlier = state.stock.of(change.variation, change.location);
  if (state.world.square.behaviour.unchanged === 'last_count') {
    const last = earlier
      .filter((one) => one.type === 'PHYSICAL_COUNT')
      .toSorted((left, right) => left.occurredAt - right.occurredAt)
      .at(-1);
    return last !== undefined && quantityOf(last.quantity) === quantityOf(change.quantity);
  }
  const count = computeCount(earlier, change.state ?? '', change.occurredAt);
  return count !== undefined && count.quantity === quantityOf(change.quantity);
}

function countsOf(state: SquareState, changes: readonly Pick<RecordedChange, 'variation' | 'location'>[]): unknown[] {
  const places = new Map(
    changes.map(({ variation, location }) => [`${variation}|${location}`, { variation, location }]),
  );
  return [...places.values()].flatMap(({ variation, location }) =>
    ['IN_STOCK', 'WASTE'].flatMap((stockState) => {
      const count = state.stock.count(variation, location, stockState, state.clock.now());
      return count === undefined ? [] : [countBody({ variation, location, state: stockState, count })];
    }),
  );
}
