import { factSchema, type Fact, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { Person } from '../../shared/domain/person.ts';
import { err, type Result } from '../../shared/domain/result.ts';
import type { HostError } from '../../shared/ports/host.ts';
import { judgeFact } from './authority-rules.ts';
import {
  checkpointText,
  marksText,
  mergeMarks,
  readCheckpoint,
  readMarks,
  writeCheckpoint,
} from './authority-checkpoint.ts';
import { applyFact, emptyState, marksOf, type AuthorityState } from './authority-state.ts';
import type { Disk } from './disk.ts';
import type { Journal, Sealed } from './journal.ts';
import type { Clock } from './turns.ts';

type Durable = Promise<Result<readonly LedgerEntry[], HostError>>;

/** The journal with the host's checks before it. */
export type Ledger = {
  /** Everything folded so far. Marks are only those loaded; ask `withMarks` first. */
  state(): AuthorityState;
  /** Loads the marks of a batch's stocktake. */
  withMarks(batch: string): Promise<void>;
  /** Facts proposed by a person through the page: checked one by one, sealed all or none, and on their way to the disk. */
  propose(person: Person, facts: readonly Fact[]): Promise<Result<Sealed, HostError>>;
  /** Facts that the host itself has made and answers for; answers once they are safe on disk. */
  record(by: string, facts: readonly Fact[]): Durable;
  /** Folds the journal anew, after entries were restored. */
  rebuild(): Promise<void>;
  /** Saves the checkpoint and closes the journal. */
  close(): Promise<void>;
};

type LedgerOptions = {
  journal: Journal;
  disk: Disk;
  profile: string;
  clock: Clock;
  hasCatalogue: (sha256: string) => boolean;
};

const PAGE = 5_000;
/** Facts that are judged by what is remembered of their stocktake. */
const NEED_MARKS: ReadonlySet<Fact['kind']> = new Set([
  'count_voided',
  'unknown_matched',
  'match_withdrawn',
  'batch_submitted',
  'lines_decided',
  'lines_posted',
]);
const ENTRY_SEQ = /-(\d{12,})$/;

/** Opens the ledger: the last checkpoint if it stands for an entry of this journal, then the entries after it. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { journal, disk, profile, clock } = options;
  let state = emptyState();
  /** Stocktakes whose saved marks are not in memory yet; what is in memory is newer than the file. */
  let unloaded = new Set<string>();
  let changed = new Set<string>();
  let isStale = false;
  let rebuilding: Promise<HostError | null> | null = null;
  /** What was folded before, while all is folded anew: nobody is a stranger meanwhile. */
  let before: AuthorityState | null = null;
  /** A segment was closed since the last checkpoint. */
  let isDue = false;
  let saving: Promise<void> | null = null;

  function stocktakeOf(fact: Fact): string | undefined {
    if ('stocktake' in fact) return fact.stocktake;
    const batch = 'batch' in fact && fact.kind !== 'send_frozen' ? fact.batch : undefined;
    return batch === undefined ? undefined : state.batches.get(batch)?.stocktake;
  }

  function fold(entry: LedgerEntry): void {
    const stocktake = stocktakeOf(entry.fact);
    applyFact(state, entry.fact, entry);
    if (stocktake !== undefined && state.marks.has(stocktake)) changed.add(stocktake);
  }

  /** Why the journal could not be read to its end, or null. */
  async function replay(fromSeq: number, tail: readonly LedgerEntry[]): Promise<HostError | null> {
    const [first] = tail;
    let next: number | undefined = fromSeq;
    while (next !== undefined) {
      const from: number = next;
      if (first !== undefined && from >= first.seq) {
        for (const entry of tail.slice(from - first.seq)) fold(entry);
        return null;
      }
      const page = await journal.read(from, PAGE);
      // What stands behind damage is not this journal's any more: then what was read is all there is.
      if (!page.ok) return page.error.code === 'journal_incomplete' ? null : page.error;
      for (const entry of page.value.entries) fold(entry);
      next = page.value.nextSeq;
    }
    return null;
  }

  async function isOfThisJournal(head: { seq: number; hash: string }, tail: readonly LedgerEntry[]): Promise<boolean> {
    if (head.seq === 0 || head.seq > journal.head().seq) return false;
    if (head.seq === journal.head().seq) return head.hash === journal.head().hash;
    const [first] = tail;
    if (first?.seq === head.seq + 1) return first.prev === head.hash;
    const found = first !== undefined && head.seq >= first.seq ? tail[head.seq - first.seq] : undefined;
    if (found !== undefined) return found.hash === head.hash;
    const page = await journal.read(head.seq, 1);
    return page.ok && page.value.entries[0]?.hash === head.hash;
  }

  async function load(isTrusting: boolean): Promise<HostError | null> {
    const tail = journal.takeTail();
    const checkpoint = isTrusting ? await readCheckpoint(disk, profile) : null;
    const isGood = checkpoint !== null && (await isOfThisJournal(checkpoint.head, tail));
    state = isGood ? checkpoint.state : emptyState();
    unloaded = new Set(isGood ? checkpoint.marked : []);
    changed = new Set();
    return replay(isGood ? checkpoint.head.seq + 1 : 1, tail);
  }

  /** Only what the journal holds durably counts: a refused write is forgotten by folding again. */
  function rebuild(isTrusting: boolean): Promise<HostError | null> {
    rebuilding ??= (async () => {
      try {
        await journal.idle();
        isStale = false;
        before ??= state;
        const refused = await load(isTrusting);
        // A state that stands for a part of the journal would judge by a part of it: the one before stays, to be read only.
        if (refused !== null) isStale = true;
        else before = null;
        return refused;
      } finally {
        rebuilding = null;
      }
    })();
    return rebuilding;
  }

  function isSettled(): boolean {
    return !isStale && rebuilding === null;
  }

  /** Once the state stands for exactly what was sealed; nothing may be sealed before. Refuses while the journal cannot be read. */
  async function settled(): Promise<HostError | null> {
    while (!isSettled()) {
      const refused = await rebuild(true);
      if (refused !== null) return refused;
    }
    return null;
  }

  async function loadMarks(stocktake: string): Promise<void> {
    if (!unloaded.has(stocktake)) return;
    const saved = await readMarks(disk, profile, stocktake);
    if (!unloaded.has(stocktake)) return;
    if (saved === null) {
      await rebuild(false);
      return;
    }
    const newer = state.marks.get(stocktake);
    state.marks.set(stocktake, newer === undefined ? saved : mergeMarks(saved, newer));
    unloaded.delete(stocktake);
  }

  async function withMarks(batch: string): Promise<void> {
    await settled();
    const stocktake = state.batches.get(batch)?.stocktake;
    if (stocktake !== undefined) await loadMarks(stocktake);
  }

  /** The entries that voids among the facts name. */
  async function findTargets(facts: readonly Fact[]): Promise<ReadonlyMap<string, LedgerEntry>> {
    const targets = new Map<string, LedgerEntry>();
    for (const fact of facts) {
      const id =
        fact.kind === 'count_voided' ? fact.voids : fact.kind === 'match_withdrawn' ? fact.withdraws : undefined;
      if (id === undefined) continue;
      const seq = Number(ENTRY_SEQ.exec(id)?.[1] ?? 0);
      const page = seq > 0 ? await journal.read(seq, 1) : undefined;
      const entry = page?.ok === true ? page.value.entries[0] : undefined;
      if (entry?.id === id) targets.set(entry.id, entry);
    }
    return targets;
  }

  /** A stocktake whose marks are needed to judge the facts and are not in memory. */
  function missingMarks(facts: readonly Fact[]): string | undefined {
    for (const fact of facts) {
      if (!NEED_MARKS.has(fact.kind)) continue;
      const stocktake = stocktakeOf(fact);
      if (stocktake !== undefined && unloaded.has(stocktake)) return stocktake;
    }
    return undefined;
  }

  function seal(by: string, facts: readonly Fact[]): Result<Sealed, HostError> {
    const sealing = journal.seal(by, facts);
    if (!sealing.ok) return sealing;
    // Folded at once, so that what is proposed before the sync is done is judged by it; a refusal folds all anew.
    for (const entry of sealing.value.entries) fold(entry);
    return sealing;
  }

  async function saveCheckpoint(): Promise<void> {
    for (const stocktake of changed) await loadMarks(stocktake);
    const head = journal.head();
    // Taken at an instant when nothing is on its way, so that it stands for exactly this entry.
    if (isStale || rebuilding !== null || journal.sealedSeq() !== head.seq || head.seq === 0) return;
    if ([...changed].some((stocktake) => unloaded.has(stocktake))) return;
    isDue = false;
    const saved = [...changed];
    changed = new Set();
    const text = checkpointText({ head, state, marked: [...new Set([...unloaded, ...state.marks.keys()])] });
    const marks = new Map(saved.map((stocktake) => [stocktake, marksText(stocktake, marksOf(state, stocktake))]));
    try {
      await writeCheckpoint(disk, profile, text, marks);
    } catch {
      // Without a checkpoint the next start folds more entries; nothing else is lost.
      for (const stocktake of saved) changed.add(stocktake);
    }
  }

  function saveSoon(): void {
    saving ??= saveCheckpoint().finally(() => {
      saving = null;
    });
  }

  journal.listen({
    onTakenBack: () => {
      isStale = true;
    },
    async onCommitted(rolled) {
      isDue ||= rolled;
      if (isDue) saveSoon();
    },
  });
  isStale = (await load(true)) !== null;

  return {
    state: () => before ?? state,
    withMarks,
    async propose(person, facts) {
      const targets = await findTargets(facts);
      for (;;) {
        const refused = await settled();
        if (refused !== null) return err(refused);
        const stocktake = missingMarks(facts);
        if (stocktake !== undefined) await loadMarks(stocktake);
        else if (isSettled()) break;
      }
      const draft = emptyState();
      const judgement = {
        layers: [draft, state],
        person,
        nowMs: clock.now(),
        targets,
        hasCatalogue: options.hasCatalogue,
      };
      for (const fact of facts) {
        const refused = judgeFact(judgement, fact);
        if (refused !== null) return err(refused);
        applyFact(draft, fact, { by: person.id, at: '', seq: 0 }, state);
      }
      return seal(person.id, facts);
    },
    async record(by, facts) {
      const parsed = facts.map((fact) => factSchema.parse(fact));
      const refused = await settled();
      if (refused !== null) return err(refused);
      const sealed = seal(by, parsed);
      return sealed.ok ? sealed.value.synced : sealed;
    },
    async rebuild() {
      await rebuild(true);
    },
    async close() {
      await journal.idle();
      await saving;
      if (!isStale) await saveCheckpoint();
      await journal.close();
    },
  };
}
