import { bookNow, itemsOfLot } from '../../shared/domain/balance.ts';
import { holdsAnything } from '../../shared/domain/batch.ts';
import { createCatalogue, type Catalogue } from '../../shared/domain/catalogue.ts';
import { skuKey } from '../../shared/domain/item.ts';
import { entryId, type EntryOf, type Fact, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { hasRole, type Person } from '../../shared/domain/person.ts';
import { ZERO } from '../../shared/domain/quantity.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import { inOrderOf, placeOf } from '../../shared/domain/ledger-state.ts';
import { FIRST_PLACE, isBefore } from '../../shared/domain/ledger-order.ts';
import { findSheet } from '../../shared/domain/stocktake.ts';
import type { SendMarks } from '../../shared/sync/outbox/open-lines.ts';
import { waitingLines } from '../../shared/sync/outbox/waiting-lines.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { createCommands } from './commands.ts';
import type { Copy } from './copy.ts';
import { firstBroken } from './chain.ts';
import type { ChainToCheck } from './check-in-worker.ts';
import { evidenceOf } from './evidence-of.ts';
import { checkedFirst } from './heal-chains.ts';
import { doubtsOf, heal, type Healed } from './heal.ts';
import type { Healing, HealProgress, Ledger, LedgerError } from './ledger.ts';
import { sealedAfter } from './in-sequence.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { mendCopy } from './mend-copy.ts';
import { nextTask } from './next-task.ts';
import { createPassViews } from './pass-views.ts';
import { openProjection, type Folding } from './projection.ts';
import { refusalsOf } from './refusals.ts';
import { renewedCopy } from './renewed-copy.ts';
import { readable, spanOf } from './rows.ts';
import { createReviewViews, type ReviewView } from './review-views.ts';
import { binsCountedBlind, isSilentAbout, maySeeBook, reviewWithout } from './see-book.ts';
import { takeChain } from './take-chain.ts';
import { createSheetViews } from './sheet-views.ts';
import { createWriter } from './writer.ts';

export type OpenOptions = {
  host: Host;
  copy: Copy;
  /** Opens the page's copy anew, when it refuses to be written. Absent: the same one is tried again. */
  reopenCopy?(): Promise<Copy>;
  journal: JournalStatus;
  /** Sequence of the journal when the page was loaded: what was sealed since is no news. Absent: all of it is. */
  since?: number;
  /** What the journal was given back before anybody had signed in. */
  mended?: readonly Healing[];
  person(): Person | undefined;
  /** Whether this laptop holds the books; one of a site that counts does not. Absent: it does. */
  holdsBooks?(): boolean;
  /** Whether there are, or may come, laptops that are not told the book. Absent: there are none. */
  tellsNames?(): boolean;
  newId(): string;
  /** Set when the last run found the page's copy damaged: every row is checked before the first screen. */
  checkAll: boolean;
  progress: HealProgress;
  /** Checks the rows of a long chain out of the way of the screens; answers as `firstBroken`. Absent: this page does it. */
  checkAside?(chain: ChainToCheck, stop: AbortSignal): Promise<number | undefined>;
};

/** Lets the page work between two pages of a check. */
const breathe = () => new Promise<void>((resolve) => setTimeout(resolve, 20));

/** A checkpoint is due after this many entries; until then a start folds them again, which takes some ten milliseconds. */
const CHECKPOINT_EVERY = 2000;
const MOVEMENTS_PAGE = 5000;

/** The chains that are held, this laptop's own first. */
function chainsOf({ device, gaps = [], chains = [] }: JournalStatus): readonly ChainToCheck[] {
  return [{ device, gaps }, ...chains.map((chain) => ({ device: chain.device, gaps: chain.gaps ?? [] }))];
}

function isMovement(entry: LedgerEntry): entry is EntryOf<'stock_changed' | 'stock_moved'> {
  return entry.fact.kind === 'stock_changed' || entry.fact.kind === 'stock_moved';
}

/** What was mended, before anybody signed in and since. What the host cannot prove is said once, and again by a page that was loaded anew. */
function toldOnce(mended: readonly Healing[], { found, journal }: Healed): readonly Healing[] {
  const doubts = new Set(doubtsOf(journal).map(({ note }) => note));
  const all = [...mended, ...found, ...doubtsOf(journal)];
  return all.filter((one, at) => !doubts.has(one.note) || all.findIndex(({ note }) => note === one.note) === at);
}

/**
 * Opens the page's ledger: journal and copy are made equal first, then the state is computed, then commands are taken.
 * Fails only when a copy cannot be read or written at all, or the journal was written by a newer Tallybook.
 * One piece: what is opened here, in this order, is what the methods below close over.
 */
export async function openLedgerOnCopy(options: OpenOptions): Promise<Result<Ledger, LedgerError>> {
  const { host, since, mended = [] } = options;
  const copy = renewedCopy(options.copy);
  const healed = await heal(host, copy, options.journal, options.checkAll, options.progress, since);
  if (!healed.ok) return healed;
  const { journal } = healed.value;
  const { device } = journal;
  let chains = chainsOf(journal);
  const projection = await openProjection(copy, device, () => undefined, refusalsOf(journal));

  const holdsBooks = (): boolean => options.holdsBooks?.() ?? true;
  const views = createSheetViews(projection.ledger, holdsBooks);
  const passes = createPassViews(projection.ledger);
  const reviews = createReviewViews(projection.ledger);
  const listeners = new Set<() => void>();
  let version = 0;
  let told = true;
  /** Facts on their way when screens were told last. */
  let toldPending = 0;
  let catalogue: Catalogue = createCatalogue([], []);
  let catalogueReady = false;
  let catalogueProblem: LedgerError | undefined;
  /** What the catalogue was made of. */
  let catalogueOf = '';
  let reloads = 0;
  let savedAt = projection.ledger().devices.get(device)?.orderedAt;
  let waiting: { of: SendMarks; lines: number } | undefined;
  let saving = false;
  let found = toldOnce(mended, healed.value);

  const closed = new AbortController();

  const seqOf = (of: string): number => projection.ledger().devices.get(of)?.seq ?? 0;

  /** How many entries there are of all chains: numbers that were lost hold none. */
  function held(): number {
    let entries = projection.ledger().entries;
    for (const chain of chains)
      for (const gap of chain.gaps) if (gap.toSeq < seqOf(chain.device)) entries -= gap.toSeq - gap.fromSeq + 1;
    return entries;
  }

  /**
   * Screens are told in a task of its own: by then whoever asked for the change has its answer, and what they show of it
   * is drawn in the same go.
   */
  function changed(): void {
    version += 1;
    if (!told) return;
    told = false;
    void nextTask().then(tell);
  }

  function tell(): void {
    if (told) return;
    told = true;
    toldPending = writer.pending();
    for (const listener of listeners) listener();
  }

  const writer = createWriter({
    host,
    insert: (entries) => copy.insert(entries),
    takeBack: (entries) => copy.takeBack(entries),
    newest: seqOf,
    mend: () =>
      mendCopy({
        host,
        copy,
        reopen: options.reopenCopy,
        device,
        newest: () => projection.ledger().devices,
      }),
    fold(entries, isHeld) {
      const folding = projection.add(entries, isHeld);
      savedAt = entries.at(-1)?.at ?? savedAt;
      // A scan is shown in the same turn; only what belongs before other laptops' entries takes longer.
      if (typeof folding !== 'string') return folding.then((how) => folded(how, entries));
      folded(folding, entries);
      return undefined;
    },
  });

  /** Tells whoever keeps something of the state what was folded. */
  function folded(how: Folding, entries: readonly LedgerEntry[]): void {
    for (const kept of [views, passes, reviews]) {
      if (how === 'anew') kept.forget();
      else kept.heard(entries);
    }
    changed();
    if (projection.sinceCheckpoint() >= CHECKPOINT_EVERY) void checkpointWhenQuiet();
  }

  /** Hand-overs are taken in one after the other. */
  let taking: Promise<unknown> = Promise.resolve();

  /**
   * Takes in what the host holds of other laptops and the copy does not, and what it judges of it. The rows are stored while
   * scans go on; they are folded all at once.
   */
  function takeChains(now: JournalStatus): Promise<Result<number, LedgerError>> {
    const next = taking.then(async (): Promise<Result<number, LedgerError>> => {
      for (const chain of now.chains ?? []) {
        const seq = seqOf(chain.device);
        if (seq >= chain.seq) continue;
        const part = { device: chain.device, from: seq + 1, to: chain.seq };
        const taken = await takeChain({ host, copy, progress: () => undefined }, part);
        if (!taken.ok) return taken;
      }
      chains = chainsOf(now);
      const added = await writer.between(() => projection.addChains(refusalsOf(now))).catch(() => undefined);
      if (added === undefined) {
        // Part of it may be folded; the rest is at the next try.
        folded('anew', []);
        return err({ code: 'not_stored', detail: 'the page’s copy cannot be read' });
      }
      const { folding, entries } = added;
      if (entries > 0 || folding === 'anew') {
        folded('anew', []);
        // Reading the lists anew takes a while, and others may say something every few seconds.
        if (catalogueOf !== catalogueNow()) await reloadCatalogue();
      }
      return ok(entries);
    });
    taking = next.catch(() => undefined);
    return next;
  }

  /** Appends. Screens heard of the entries when they were folded, and hear again only if they show more as waiting than there is. */
  async function append(facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], LedgerError>> {
    const appended = await writer.append(facts);
    if (!appended.ok || writer.problem() !== undefined || (told && toldPending !== writer.pending())) changed();
    return appended;
  }

  async function checkpointWhenQuiet(): Promise<void> {
    if (saving) return;
    saving = true;
    await writer.idle();
    // A checkpoint that cannot be written costs a longer start, nothing else.
    await projection.saveCheckpoint().catch(() => undefined);
    await writer.idle();
    await copy.tidy(breathe).catch(() => undefined);
    saving = false;
  }

  /** Counted anew only when something about sending was folded: the status line asks after every scan. */
  function waitingToSend(): number {
    const { marks } = projection.sending();
    if (waiting?.of !== marks) waiting = { of: marks, lines: waitingLines(marks) };
    return waiting.lines;
  }

  /** What a catalogue would be made of now: the lists, and what people said beside them. */
  function catalogueNow(): string {
    const { catalogue: lists, said } = projection.ledger();
    const files = [lists.get('items')?.sha256, lists.get('bins')?.sha256];
    return JSON.stringify([files, [...said].map(([key, { told }]) => [key, told])]);
  }

  async function reloadCatalogue(): Promise<void> {
    reloads += 1;
    const own = reloads;
    const of = catalogueNow();
    const loaded = await loadCatalogue(host, projection.ledger());
    // Of two that overlap the one begun last has read the newer files.
    if (own !== reloads) return;
    if (loaded.ok) catalogue = loaded.value;
    catalogueOf = loaded.ok ? of : '';
    catalogueReady = loaded.ok;
    catalogueProblem = loaded.ok ? undefined : loaded.error;
    changed();
  }

  /** A review with lines left out stays the same object until it, or the bins, are others. */
  let shown: { readonly of: ReviewView; readonly bins: string; readonly view: ReviewView } | undefined;

  function visibleReview(id: string): ReviewView | undefined {
    const of = reviews.review(id);
    if (of === undefined) return undefined;
    const hidden = countedBlind();
    const bins = [...hidden].join('\u001F');
    if (shown?.of !== of || shown.bins !== bins) shown = { of, bins, view: reviewWithout(of, hidden) };
    return shown.view;
  }

  const countedBlind = (): ReadonlySet<string> => binsCountedBlind(projection.ledger(), options.person());
  const seesBook = (bin: string): boolean => holdsBooks() && maySeeBook(projection.ledger(), options.person(), bin);

  void reloadCatalogue();
  void checkBehindTheScreen();
  // What was filled or folded anew by this start is not folded by the next one.
  if (projection.sinceCheckpoint() >= CHECKPOINT_EVERY) void checkpointWhenQuiet();

  /** Chains too long to be checked before the first screen are checked behind it, one after the other. */
  async function checkBehindTheScreen(): Promise<void> {
    if (options.checkAll) return;
    const checked = checkedFirst(journal);
    for (const chain of chainsOf(journal)) {
      const last = checked.has(chain.device) ? undefined : await copy.last(chain.device);
      if (!last) continue;
      const here = (): Promise<number | undefined> => firstBroken(copy, { ...chain, pause: breathe });
      const aside = options.checkAside?.(chain, closed.signal) ?? here();
      const broken = await aside.catch(here).catch(() => undefined);
      if (closed.signal.aborted) return;
      if (broken === undefined || broken > last.seq) continue;
      found = [...found, { from: 'journal', restored: 0, note: 'page_copy_damaged' }];
      changed();
      return;
    }
  }

  return ok({
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell,
    version: () => version,
    state: () => projection.ledger(),
    catalogue: () => catalogue,
    catalogueReady: () => catalogueReady,
    catalogueProblem: () => catalogueProblem,
    status() {
      const problem = writer.problem();
      const { observations } = projection.sending();
      const pulledAt = [...observations.values()]
        .map((seen) => seen.completeAt ?? '')
        .toSorted()
        .at(-1);
      return {
        entries: held(),
        pending: writer.pending(),
        waitingToSend: waitingToSend(),
        ...(savedAt !== undefined && { savedAt }),
        ...(pulledAt !== undefined && pulledAt !== '' && { pulledAt }),
        ...(problem !== undefined && { problem }),
      };
    },
    healing: () => found,

    stocktakes: () => [...projection.ledger().stocktakes.values()],
    sheet(place) {
      const stocktake = projection.ledger().stocktakes.get(place.stocktake);
      return stocktake && findSheet(stocktake, place.pass, place.bin);
    },
    pass: passes.pass,
    lines: views.lines,
    itemsOfLot: (lot) => itemsOfLot(projection.ledger().books, lot),
    notSeen: views.notSeen,
    batches: () => [...projection.ledger().batches.values()].filter(holdsAnything),
    review(id) {
      const { batches, stocktakes } = projection.ledger();
      const batch = batches.get(id);
      if (!batch) return err({ code: 'not_found', what: 'batch' });
      if (!holdsBooks()) return err({ code: 'no_book' });
      const person = options.person();
      if (!person || (stocktakes.get(batch.stocktake)?.blind && !hasRole(person, ['approver', 'lead'])))
        return err({ code: 'hidden', reason: 'blind' });
      const view = visibleReview(id);
      return view ? ok(view) : err({ code: 'not_found', what: 'batch' });
    },
    bookOf(item) {
      if (!holdsBooks()) return err({ code: 'no_book' });
      const rows = [...projection.ledger().books.lines.values()].filter((line) => skuKey(line.item) === skuKey(item));
      if (rows.some((line) => !seesBook(line.bin))) return err({ code: 'hidden', reason: 'blind' });
      return ok(
        rows.map((line) => ({ bin: line.bin, lot: line.lot, book: bookNow(line) })).filter((row) => row.book !== ZERO),
      );
    },
    countedBlind,
    async evidence(item) {
      const entries = await evidenceOf(copy, item, projection.ledger());
      const hidden = countedBlind();
      return entries.filter((entry) => isSilentAbout(entry, hidden)).map((entry) => ({ entry }));
    },
    movementsOf: async (item) => inOrderOf(projection.ledger(), await copy.bySubject(item)).filter(isMovement),
    async movementsAfter(entry) {
      const found: LedgerEntry[] = [];
      const own = spanOf(entry).device;
      const first = (await copy.at(entry))?.entry;
      for (const of of await copy.devices()) {
        for (let after = of === own ? entry : entryId(of, 0); ;) {
          const page = await copy.entriesAfter(after, MOVEMENTS_PAGE);
          for (const kept of readable(page)) if (isMovement(kept)) found.push(kept);
          const end = page.at(-1);
          if (!end || page.length < MOVEMENTS_PAGE) break;
          after = end.id;
        }
      }
      const state = projection.ledger();
      const from = first === undefined ? FIRST_PLACE : placeOf(state, first);
      return inOrderOf(state, found)
        .filter(isMovement)
        .filter((one) => isBefore(from, placeOf(state, one)));
    },
    sending: () => projection.sending(),

    appendFacts: append,
    takeIn: (entries) => writer.takeIn(entries),
    async catchUp() {
      const missed = await sealedAfter(host, seqOf(device), { device });
      if (!missed.ok) return missed;
      const taken = await writer.takeIn(missed.value);
      if (!taken.ok) return taken;
      const here = await host.whoIsHere({});
      if (!here.ok) return here;
      const others = await takeChains(here.value.journal);
      return others.ok ? ok(missed.value.length + others.value) : others;
    },
    takeChains,
    reloadCatalogue,
    ...createCommands({
      append,
      device,
      settled: writer.idle,
      projection,
      copy,
      reviewLines: (batch) => visibleReview(batch)?.lines ?? [],
      person: options.person,
      seesBook,
      tellsNames: () => options.tellsNames?.() ?? false,
      newId: options.newId,
      catalogue: () => catalogue,
      reloadCatalogue,
    }),
    async close() {
      closed.abort();
      await writer.idle();
      if (projection.sinceCheckpoint() > 0) await projection.saveCheckpoint().catch(() => undefined);
      await copy.close();
    },
  });
}
