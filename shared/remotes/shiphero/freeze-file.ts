import { fingerprint } from '../../domain/fingerprint.ts';
import type { FrozenRequest } from '../../domain/ledger-entry.ts';
import { formatQuantity, quantityOf } from '../../domain/quantity.ts';
import type { PlannedLine } from '../../ports/remote-inventory.ts';
import { lineProblem, sentLine } from './freeze.ts';
import { readPlaceId } from './place-id.ts';
import { reasonText } from './reason.ts';

/** At most that many lines a file (contracts: ShipHero 2.3). */
export const MAX_FILE_LINES = 3000;

const HEADER = 'sku,quantity,action,reason,location';

/** What lines have to share to stand in one file: the warehouse, which is told when the remote is sent for it. */
export function fileGroup(remoteLocation: string): string {
  return readPlaceId(remoteLocation)?.warehouse ?? '';
}

/**
 * Planned lines as one file of absolute figures (RFC 4180, to be kept as UTF-8 without a mark). Every row names its
 * location: without one the stock would go to a bin of nobody.
 * @throws for what a plan never holds: no lines or too many, several warehouses, a figure below zero or not whole, a change
 * without the figure that it starts from, a location whose name is not known.
 */
export function freezeFile(lines: readonly PlannedLine[]): FrozenRequest {
  if (lines.length === 0 || lines.length > MAX_FILE_LINES) throw new Error(`freezeFile: ${lines.length} lines`);
  if (new Set(lines.map((line) => fileGroup(line.remoteLocation))).size > 1)
    throw new Error('freezeFile: several warehouses');
  const body = [HEADER, ...lines.map(rowOf), ''].join('\r\n');
  const key = fingerprint(JSON.stringify([body, lines.map((line) => [line.ref, line.occurredAt])]));
  return {
    id: `shiphero-${key}`,
    idempotencyKey: key,
    method: 'POST',
    path: '',
    body,
    lines: lines.map(sentLine),
    delivery: 'file',
  };
}

function rowOf(line: PlannedLine): string {
  const problem = lineProblem(line);
  if (problem !== null && problem !== 'an adjustment by nothing') throw new Error(`freezeFile: ${problem}`);
  const { name } = readPlaceId(line.remoteLocation) ?? { name: '' };
  if (name === '') throw new Error('freezeFile: a location without a name');
  const cells = [line.remoteItem, figureOf(line), 'replace', unfolded(reasonText(line)), name];
  return cells.map(quoted).join(',');
}

function figureOf(line: PlannedLine): string {
  if (line.change === 'count') return line.quantity;
  if (line.from === undefined) throw new Error('freezeFile: a change without the figure that it starts from');
  const figure = quantityOf(line.from) + quantityOf(line.quantity);
  if (figure < 0n) throw new Error('freezeFile: a figure below zero');
  return formatQuantity(figure);
}

/**
 * A spreadsheet would take a text that begins so for a formula. Only the reason may be altered: SKUs and names must be
 * found as they are.
 */
function unfolded(reason: string): string {
  return /^[=+\-@\t\r]/.test(reason) ? `'${reason}` : reason;
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
