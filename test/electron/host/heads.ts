import type { JournalStatus } from '../../../shared/ports/host.ts';

/** The newest entry of every chain that a laptop holds, its own among them, by laptop. */
export function headsIn({ device, seq, hash, chains = [] }: JournalStatus): Record<string, string> {
  return Object.fromEntries(
    [{ device, seq, hash }, ...chains]
      .map((one) => [one.device, `${one.seq} ${one.hash}`] as const)
      .toSorted(([left], [right]) => (left < right ? -1 : 1)),
  );
}
