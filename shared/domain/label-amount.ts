import type { ParsedGs1 } from './barcode.ts';
import type { Gs1Measure } from './gs1-fields.ts';
import type { Item } from './item.ts';
import { formatQuantity, ONE, parseQuantity, timesQuantity, type Quantity } from './quantity.ts';
import { err, ok, type Result } from './result.ts';
import { convertQuantity, readUnit, type Unit } from './unit.ts';

/** How much one scan is. `said`: what the label says, as evidence ("1.250 kg"); `packs`: how many packs of the code. */
export type LabelAmount = { readonly quantity: Quantity; readonly packs: Quantity; readonly said?: string };

/**
 * Why what a label says about quantity cannot be used. `label_in_pieces`: the item is counted, the label measures;
 * `label_in_pieces_only`: the other way round; `label_of_package`: only gross weight or size is given;
 * `label_count_missing`: it names what is inside and not how many; `label_count_unclear`: it contradicts itself.
 */
export type LabelProblem = {
  readonly code:
    | 'label_in_pieces'
    | 'label_in_pieces_only'
    | 'label_unit_differs'
    | 'label_not_exact'
    | 'label_of_package'
    | 'label_count_missing'
    | 'label_count_unclear';
  /** What the label says: "1.250 kg", "4". */
  readonly says: string;
  /** The item's unit. */
  readonly unit: string;
};

/**
 * The quantity that one scan of a label adds, in the item's unit: the measure on it converted exactly, or its count times
 * the pack of its code (`factor`; absent: the single piece). A label that says nothing is one pack. Nothing that a label
 * says is dropped: it is used to the last digit, or it is refused and a person says how much it is.
 * Source: GS1 General Specifications 3.6 (310n–369n), 3.9 ((30), (37)).
 */
export function labelAmount(
  label: ParsedGs1,
  item: Item,
  factor: Quantity | undefined,
): Result<LabelAmount, LabelProblem> {
  const unit = readUnit(item.unit);
  const pack = factor ?? ONE;
  const refuse = (code: LabelProblem['code'], says: string) => err({ code, says, unit: item.unit });
  const content = label.measures.filter(({ of }) => of === 'content');
  const [measure] = content;
  const isMeasured = unit !== undefined && unit.dimension !== 'count' && unit.dimension !== 'container';
  if (label.countUnclear || (label.isContent && isMeasured && measure !== undefined))
    return refuse('label_count_unclear', said(label));
  if (measure !== undefined && (isMeasured || label.count === undefined)) {
    if (!isMeasured)
      return refuse(unit?.dimension === 'count' ? 'label_in_pieces' : 'label_unit_differs', textOf(measure));
    return readMeasures(content, unit, refuse);
  }
  if (label.count !== undefined) {
    // Pieces of something that is weighed weigh what the catalogue says of their pack, and nothing is known of a single one.
    if (isMeasured && factor === undefined) return refuse('label_in_pieces_only', label.count);
    const count = parseQuantity(label.count);
    const quantity = count.ok ? timesQuantity(count.value, pack) : undefined;
    return count.ok && count.value > 0n && quantity !== undefined
      ? ok({ quantity, packs: count.value })
      : refuse('label_count_missing', label.count);
  }
  if (label.isContent) return refuse('label_count_missing', '');
  const around = label.measures.find((one) => isMeasured && readUnit(one.unit)?.dimension === unit.dimension);
  if (around !== undefined && factor === undefined) return refuse('label_of_package', textOf(around));
  return ok({ quantity: pack, packs: ONE });
}

/** The measure in the item's own unit, or else the first that has an exact amount in it. */
function readMeasures(
  measures: readonly Gs1Measure[],
  unit: Unit,
  refuse: (code: LabelProblem['code'], says: string) => Result<LabelAmount, LabelProblem>,
): Result<LabelAmount, LabelProblem> {
  const same = measures.filter((one) => readUnit(one.unit)?.dimension === unit.dimension);
  const [first] = same;
  if (first === undefined) return refuse('label_unit_differs', measures.map(textOf).join(', '));
  const ordered = same.toSorted((left, right) => Number(isIn(right, unit)) - Number(isIn(left, unit)));
  for (const measure of ordered) {
    const from = readUnit(measure.unit);
    const value = parseQuantity(measure.value);
    if (from === undefined || !value.ok) continue;
    const quantity = convertQuantity(value.value, from, unit);
    if (quantity.ok && quantity.value > 0n)
      return ok({ quantity: quantity.value, packs: ONE, said: `${formatQuantity(value.value)} ${from.symbol}` });
  }
  return refuse('label_not_exact', textOf(first));
}

function isIn(measure: Gs1Measure, unit: Unit): boolean {
  return readUnit(measure.unit)?.code === unit.code;
}

function textOf({ value, unit }: Gs1Measure): string {
  return `${value} ${readUnit(unit)?.symbol ?? unit}`;
}

function said(label: ParsedGs1): string {
  return [label.count, ...label.measures.map(textOf)].filter((part) => part !== undefined).join(', ');
}
