import type { FrozenRequest } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HostError } from '../../ports/host.ts';
import type { PlannedLine, RemoteAbilities, RemoteConnector } from '../../ports/remote-inventory.ts';
import type { Again } from '../outbox/again.ts';
import { goesAgain } from '../outbox/goes-again.ts';
import { inPieces } from './frozen-facts.ts';
import { isAgain, type SendMarks } from '../outbox/open-lines.ts';

/** A connector makes one id of the same lines at the same time; a millisecond more or less makes another. */
const MOST_SHIFTS = 100;

/**
 * Freezes lines in requests as large as the remote takes, or in two halves. The times of a request that would be one
 * known already are moved on by a millisecond, so that it gets an id and a key of its own.
 */
export function freezeAnew(
  connector: RemoteConnector,
  lines: readonly PlannedLine[],
  more: { readonly known: (id: string) => boolean; readonly halved?: boolean; readonly delivery?: 'file' },
): Result<readonly FrozenRequest[], HostError> {
  const requests: FrozenRequest[] = [];
  for (const piece of piecesOf(connector, lines, more)) {
    try {
      const request = freezeUnknown(connector, piece, more);
      if (request === undefined) return refuse('the lines make a request that is there already');
      requests.push(request);
    } catch (problem) {
      // A connector throws for what a plan never holds; a page that made it up is told, and nothing is frozen.
      return refuse(problem instanceof Error ? problem.message.slice(0, 200) : 'the lines cannot be frozen');
    }
  }
  return ok(requests);
}

function refuse(reason: string): { ok: false; error: HostError } {
  return err({ code: 'bad_request', reason });
}

function piecesOf(
  connector: RemoteConnector,
  lines: readonly PlannedLine[],
  { halved, delivery }: { halved?: boolean; delivery?: 'file' },
): readonly (readonly PlannedLine[])[] {
  if (delivery === 'file') {
    const files = new Map<string, PlannedLine[]>();
    for (const line of lines) {
      const group = connector.fileGroup?.(line.remoteLocation) ?? '';
      const file = files.get(group);
      if (file === undefined) files.set(group, [line]);
      else file.push(line);
    }
    return [...files.values()].flatMap((file) => inPieces(file, connector.maxLinesPerFile ?? file.length));
  }
  const size = connector.abilities.maxLinesPerRequest;
  const parts = halved === true && lines.length > 1 ? inPieces(lines, Math.ceil(lines.length / 2)) : [lines];
  return parts.flatMap((part) => inPieces(part, size));
}

function freezeUnknown(
  connector: RemoteConnector,
  piece: readonly PlannedLine[],
  { known, delivery }: { known: (id: string) => boolean; delivery?: 'file' },
): FrozenRequest | undefined {
  const freeze = delivery === 'file' ? connector.freezeFile : connector.freeze;
  if (freeze === undefined) return undefined;
  for (let shift = 0; shift < MOST_SHIFTS; shift += 1) {
    const lines = shift === 0 ? piece : piece.map((line) => ({ ...line, occurredAt: later(line.occurredAt, shift) }));
    const request = freeze(lines);
    if (known(request.id)) continue;
    const { delivery: _, ...rest } = request;
    const times = new Map(lines.map((line) => [line.ref, line.occurredAt]));
    return {
      ...rest,
      lines: request.lines.map((line) => ({ ...line, occurredAt: times.get(line.ref) ?? '' })),
      ...(delivery === undefined ? {} : { delivery }),
    };
  }
  return undefined;
}

function later(instant: string, byMs: number): string {
  return new Date(Date.parse(instant) + byMs).toISOString();
}

type Asked = {
  readonly again: Again | undefined;
  /** Absent for a decided difference: it stands on no posted line. */
  readonly marks: SendMarks | undefined;
  readonly connection: string;
  readonly batch: string;
  readonly abilities: RemoteAbilities;
  readonly now: string;
};

/** The lines of a finished request that go again by themselves: amount and reference as they were. */
export function linesAgain(before: FrozenRequest, asked: Asked): readonly PlannedLine[] {
  return before.lines.flatMap((line): PlannedLine[] => {
    if (asked.again?.lines.get(line.ref)?.request !== before.id) return [];
    if (!goesAgain(line, asked.abilities, asked.now)) return [];
    if (asked.marks !== undefined && !isAgain(asked.marks, { ...asked, ref: line.ref, request: before.id })) return [];
    return [{ ...line, occurredAt: line.occurredAt ?? asked.now }];
  });
}
