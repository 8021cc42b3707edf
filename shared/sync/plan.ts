import { skuKey } from '../domain/item.ts';
import type { ObservedCount, PostedLine, StoppedLine } from '../domain/ledger-entry.ts';
import { formatQuantity, hasPrecision, quantityOf, type Quantity } from '../domain/quantity.ts';
import type { PlannedLine, RemoteAbilities } from '../ports/remote-inventory.ts';
import { lineRef } from './line-ref.ts';
import type { Mapping } from './mapping.ts';
import { chooseChange, sharedMatches } from './plan-change.ts';
import { summarizePlan, type PlanRow, type PlanSummary } from './plan-summary.ts';
import { figureKey } from './pull.ts';

/** Why a line cannot be sent. Each has one sentence for the person. */
export type StopCode =
  | 'read_only'
  | 'bin_not_found'
  | 'site_not_mapped'
  | 'item_not_mapped'
  | 'too_precise'
  | 'too_large';

export type SendPlan = {
  readonly lines: readonly PlannedLine[];
  readonly stopped: readonly (StoppedLine & { code: StopCode })[];
  readonly summary: PlanSummary;
};

/** `posted`: the batch's open lines, see `openLines`. Items are asked for as posted, sites as the bins name them. */
export type PlanInput = {
  readonly connection: string;
  readonly batch: string;
  readonly posted: readonly PostedLine[];
  readonly mapping: Mapping;
  readonly binSite: (bin: string) => string | undefined;
  readonly abilities: RemoteAbilities;
  readonly now: string;
  /** Every bin that holds the item at the site is among the posted lines. */
  readonly wholeLocation: (item: string, site: string) => boolean;
  /** A movement of the item at the site lies between the first and the last of these counts. */
  readonly movedDuring: (item: string, site: string) => boolean;
  /** Another batch has posted lines of the item at the site that have not arrived at the remote. */
  readonly openElsewhere: (item: string, site: string) => boolean;
  /** When a change of the item for the place was last frozen. */
  readonly lastFrozenAt: (item: string, remoteLocation: string) => string | undefined;
  /** Figures read just now, by `figureKey`. */
  readonly remoteNow?: ReadonlyMap<string, ObservedCount>;
};

type Group = { readonly item: string; readonly site: string; readonly lines: PostedLine[] };

/**
 * Decides what the remote is told about a posted batch. The bins of one item at one site become one change: an absolute
 * count only where that is known to be true of the whole place at one instant, else the sum of variances. The same input
 * gives the same lines, references and order. Nothing is sent here.
 */
export function planSend(input: PlanInput): SendPlan {
  const lines: PlannedLine[] = [];
  const stopped: (StoppedLine & { code: StopCode })[] = [];
  const rows: PlanRow[] = [];
  const shared = sharedMatches(input.mapping);
  for (const group of groupBySite(input, (line) => stopped.push(stop(line, 'bin_not_found')))) {
    const planned = planGroup(input, group, shared);
    if ('code' in planned) {
      for (const line of group.lines) stopped.push(stop(line, planned.code, planned.detail));
      continue;
    }
    rows.push(planned.row);
    if (planned.line) lines.push(planned.line);
  }
  return {
    lines,
    stopped,
    summary: summarizePlan({ rows, stopped, maxLinesPerRequest: input.abilities.maxLinesPerRequest }),
  };
}

function planGroup(
  input: PlanInput,
  { item, site, lines }: Group,
  shared: (remoteItem: string, remoteLocation: string) => boolean,
): { row: PlanRow; line?: PlannedLine } | { code: StopCode; detail?: string } {
  const { abilities, mapping } = input;
  if (abilities.readOnly) return { code: 'read_only' };
  const remoteLocation = mapping.sites.get(site);
  if (remoteLocation === undefined) return { code: 'site_not_mapped', detail: site };
  const match = mapping.items.get(skuKey(item));
  if (match === undefined) return { code: 'item_not_mapped' };
  const { remoteItem } = match;
  const counted = sum(lines.map((line) => line.counted));
  const variance = sum(lines.map((line) => line.variance));
  const { change, reason, occurredAt } = chooseChange({
    lines,
    abilities,
    now: input.now,
    whole: input.wholeLocation(item, site) && counted >= 0n,
    shared: shared(remoteItem, remoteLocation),
    moved: input.movedDuring(item, site),
    openElsewhere: input.openElsewhere(item, site),
    lastFrozenAt: input.lastFrozenAt(item, remoteLocation),
  });
  const amount = change === 'count' ? counted : variance;
  const decimals = Math.min(match.precision, abilities.maxPrecision);
  if (!hasPrecision(amount, decimals))
    return { code: 'too_precise', detail: `${formatQuantity(amount)}, decimals allowed: ${decimals}` };
  const quantity = formatQuantity(amount);
  if (quantity.replace('-', '').split('.')[0]!.length > 12) return { code: 'too_large', detail: quantity };
  const ref = lineRef(input.connection, input.batch, lines);
  const bins = [...new Set(lines.map((line) => line.bin))].toSorted();
  const line = { ref, item, remoteItem, remoteLocation, change, quantity, bins, occurredAt };
  const row = { ref, item, site, remoteItem, remoteLocation, quantity, reason, bins, ...fresh(input, line, amount) };
  if (change === 'adjust' && amount === 0n) return { row: { ...row, change: 'verified' } };
  return { row: { ...row, change }, line };
}

function fresh(input: PlanInput, line: PlannedLine, amount: Quantity): { theirs?: string | null; after?: string } {
  const seen = input.remoteNow?.get(figureKey(line.remoteItem, line.remoteLocation));
  if (input.remoteNow === undefined) return {};
  const theirs = seen?.quantity ?? null;
  // A count stands at its own time, so what the remote sold since still comes off it: `after` is then only the counted figure.
  return { theirs, after: formatQuantity(line.change === 'count' ? amount : quantityOf(theirs ?? '0') + amount) };
}

function groupBySite(input: PlanInput, lost: (line: PostedLine) => void): Group[] {
  const groups = new Map<string, Group>();
  for (const line of input.posted) {
    const site = input.binSite(line.bin);
    if (site === undefined) {
      lost(line);
      continue;
    }
    const key = `${skuKey(line.item)}\u001F${site}`;
    const group = groups.get(key);
    if (group) group.lines.push(line);
    else groups.set(key, { item: line.item, site, lines: [line] });
  }
  return [...groups].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, group]) => group);
}

function sum(texts: readonly string[]): Quantity {
  return texts.reduce((total, text) => total + quantityOf(text), 0n);
}

function stop(line: PostedLine, code: StopCode, detail?: string): StoppedLine & { code: StopCode } {
  const { item, bin, lot } = line;
  return { item, bin, ...(lot === undefined ? {} : { lot }), code, ...(detail === undefined ? {} : { detail }) };
}
