import { ok } from '../../../shared/domain/result.ts';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Host, JournalStatus } from '../../../shared/ports/host.ts';
import { createHistory, minute } from '../../shared/domain/history.ts';
import type { Between } from './page.ts';

/** What a host holds of other laptops, and may hold more of while it runs. */
export type HeldChains = {
  /** What the others say; `at` in minutes, see `minute`. */
  say(device: string, at: number, fact: Fact, by?: string): LedgerEntry;
  of(device: string): readonly LedgerEntry[];
  devices(): readonly string[];
  /** Entries up to here are held; absent: all that was said. */
  upTo: Map<string, number>;
  refused: Map<string, { refused?: number[]; refusedFrom?: number }>;
  /** Chains that the host does not list any more. */
  gone: Set<string>;
  list(): NonNullable<JournalStatus['chains']>;
  /** A host that holds them beside its journal. */
  between: Between;
};

/** The minute of an instant, as histories name it. */
export function minuteOf(instant: number): number {
  return (instant - Date.parse(minute(0))) / 60_000;
}

/** Chains of other laptops, sealed as laptops seal, behind the host's own contract. */
export function heldChains(): HeldChains {
  const history = createHistory();
  const upTo = new Map<string, number>();
  const refused: HeldChains['refused'] = new Map();
  const gone = new Set<string>();
  const of = (device: string): LedgerEntry[] =>
    history.entries.filter((entry) => entry.device === device && entry.seq <= (upTo.get(device) ?? Infinity));
  const devices = (): string[] => [...new Set(history.entries.map((entry) => entry.device))].toSorted();
  const list = (): NonNullable<JournalStatus['chains']> =>
    devices().flatMap((device) => {
      const end = gone.has(device) ? undefined : of(device).at(-1);
      return end ? [{ device, seq: end.seq, hash: end.hash, ...refused.get(device) }] : [];
    });
  function withChains(host: Host): Host {
    return {
      ...host,
      async start(input) {
        const here = await host.start(input);
        return here.ok ? ok({ ...here.value, journal: { ...here.value.journal, chains: list() } }) : here;
      },
      async whoIsHere(input) {
        const here = await host.whoIsHere(input);
        return here.ok ? ok({ ...here.value, journal: { ...here.value.journal, chains: list() } }) : here;
      },
      async readJournal({ device, ...input }) {
        if (device === undefined) return host.readJournal(input);
        const entries = of(device).filter(({ seq }) => seq >= input.fromSeq);
        const page = entries.slice(0, input.limit);
        const next = entries[input.limit]?.seq;
        return ok({ entries: page, ...(next !== undefined && { nextSeq: next }) });
      },
    };
  }
  return {
    say: (device, at, fact, by = 'ben') => history.say(at, fact, { device, by }),
    of,
    devices,
    upTo,
    refused,
    gone,
    list,
    between: { host: withChains },
  };
}
