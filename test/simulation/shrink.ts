import { FAULT_KINDS, type FaultKind } from './faults.ts';
import { runSeed, type SeedOptions, type SeedReport } from './run-seed.ts';

/** Switches faults off one by one for as long as the same rule is broken. `live`: what a seed is lived through by. */
export async function shrink(
  seed: number,
  options: SeedOptions,
  live: (seed: number, options: SeedOptions) => Promise<SeedReport> = runSeed,
): Promise<{ off: ReadonlySet<FaultKind>; report: SeedReport } | null> {
  let off = new Set(options.off);
  let report = await live(seed, { ...options, off });
  const rule = report.violations[0]?.rule;
  if (rule === undefined) return null;
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false;
    for (const kind of FAULT_KINDS) {
      if (off.has(kind)) continue;
      const less = new Set([...off, kind]);
      const shorter = await live(seed, { ...options, off: less });
      if (shorter.violations[0]?.rule !== rule) continue;
      off = less;
      report = shorter;
      isSmaller = true;
    }
  }
  return { off, report };
}
