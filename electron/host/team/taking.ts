import type { FactKind, FactOf, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { IsAct } from '../../../shared/team/act.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import { diskRefusal, systemCode } from '../disk/disk.ts';
import { createTurns, instantOf, type Clock } from '../disk/turns.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import type { Chains, HeldChain } from './chains.ts';
import { examine, type Examined } from './examine.ts';
import type { Forks } from './forks.ts';
import { createHeldIndex } from './held-index.ts';
import type { LaptopKey } from './laptop-key.ts';

type TakingOptions = {
  journal: Journal;
  ledger: Ledger;
  chains: Chains;
  forks: Forks;
  key: LaptopKey;
  files: CatalogueFiles;
  clock: Clock;
  log: Log;
  isAct: IsAct;
};

/** Which laptop wrote a file, and when by its own clock. */
type Made = { readonly by: string; readonly at: string };

/** What other laptops have said, examined and taken in: the one way, however it came. */
export type Taking = {
  /** Whatever examines and takes does it in turn. */
  inTurn<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Says what a file holds. Nothing is taken. */
  examine(file: Uint8Array): Promise<Result<Examined, HostError>>;
  /**
   * Takes what was examined and seals that it was heard. `quietly`: what laptops say of themselves alone is kept and not
   * told of, for two laptops that heard each other's word of having heard would never come to an end.
   */
  take(examined: Examined, made?: Made, quietly?: 'quietly'): Promise<Result<readonly LedgerEntry[], HostError>>;
  /** Keeps lists that are not here. */
  keepCatalogues(some: Examined['catalogues']): Promise<HostError | null>;
  /** Seals that everything was heard that is held. */
  hearHeld(): Promise<Result<readonly LedgerEntry[], HostError>>;
  /** The same, of what was taken quietly: the next start need not fold everything anew. */
  hearQuiet(): Promise<void>;
  /** Grows whenever something was taken. */
  taken(): number;
  /** Grows whenever something was taken that people may see. */
  news(): number;
};

/** A head or two per laptop: so many laptops fit one entry. */
const MOST_HEADS = 1_000;
/** A clock that is ahead by less is not worth a word. */
const NOTICED_MS = 60_000;

/** What a laptop says of itself: nobody waits for it. */
export const OF_ITSELF: ReadonlySet<FactKind> = new Set([
  'heard',
  'checkpoint_kept',
  'sign_in_refused',
  'tries_cleared',
] as const);

/** Examining and taking in. One closure: both share what was read of the chains. */
export function createTaking(options: TakingOptions): Taking {
  const { journal, ledger, chains, forks, key, files, clock, log } = options;
  const held = createHeldIndex({ journal, chains });
  let taken = 0;
  let news = 0;
  let hasQuiet = false;

  /** Whose clocks show a time that is still to come here: by what they have said, or by when they wrote the file. */
  function aheadOf(heads: readonly HeldChain[], made: Made | undefined): FactOf<'heard'>['ahead'] {
    const now = clock.now();
    const shown = new Map(heads.map(({ device, newestAt }) => [device, Date.parse(newestAt)]));
    const { laptops } = ledger.team().trust;
    if (made !== undefined && laptops.has(made.by) && made.by !== journal.status().device)
      shown.set(made.by, Math.max(Date.parse(made.at), shown.get(made.by) ?? 0));
    const ahead = [...shown].flatMap(([device, at]) => (at - now > NOTICED_MS ? [{ device, ms: at - now }] : []));
    return ahead.length === 0 ? undefined : ahead.slice(0, MOST_HEADS);
  }

  const heardOf = (device: string): number =>
    ledger.team().trust.heard.get(journal.status().device)?.get(device)?.seq ?? 0;

  /** What is held and was not heard yet, as the fact that says so. */
  function unheard(made?: Made): Omit<FactOf<'heard'>, 'kind'> | null {
    const all = chains.held();
    const heads = all.filter(({ device, seq }) => heardOf(device) < seq);
    if (heads.length === 0) return null;
    const at = all.map(({ orderedAt }) => orderedAt).toSorted();
    const ahead = aheadOf(heads, made);
    return {
      heads: heads.slice(0, MOST_HEADS).map(({ device, seq, hash }) => ({ device, seq, hash })),
      at: at.at(-1) ?? instantOf(clock),
      ...(ahead !== undefined && { ahead }),
    };
  }

  async function hearHeld(made?: Made): Promise<Result<readonly LedgerEntry[], HostError>> {
    const heard = unheard(made);
    return heard === null ? ok([]) : ledger.hear(heard);
  }

  async function keepCatalogues(some: Examined['catalogues']): Promise<HostError | null> {
    if (some.length > 0) news += 1;
    for (const { content } of some) {
      const begun = await files.begin();
      if (!begun.ok) return begun.error;
      const text = content.toString('utf8');
      const written = await files.append(begun.value.file, text, text.split('\n').length - 1);
      const sealed = written.ok ? await files.seal(begun.value.file) : written;
      if (!sealed.ok) {
        await files.discard(begun.value.file);
        return sealed.error;
      }
    }
    return null;
  }

  /** Whether laptops say in this nothing but what they say of themselves, and none of it was heard before. */
  function isOfThemselves({ stretches, kinds }: Examined): boolean {
    return (
      [...kinds].every((kind) => OF_ITSELF.has(kind)) && stretches.every(({ device, from }) => heardOf(device) < from)
    );
  }

  return {
    inTurn: createTurns(),
    async examine(file) {
      await journal.idle();
      const { root } = ledger.team().trust;
      const { isAct } = options;
      const asked = { journal, chains, held, root, key: key.publicKey(), hasCatalogue: files.has, isAct };
      if (asked.root === null && key.asked() === null) return err({ code: 'no_site' });
      const found = await examine(asked, file);
      // A disk that does not take it is told again with the next file.
      if (found.ok)
        await forks
          .note(found.value.forks)
          .catch((problem: unknown) => log('warn', 'forks_not_kept', { code: systemCode(problem) }));
      return found;
    },
    keepCatalogues,
    async take(examined, made, quietly) {
      const refused = journal.refusal();
      if (refused !== null) return err(refused);
      const { stretches, catalogues, report } = examined;
      const isQuiet = quietly !== undefined && isOfThemselves(examined);
      const unkept = await keepCatalogues(catalogues);
      if (unkept !== null) return err(unkept);
      const failed = await chains.take(stretches).then(
        () => null,
        (problem: unknown) => diskRefusal(problem),
      );
      taken += 1;
      // What could be kept before the disk refused is held, and is heard.
      const heard = isQuiet ? ok([]) : await hearHeld(made);
      // A chain that was damaged here and came again was heard long ago: it is folded in all the same.
      if (!isQuiet && heard.ok && heard.value.length === 0 && stretches.length > 0) await ledger.rebuild();
      if (!isQuiet) news += 1;
      hasQuiet = isQuiet;
      if (failed !== null) return err(failed);
      if (heard.ok && !isQuiet)
        log('info', 'hand_over_taken', { fresh: report.fresh, known: report.known, refused: report.refused });
      return heard;
    },
    hearHeld: () => hearHeld(),
    async hearQuiet() {
      if (hasQuiet && journal.refusal() === null) await hearHeld();
    },
    taken: () => taken,
    news: () => news,
  };
}
