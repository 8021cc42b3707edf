import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { type Scanner, scannerSchema } from '../../shared/domain/scanner.ts';

/** The scanners that were set up on this laptop. Kept in localStorage: losing them costs a scan of the test card each. */
export type Scanners = {
  scanners: readonly Scanner[];
  keep: (scanner: Scanner) => void;
  forget: (id: string) => void;
};

export const useScanners = create<Scanners>()(
  persist(
    (set) => ({
      scanners: [],
      keep: (scanner) =>
        set(({ scanners }) => ({ scanners: [...scanners.filter(({ id }) => id !== scanner.id), scanner] })),
      forget: (id) => set(({ scanners }) => ({ scanners: scanners.filter((one) => one.id !== id) })),
    }),
    {
      name: 'tallybook-scanners',
      version: 1,
      partialize: ({ scanners }) => ({ scanners }),
      // What is not what we wrote is left out: a scanner is set up again in a minute.
      merge: (stored, current) => ({ ...current, scanners: readScanners(stored) }),
    },
  ),
);

function readScanners(stored: unknown): readonly Scanner[] {
  const list = typeof stored === 'object' && stored !== null && 'scanners' in stored ? stored.scanners : [];
  return (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    const read = scannerSchema.safeParse(one);
    return read.success ? [read.data] : [];
  });
}

/** The scanners in use, asked for at each key. */
export function learnedScanners(): readonly Scanner[] {
  return useScanners.getState().scanners;
}
