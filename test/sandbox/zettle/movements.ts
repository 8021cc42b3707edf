import { parseQuantity, type Quantity } from '../../../shared/domain/quantity.ts';
import { amountText, membersOf, notFound, textOf, violated, type Refusal } from './answers.ts';
import type { ZettleState } from './state.ts';

/** A movement that was asked for, before anybody has looked at it. `where` is how a refusal names it: "changes[3]". */
export type AskedMovement = {
  readonly where: string;
  readonly product: string;
  readonly variant: string;
  readonly from: string;
  readonly to: string;
  readonly change: unknown;
};

type CheckedMovement = { product: string; variant: string; from: string; to: string; change: Quantity };

/**
 * Does movements one after another. All or nothing, unless the world says that what stands before the first bad one is
 * done all the same. `tracked`: also products whose tracking the same request starts.
 */
export function moveAll(
  state: ZettleState,
  asked: readonly AskedMovement[],
  more: { externalUuid: string; tracked: ReadonlySet<string> },
): Refusal | undefined {
  const { behaviour } = state;
  const good: CheckedMovement[] = [];
  const left = new Map<string, Quantity>();
  let bad: Refusal | undefined;
  if (behaviour.maxChanges !== undefined && asked.length > behaviour.maxChanges)
    return violated('changes', 'INVALID_SIZE', `At most ${behaviour.maxChanges} changes`);
  for (const one of asked) {
    const checked = check(state, one, more.tracked, left);
    if ('status' in checked) {
      bad = named(state, one, checked);
      break;
    }
    good.push(checked);
  }
  if (bad !== undefined && behaviour.atomicRequests) return bad;
  const isEcho = more.externalUuid !== '' && state.seenEchoes.has(more.externalUuid);
  if (isEcho && behaviour.dedupesExternalUuid) return bad;
  const echo = more.externalUuid === '' ? {} : { externalUuid: more.externalUuid };
  for (const movement of good) state.move({ ...movement, by: 'api', ...echo });
  if (more.externalUuid !== '') state.seenEchoes.add(more.externalUuid);
  return bad;
}

/** The rows of `changes` or `variantChanges` of the second generation. */
export function askedChange(where: string, product: string, row: unknown): AskedMovement {
  const change = membersOf(row);
  return {
    where,
    product: product === '' ? textOf(change['productUuid']) : product,
    variant: textOf(change['variantUuid']),
    from: textOf(change['fromLocationUuid']),
    to: textOf(change['toLocationUuid']),
    change: change['change'],
  };
}

function check(
  state: ZettleState,
  one: AskedMovement,
  alsoTracked: ReadonlySet<string>,
  left: Map<string, Quantity>,
): CheckedMovement | Refusal {
  const { where, product, variant, from, to } = one;
  const amount = parseQuantity(amountText(one.change));
  if (!amount.ok || amount.value <= 0n)
    return violated(`${where}.change`, 'MUST_BE_GREATER_THAN', `${amountText(one.change)} must be greater than 0`);
  const change = amount.value;
  for (const location of [from, to]) if (!state.locations.has(location)) return notFound('Location', location);
  if (from === to) return violated(`${where}.toLocationUuid`, 'MUST_BE_FALSE', 'from and to are the same location');
  const known = state.products.get(product);
  if (known === undefined) return notFound('Product', product);
  if (!known.row.variants.some((row) => row.uuid === variant)) return notFound('Variant', variant);
  if (!known.tracked && !alsoTracked.has(product)) {
    const status = state.behaviour.notTrackedStatus;
    return { status, errorType: 'PRODUCT_NOT_TRACKED', message: `Product ${product} is not tracked` };
  }
  const isMeasured = (known.row.unitName ?? '') !== '';
  if (state.behaviour.fractions === 'refused' && !isMeasured && change % 100_000n !== 0n)
    return violated(`${where}.change`, 'DIGIT_OUT_OF_BOUNDS', 'The product is counted in whole pieces');
  const key = `${from}|${variant}`;
  const rest = (left.get(key) ?? state.balance(from, variant)) - change;
  if (state.behaviour.negativeStock === 'refused' && state.locations.get(from)?.type === 'STORE' && rest < 0n)
    return { status: 400, errorType: 'NEGATIVE_BALANCE', message: `Variant ${variant} would fall below zero` };
  left.set(key, rest);
  left.set(`${to}|${variant}`, (left.get(`${to}|${variant}`) ?? state.balance(to, variant)) + change);
  return { product, variant, from, to, change };
}

/** Where the world wants the culprit named, or left unnamed. */
function named(state: ZettleState, { where, product }: AskedMovement, refusal: Refusal): Refusal {
  switch (state.behaviour.namesCulprit) {
    case 'message':
      return refusal;
    case 'violations':
      return {
        ...refusal,
        message: 'The request is not valid',
        violations: [{ propertyName: where, developerMessage: refusal.message, constraintType: 'UNKNOWN' }],
      };
    case 'nowhere': {
      const { status, errorType } = refusal;
      return { status, errorType, message: product === '' ? '' : 'The request is not valid' };
    }
  }
}
