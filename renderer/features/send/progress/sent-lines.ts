import type { SendLine } from '../../../../shared/domain/ledger-entry.ts';
import { lineProgress, type LineProgress, type OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';

/** One line of a request, how far it has come, and what the remote said about it. */
export type SentLine = {
  readonly key: string;
  readonly request: OutboxRequest;
  readonly line: SendLine;
  readonly state: LineProgress;
  /** The remote's own id of it; '' when it took the line and named nothing. Absent: not taken, as far as is known. */
  readonly receipt?: string;
  /** The remote's words on this line. */
  readonly detail?: string;
};

/** Every line of these requests, in their order. */
export function sentLines(requests: readonly OutboxRequest[]): readonly SentLine[] {
  return requests.flatMap((request) => {
    const receipts = new Map(request.receipts.map(({ ref, remoteId }) => [ref, remoteId ?? '']));
    const details = new Map(request.refusals.map(({ ref, detail }) => [ref, detail]));
    // A request that was refused as a whole was refused in the same words for each line that it names.
    if (request.state === 'rejected' && request.detail !== undefined)
      for (const ref of request.rejectedRefs) details.set(ref, request.detail);
    return request.request.lines.map((line): SentLine => {
      const receipt = receipts.get(line.ref);
      const detail = details.get(line.ref);
      return {
        key: `${request.id} ${line.ref}`,
        request,
        line,
        state: lineProgress(request, line.ref),
        ...(receipt === undefined ? {} : { receipt }),
        ...(detail === undefined ? {} : { detail }),
      };
    });
  });
}

/** The words a line can be in, in the order in which it passes through them. */
export const LINE_WORDS = [
  'queued',
  'sending',
  'unknown',
  'confirmed',
  'doubtful',
  'rejected',
  'again',
] as const satisfies readonly LineProgress[];

/** How many lines are in each word. */
export function countWords(lines: readonly SentLine[]): Readonly<Record<LineProgress, number>> {
  const counts: Record<LineProgress, number> = {
    queued: 0,
    sending: 0,
    unknown: 0,
    confirmed: 0,
    doubtful: 0,
    rejected: 0,
    again: 0,
  };
  for (const { state } of lines) counts[state] += 1;
  return counts;
}

/** Whether nothing more happens to a request by itself. */
export function isOver({ state }: OutboxRequest): boolean {
  return state === 'confirmed' || state === 'rejected' || state === 'split';
}
