import type { ObservedCount, PostedLine } from '../../domain/ledger-entry.ts';
import { formatQuantity, hasPrecision, quantityOf, ZERO, type Quantity } from '../../domain/quantity.ts';
import { isBaseKnown, type BaseFacts } from './base.ts';
import { chooseChange, remoteNow, type ChangeFacts, type ChosenChange } from './plan-change.ts';

/** A figure of the remote as the plan meets it. `first`: it came to light when we started tracking. */
export type PlanFigure = ObservedCount & { readonly first?: boolean };

/** What is known of one item at one place; see `PlanInput`. */
export type AmountFacts = ChangeFacts & {
  readonly lines: readonly PostedLine[];
  readonly counted: Quantity;
  readonly variance: Quantity;
  readonly movedSince: boolean;
  readonly figure: PlanFigure | undefined;
  /** Our book as the remote should have it, without what has still to arrive there; undefined: not asked for. */
  readonly before: Quantity | undefined;
  readonly base: BaseFacts | undefined;
  /** What others did there and our book does not have, as far as the remote tells it. */
  readonly others: Quantity | undefined;
  /** A person lets our figure take the place of one that is not known to have been ours. */
  readonly setFigures: boolean;
  readonly underWay: boolean;
  readonly isFile: boolean;
};

/** What is sent of it. `from`: the remote's figure that it stands on. `beside`: see `sendLineSchema`. */
export type ChosenAmount = ChosenChange & {
  readonly amount: Quantity;
  readonly from?: Quantity;
  readonly beside?: Quantity;
};
type Stopped = {
  readonly code:
    | 'base_unknown'
    | 'no_figure_there'
    | 'sold_between'
    | 'not_tracked'
    | 'first_figure_part_counted'
    | 'figure_not_read'
    | 'waiting_there'
    | 'below_zero'
    | 'too_precise'
    | 'too_large';
  readonly detail?: string;
};

/**
 * Chooses what is sent. A difference is sent only where it means there what it means here; else a person is asked. The figure that tracking brings to light is old and no book of anybody's: the first change there is
 * counted less that figure, where the whole place was counted and nothing has moved; from then on variances are sent, as
 * everywhere. A row of a file stands on the figure read just now.
 */
export function chooseAmount(facts: AmountFacts): ChosenAmount | Stopped {
  const { figure, counted, variance } = facts;
  const chosen = chooseChange(facts);
  const stamped = { change: 'adjust', occurredAt: chosen.occurredAt } as const;
  if (facts.abilities.tracking && figure?.tracked === false) return { code: 'not_tracked' };
  if (facts.abilities.tracking && figure?.first === true && facts.lastFrozenAt === undefined) {
    const stands = facts.whole && !facts.shared && !facts.moved && !facts.movedSince && !facts.openElsewhere;
    if (!stands) return { code: 'first_figure_part_counted' };
    const from = quantityOf(figure.quantity ?? '0');
    return { ...stamped, reason: 'first_figure', amount: counted - from, from };
  }
  if (!facts.isFile && chosen.change === 'count')
    return facts.between === 'told' ? { code: 'sold_between' } : { ...chosen, amount: counted };
  const unknown = unknownBase(facts);
  if (unknown !== undefined) return facts.setFigures ? figureSet(facts) : unknown;
  if (facts.isFile) {
    if (facts.underWay) return { code: 'waiting_there' };
    if (figure === undefined) return { code: 'figure_not_read' };
    const from = quantityOf(figure.quantity ?? '0');
    if (from + variance < 0n) return { code: 'below_zero', detail: formatQuantity(from + variance) };
    return { ...stamped, reason: 'file', amount: variance, from };
  }
  return { ...chosen, amount: variance };
}

/** Why a difference means nothing there: no record to differ from, or a figure that was never one with our book. */
function unknownBase({ figure, before, base, others }: AmountFacts): Stopped | undefined {
  if (before === undefined || base === undefined) return undefined;
  const theirs = figure?.quantity;
  if (theirs === null && before !== ZERO) return { code: 'no_figure_there', detail: formatQuantity(before) };
  if (isBaseKnown({ theirs, before, others }, base)) return undefined;
  return { code: 'base_unknown', detail: `${theirs ?? '–'} ≠ ${formatQuantity(before)}` };
}

/** Our whole figure of the place in the place of theirs, as it was read just now. */
function figureSet(facts: AmountFacts): ChosenAmount | Stopped {
  const { figure, before = ZERO, variance, counted } = facts;
  if (facts.underWay) return { code: 'waiting_there' };
  if (figure === undefined) return { code: 'figure_not_read' };
  const target = before + variance;
  if (target < ZERO) return { code: 'below_zero', detail: formatQuantity(target) };
  const from = quantityOf(figure.quantity ?? '0');
  // Also where it is nothing: it tells a figure set on purpose from a row of a file that carries a variance.
  const beside = target - counted;
  return { change: 'adjust', occurredAt: remoteNow(facts), reason: 'figure_set', amount: target - from, from, beside };
}

/** Why the remote cannot take the amount, or nothing. */
export function amountProblem({ amount, from, reason }: ChosenAmount, decimals: number): Stopped | undefined {
  const written = reason === 'file' ? [amount, (from ?? 0n) + amount] : [amount];
  const fine = written.find((one) => !hasPrecision(one, decimals));
  if (fine !== undefined)
    return { code: 'too_precise', detail: `${formatQuantity(fine)}, decimals allowed: ${decimals}` };
  const large = written.map(formatQuantity).find((text) => (text.replace('-', '').split('.')[0] ?? '').length > 12);
  return large === undefined ? undefined : { code: 'too_large', detail: large };
}
