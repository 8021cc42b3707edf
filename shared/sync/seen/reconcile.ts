import { skuKey } from '../../domain/item.ts';
import { formatQuantity, quantityOf, type Quantity } from '../../domain/quantity.ts';
import type { Mapping } from './mapping.ts';
import { type Figure } from './pull.ts';
import { figureKey } from '../../ports/figure-key.ts';

/**
 * `waiting`: a change of ours has not arrived yet, so a difference says nothing. `not_seen`: the remote was never asked,
 * or never named it. `hidden`: whoever looks is counting there blind, so the row has no figures: "0" and none.
 */
export type DriftState = 'reconciled' | 'differs' | 'not_seen' | 'waiting' | 'hidden';

/** Our book against the remote's figure. `theirs` null: the remote has no record, which is not zero. */
export type DriftRow = {
  readonly item: string;
  readonly site: string;
  readonly remoteItem: string;
  readonly remoteLocation: string;
  readonly ours: string;
  readonly theirs: string | null;
  /** theirs − ours; no record counts as nothing. */
  readonly difference: string;
  readonly state: DriftState;
  readonly seenAt?: string;
};

export type DriftInput = {
  /** Book quantity per item and site, over all bins and lots. */
  readonly books: Iterable<{ readonly item: string; readonly site: string; readonly quantity: string }>;
  readonly figures: ReadonlyMap<string, Figure>;
  readonly mapping: Mapping;
  readonly waiting: (item: string, site: string) => boolean;
  /** Places whose figures are not shown, by `figureKey`. */
  readonly hidden?: ReadonlySet<string>;
};

type Ours = {
  readonly item: string;
  readonly site: string;
  readonly remoteItem: string;
  readonly remoteLocation: string;
  quantity: Quantity;
  waiting: boolean;
};

/**
 * Compares every matched item and site with the newest figure seen. What is not matched is left out. Items or sites that
 * meet in one figure of the remote are compared together, under the first of them. Changes nothing: drift is shown.
 */
export function drift({ books, figures, mapping, waiting, hidden }: DriftInput): readonly DriftRow[] {
  const ours = new Map<string, Ours>();
  const add = (item: string, site: string, quantity: Quantity) => {
    const match = mapping.items.get(skuKey(item));
    const remoteLocation = mapping.sites.get(site);
    if (match === undefined || remoteLocation === undefined) return;
    const key = figureKey(match.remoteItem, remoteLocation);
    const row = ours.get(key) ?? {
      item,
      site,
      remoteItem: match.remoteItem,
      remoteLocation,
      quantity: 0n,
      waiting: false,
    };
    row.quantity += quantity;
    row.waiting ||= waiting(item, site);
    ours.set(key, row);
  };
  for (const { item, site, quantity } of books) add(item, site, quantityOf(quantity));
  addFiguresWithoutBook({ figures, mapping, known: ours, add });
  return [...ours].map(([key, row]) => (hidden?.has(key) === true ? hide(row) : compare(row, figures.get(key))));
}

/** What only the remote holds is drift too. */
function addFiguresWithoutBook(input: {
  figures: ReadonlyMap<string, Figure>;
  mapping: Mapping;
  known: ReadonlyMap<string, Ours>;
  add: (item: string, site: string, quantity: Quantity) => void;
}): void {
  const items = new Map([...input.mapping.items.values()].map((match) => [match.remoteItem, match.item]));
  const sites = new Map([...input.mapping.sites].map(([site, remoteLocation]) => [remoteLocation, site]));
  for (const [key, figure] of input.figures) {
    const item = items.get(figure.remoteItem);
    const site = sites.get(figure.remoteLocation);
    if (item !== undefined && site !== undefined && !input.known.has(key)) input.add(item, site, 0n);
  }
}

function hide({ item, site, remoteItem, remoteLocation }: Ours): DriftRow {
  return { item, site, remoteItem, remoteLocation, ours: '0', theirs: null, difference: '0', state: 'hidden' };
}

function compare(row: Ours, figure: Figure | undefined): DriftRow {
  const { item, site, remoteItem, remoteLocation, quantity } = row;
  const theirs = figure?.quantity ?? null;
  const difference = quantityOf(theirs ?? '0') - quantity;
  return {
    item,
    site,
    remoteItem,
    remoteLocation,
    theirs,
    ours: formatQuantity(quantity),
    difference: formatQuantity(difference),
    state: stateOf(row, figure, difference),
    ...(figure === undefined ? {} : { seenAt: figure.seenAt }),
  };
}

function stateOf(row: Ours, figure: Figure | undefined, difference: Quantity): DriftState {
  if (row.waiting) return 'waiting';
  if (figure === undefined) return 'not_seen';
  return difference === 0n ? 'reconciled' : 'differs';
}
