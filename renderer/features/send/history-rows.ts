import type { SendLine } from '../../../shared/domain/ledger-entry.ts';
import type { LineProgress, OutboxRequest } from '../../../shared/sync/outbox/outbox.ts';
import { sentLines, type SentLine } from './progress/sent-lines.ts';

/** Lines that have their word for good, the newest sending first: taken, refused, or in doubt. */
export function settledLines(outbox: readonly OutboxRequest[], connection: string): readonly SentLine[] {
  const requests = outbox.filter((request) => request.connection === connection).toReversed();
  return sentLines(requests).filter(
    ({ state }) => state === 'confirmed' || state === 'rejected' || state === 'doubtful',
  );
}

/** One sending of the history: all lines of one batch. */
export type SendingOfBatch = { readonly id: string; readonly firstAt: string; readonly lines: number };

/** The batches of these lines, in their order, with the instant at which the first of each was fixed. */
export function sendings(lines: readonly SentLine[]): readonly SendingOfBatch[] {
  const found = new Map<string, { firstAt: string; lines: number }>();
  for (const { request } of lines) {
    const known = found.get(request.batch);
    if (!known) found.set(request.batch, { firstAt: request.frozenAt, lines: 1 });
    else {
      known.lines += 1;
      if (request.frozenAt < known.firstAt) known.firstAt = request.frozenAt;
    }
  }
  return [...found].map(([id, rest]) => ({ id, ...rest }));
}

/** Columns of the history's file, in their order. */
export const HISTORY_COLUMNS = [
  'sentAt',
  'connection',
  'batch',
  'sku',
  'item',
  'bins',
  'change',
  'quantity',
  'remoteItem',
  'remoteLocation',
  'state',
  'receipt',
  'said',
  'ref',
] as const;
export type HistoryColumn = (typeof HISTORY_COLUMNS)[number];

export type HistoryWords = {
  head(column: HistoryColumn): string;
  change(change: SendLine['change']): string;
  state(state: LineProgress): string;
  item(sku: string): string;
  sending(batch: string): string;
  readonly connection: string;
};

/** The history as a table: head first; instants in ISO-8601 UTC and quantities as the ledger writes them. */
export function historyTable(lines: readonly SentLine[], words: HistoryWords): readonly (readonly string[])[] {
  const rows = lines.map(({ request, line, state, receipt, detail }) => {
    const cells: Readonly<Record<HistoryColumn, string>> = {
      sentAt: request.attemptedAt ?? request.frozenAt,
      connection: words.connection,
      batch: words.sending(request.batch),
      sku: line.item,
      item: words.item(line.item),
      bins: line.bins.join(' '),
      change: words.change(line.change),
      quantity: line.quantity,
      remoteItem: line.remoteItem,
      remoteLocation: line.remoteLocation,
      state: words.state(state),
      receipt: receipt ?? '',
      said: detail ?? (state === 'rejected' ? (request.detail ?? '') : ''),
      ref: line.ref,
    };
    return HISTORY_COLUMNS.map((column) => cells[column]);
  });
  return [HISTORY_COLUMNS.map((column) => words.head(column)), ...rows];
}
