import type { Fact, FactOf, FrozenRequest } from '../../domain/ledger-entry.ts';

/** One entry of frozen requests holds about this many characters of bodies, and this many stopped lines. */
const ENTRY_CHARACTERS = 1_000_000;
const ENTRY_STOPPED = 2_000;

/** A list in pieces of at most `size`. */
export function inPieces<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Requests and stopped lines as facts of a size that a journal line can bear. */
export function frozenFacts(
  base: Pick<FactOf<'send_frozen'>, 'connection' | 'batch'>,
  requests: readonly FrozenRequest[],
  stopped: FactOf<'send_frozen'>['stopped'],
): Fact[] {
  const groups: FrozenRequest[][] = [];
  let size = Infinity;
  for (const request of requests) {
    if (size + request.body.length > ENTRY_CHARACTERS) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(request);
    size += request.body.length;
  }
  const facts = groups.map((group) => ({ kind: 'send_frozen' as const, ...base, requests: group, stopped: [] }));
  const rest = inPieces(stopped, ENTRY_STOPPED).map((piece) => ({
    kind: 'send_frozen' as const,
    ...base,
    requests: [],
    stopped: piece,
  }));
  return [...facts, ...rest];
}
