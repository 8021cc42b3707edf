import type { ObservedCount, PostedLine } from '../domain/ledger-entry.ts';
import { formatQuantity, hasPrecision, quantityOf, type Quantity } from '../domain/quantity.ts';
import { chooseChange, type ChangeFacts, type ChosenChange } from './plan-change.ts';

/** A figure of the remote as the plan meets it. `first`: it came to light when we started tracking. */
export type PlanFigure = ObservedCount & { readonly first?: boolean };

/** What is known of one item at one place; see `PlanInput`. */
export type AmountFacts = ChangeFacts & {
  readonly lines: readonly PostedLine[];
  readonly counted: Quantity;
  readonly variance: Quantity;
  readonly movedSince: boolean;
  readonly figure: PlanFigure | undefined;
  readonly underWay: boolean;
  readonly isFile: boolean;
};

/** What is sent of it. `from`: the remote's figure that it stands on. */
export type ChosenAmount = ChosenChange & { readonly amount: Quantity; readonly from?: Quantity };
type Stopped = {
  readonly code:
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
 * Chooses what is sent. The figure that tracking brings to light is old and no book of anybody's: the first change there is
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
  if (facts.isFile) {
    if (facts.underWay) return { code: 'waiting_there' };
    if (figure === undefined) return { code: 'figure_not_read' };
    const from = quantityOf(figure.quantity ?? '0');
    if (from + variance < 0n) return { code: 'below_zero', detail: formatQuantity(from + variance) };
    return { ...stamped, reason: 'file', amount: variance, from };
  }
  return { ...chosen, amount: chosen.change === 'count' ? counted : variance };
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
