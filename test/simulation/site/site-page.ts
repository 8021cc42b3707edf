import type { LedgerEntry, Fact } from '../../../shared/domain/ledger-entry.ts';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import type { LedgerState } from '../../../shared/domain/ledger-state.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import type { ReviewLine } from '../../../shared/domain/variance.ts';
import type { JournalStatus, Host } from '../../../shared/ports/host.ts';
import { createCommands } from '../../../renderer/ledger/commands.ts';
import type { Copy } from '../../../renderer/ledger/copy.ts';
import { sealedAfter } from '../../../renderer/ledger/in-sequence.ts';
import type { LedgerError } from '../../../renderer/ledger/ledger.ts';
import { openProjection } from '../../../renderer/ledger/projection.ts';
import { refusalsOf } from '../../../renderer/ledger/refusals.ts';
import { createReviewViews } from '../../../renderer/ledger/review-views.ts';
import { binsCountedBlind, maySeeBook, reviewWithout } from '../../../renderer/ledger/see-book.ts';
import type { SendingState } from '../../../renderer/ledger/sending-state.ts';
import { takeChain } from '../../../renderer/ledger/take-chain.ts';
import { createWriter } from '../../../renderer/ledger/writer.ts';
import { createMemoryCopy } from './memory-copy.ts';
import type { SiteHost } from './site-host.ts';
import type { SiteMutant } from './site-mutants.ts';

/** One run of a page: the production writer, projection and commands, over a copy in memory. */
export type SitePage = {
  readonly commands: ReturnType<typeof createCommands>;
  readonly copy: Copy;
  state(): LedgerState;
  sending(): SendingState;
  /** The lines of a batch as the person who is there sees them. */
  review(batch: string): readonly ReviewLine[];
  append(facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], LedgerError>>;
  takeIn(entries: readonly LedgerEntry[]): Promise<Result<null, LedgerError>>;
  /** Takes in what the host took from others. */
  takeChains(status: JournalStatus): Promise<Result<number, LedgerError>>;
  /** Takes in everything that the host holds and the page does not. */
  catchUp(): Promise<Result<number, LedgerError>>;
};

export type SitePageParts = {
  readonly host: SiteHost;
  readonly device: string;
  readonly newId: () => string;
  readonly mutant: SiteMutant | undefined;
};

/** Fills a copy from the host and computes the state. One closure around the copy and what is computed from it. */
export async function openSitePage({ host, device, newId, mutant }: SitePageParts): Promise<SitePage> {
  const made = createMemoryCopy();
  const copy = mutant?.copy?.(made) ?? made;
  // The page asks for these procedures and no others.
  const calls = host.calls as unknown as Host;
  const parts = { host: calls, copy, progress: () => undefined };
  const begun = host.status();
  for (const { device: of, seq, isOwn } of [
    { device, seq: begun.seq, isOwn: true },
    ...(begun.chains ?? []).map((chain) => ({ ...chain, isOwn: false })),
  ])
    await takeChain(parts, { from: 1, to: seq, ...(!isOwn && { device: of }) });
  const projection = await openProjection(copy, device, () => undefined, refusalsOf(begun));
  const newest = (of: string): number => projection.ledger().devices.get(of)?.seq ?? 0;
  const writer = createWriter({
    host: calls,
    insert: (entries) => copy.insert(entries),
    takeBack: (entries) => copy.takeBack(entries),
    newest,
    mend: async () => ok(null),
    fold(entries, isHeld) {
      const folding = projection.add(entries, isHeld);
      return typeof folding === 'string' ? undefined : folding.then(() => undefined);
    },
  });
  const person = () => host.session.current() ?? undefined;

  function review(batch: string): readonly ReviewLine[] {
    const view = createReviewViews(projection.ledger).review(batch);
    return view === undefined ? [] : reviewWithout(view, binsCountedBlind(projection.ledger(), person())).lines;
  }

  async function takeChains(status: JournalStatus): Promise<Result<number, LedgerError>> {
    for (const chain of status.chains ?? []) {
      const seq = newest(chain.device);
      if (seq >= chain.seq) continue;
      const taken = await takeChain(parts, { device: chain.device, from: seq + 1, to: chain.seq });
      if (!taken.ok) return taken;
    }
    const added = await writer.between(() => projection.addChains(refusalsOf(status)));
    return ok(added.entries);
  }

  return {
    copy,
    state: projection.ledger,
    sending: projection.sending,
    review,
    append: writer.append,
    takeIn: writer.takeIn,
    takeChains,
    async catchUp() {
      const missed = await sealedAfter(calls, newest(device), { device });
      if (!missed.ok) return missed;
      const taken = await writer.takeIn(missed.value);
      if (!taken.ok) return taken;
      return takeChains(host.status());
    },
    commands: createCommands({
      append: writer.append,
      device,
      settled: writer.idle,
      projection,
      copy,
      reviewLines: review,
      person,
      seesBook: (bin) => maySeeBook(projection.ledger(), person(), bin),
      tellsNames: () => true,
      newId,
      catalogue: () => createCatalogue([], []),
      reloadCatalogue: async () => undefined,
    }),
  };
}
