import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { JournalStatus } from '../../shared/ports/host.ts';

/** Which entries of other laptops are shown and never count, as the host judged them. */
export type Refusals = {
  isRefused(entry: Pick<LedgerEntry, 'device' | 'seq'>): boolean;
  /** The same text for the same judgement; '' when nothing is refused. */
  readonly mark: string;
};

export const NO_REFUSALS: Refusals = { isRefused: () => false, mark: '' };

/** What the host refuses of this laptop's journal and of the chains that it lists. */
export function refusalsOf({
  device: own,
  refused: ofOwn,
  chains = [],
}: Pick<JournalStatus, 'device' | 'refused' | 'chains'>): Refusals {
  const found = [{ device: own, refused: ofOwn, refusedFrom: undefined }, ...chains]
    .map(({ device, refused = [], refusedFrom = Infinity }) => ({ device, single: new Set(refused), refusedFrom }))
    .filter(({ single, refusedFrom }) => single.size > 0 || refusedFrom < Infinity);
  if (found.length === 0) return NO_REFUSALS;
  const byDevice = new Map(found.map((one) => [one.device, one]));
  return {
    isRefused({ device, seq }) {
      const one = byDevice.get(device);
      return one !== undefined && (seq >= one.refusedFrom || one.single.has(seq));
    },
    mark: found
      .map(
        ({ device, single, refusedFrom }) =>
          `${device}:${[...single].toSorted((a, b) => a - b).join(',')}:${refusedFrom}`,
      )
      .toSorted()
      .join(';'),
  };
}
