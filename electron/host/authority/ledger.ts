import {
  factSchema,
  isSignedFact,
  SIGNED,
  WRITERS,
  type Fact,
  type FactOf,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { ENGINE } from '../../../shared/domain/person.ts';
import type { HostError, Mended } from '../../../shared/ports/host.ts';
import { actText, type IsAct } from '../../../shared/team/act.ts';
import {
  asItStands,
  emptyTrust,
  falls,
  foldTrust,
  keyOn,
  mayWrite,
  type Reader,
  type Trust,
} from '../../../shared/team/trust.ts';
import { isToldAs } from '../../../shared/team/lanes.ts';
import { judgeFact, roleRefusal } from './rules.ts';
import {
  checkpointText,
  marksText,
  mergeMarks,
  readCheckpoint,
  readMarks,
  writeCheckpoint,
  type Checkpoint,
} from './checkpoint.ts';
import { applyFact, emptyState, marksOf, type AuthorityState, type Place } from './state.ts';
import type { Disk } from '../disk/disk.ts';
import { createFigures, figuresOfNow, needFigures, type Known } from './figures.ts';
import { foldBehind } from './late.ts';
import { sha256 } from '../disk/sha256.ts';
import type { Journal, Sealed } from '../journal/journal.ts';
import type { Head, Sign } from '../journal/line.ts';
import type { Signer } from './session.ts';
import { emptyVerdict, foldUnion, isRefused, NO_CHAINS, weigh, type ForeignChains, type Verdict } from './union.ts';
import type { Clock } from '../disk/turns.ts';

/** What signs a fact; null: nothing does. */
export type SignerOfFact = (fact: Fact) => Signer | null;
type Durable = Promise<Result<readonly LedgerEntry[], HostError>>;

/** The journal with the host's checks before it. */
export type Ledger = {
  /** Everything folded so far. Marks are only those loaded; ask `withMarks` first. */
  state(): AuthorityState;
  /** Loads the marks of a batch's stocktake. */
  withMarks(batch: string): Promise<void>;
  /** Facts proposed by a person through the page: checked one by one, sealed all or none, and on their way to the disk. */
  propose(person: Person, facts: readonly Fact[]): Promise<Result<Sealed, HostError>>;
  /**
   * Facts that the host itself has made and answers for; answers once they are safe on disk. `signers`: what signs each, in
   * the place of the person who is signed in.
   */
  record(by: string, facts: readonly Fact[], signers?: SignerOfFact): Durable;
  /** Books and counts as the journal has them now, worked out by nobody but the host. */
  figuresNow(): Promise<Result<Known, HostError>>;
  /** Whether a checkpoint lay in the profile when it was opened, good or bad. */
  hadCheckpoint(): boolean;
  /** The site, and which entries never count. */
  team(): { readonly trust: Trust; readonly verdict: Verdict };
  /** Seals that other laptops' entries were taken in, and folds everything anew with them. */
  hear(heard: Omit<FactOf<'heard'>, 'kind'>): Durable;
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
  /** What is held of other laptops; none unless given. */
  chains?: ForeignChains;
  /** Whether an entry carries a person's signature; none does unless given. */
  isAct?: IsAct;
  /** What somebody signs with who is signed in; null: nothing is open. */
  signerOf?: (person: string) => Signer | null;
  /** Why facts may not be sealed on this laptop, asked at the moment of sealing: another one sends. */
  refusal?: (facts: readonly Fact[]) => HostError | null;
  /** Told when what was kept beside the journal could not be believed and was worked out anew. */
  onMended?: (mended: Mended) => void;
};

const PAGE = 5_000;
/** Facts of counting: in a first pass nothing that is remembered of their stocktake decides about them. */
const WITHOUT_MARKS: ReadonlySet<Fact['kind']> = new Set([
  'bin_opened',
  'counted',
  'serial_repeated',
  'unknown_scanned',
  'unknown_noted',
  'bin_confirmed_empty',
  'bin_skipped',
  'bin_finished',
]);
const ENTRY_ID = /^([^]*)-(\d{12,})$/;
/** What another laptop keeps for itself: who enters there, and what it sends. */
const NOT_FROM_OTHERS: ReadonlySet<Fact['kind']> = new Set([
  'pin_set',
  'sign_in_refused',
  'tries_cleared',
  'checkpoint_kept',
  'send_frozen',
  'send_attempted',
  'send_settled',
  'doubt_settled',
  'file_job_started',
]);
/** What counts of another laptop only where it supervises. */
const FROM_SUPERVISORS: ReadonlySet<Fact['kind']> = new Set(['recovery_code_set', 'pin_lengths_set']);

/** All that is replaced when everything is folded anew. `folded`: newest entries of other laptops that are in it. */
type Folded = {
  readonly state: AuthorityState;
  readonly trust: Trust;
  readonly verdict: Verdict;
  readonly folded: readonly Head[];
};
type Replayed = { readonly isVouched: boolean; readonly refused: HostError | null };

/**
 * Opens the ledger: the last checkpoint if it stands for an entry of this journal, then the entries after it. One closure:
 * folding, judging, sealing and the checkpoint share one state, which a refused write replaces under all of them at once.
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { journal, disk, profile, clock, chains = NO_CHAINS, onMended = () => undefined } = options;
  let state = emptyState();
  let trust = emptyTrust(null);
  let verdict = emptyVerdict();
  /** Newest entries of other laptops that are folded in. */
  let folded: readonly Head[] = [];
  const self = () => journal.status().device;
  const { isAct = () => false, signerOf = () => null } = options;
  const reader = (): Reader => ({ self: self(), isAct });
  /** Digests of the files of marks, as the last checkpoint names them. */
  let marked = new Map<string, string>();
  /** Stocktakes whose saved marks are not in memory yet; what is in memory is newer than the file. */
  let unloaded = new Set<string>();
  /** Entries folded since the checkpoint on disk, its own vouching aside. */
  let sinceKept = 0;
  let hadCheckpoint = false;
  let changed = new Set<string>();
  let isStale = false;
  let rebuilding: Promise<HostError | null> | null = null;
  /** What was folded before, while all is folded anew: nobody is a stranger meanwhile. */
  let before: Folded | null = null;
  /** Something was heard, or given back, that the figures do not have yet. */
  let hasNews = false;
  /** How often the figures were forgotten. */
  let forgotten = 0;
  /** A segment was closed since the last checkpoint. */
  let isDue = false;
  let saving: Promise<void> | null = null;
  const figures = createFigures(journal, chains, counts);

  /** Whether an entry was judged by now, and counts. */
  function counts(entry: LedgerEntry): boolean {
    const known = before ?? { verdict, folded };
    const { device, seq } = entry;
    if (isRefused(known.verdict, entry)) return false;
    return device === self() || known.folded.some((head) => head.device === device && head.seq >= seq);
  }

  function forgetFigures(): void {
    forgotten += 1;
    figures.forget();
  }

  function stocktakeOf(fact: Fact): string | undefined {
    if ('stocktake' in fact) return fact.stocktake;
    if (fact.kind === 'lines_reversed') return state.batches.get(fact.reverses)?.stocktake;
    const batch = 'batch' in fact && fact.kind !== 'send_frozen' ? fact.batch : undefined;
    return batch === undefined ? undefined : state.batches.get(batch)?.stocktake;
  }

  /** An entry that this host has sealed itself just now, and judged before. */
  function fold(entry: LedgerEntry): void {
    falls(trust, entry);
    foldTrust(trust, entry);
    apply(entry, entry, trust);
  }

  /** An entry of the journal: on a laptop of a site it is judged by it, as every other laptop judges it. */
  function foldOwn(entry: LedgerEntry): void {
    if (weigh(trust, verdict, entry, reader())) apply(entry, entry, trust);
  }

  /** An entry of another laptop that counts. */
  function foldForeign(entry: LedgerEntry, known: Trust): void {
    const { kind } = entry.fact;
    if (NOT_FROM_OTHERS.has(kind)) return;
    if (FROM_SUPERVISORS.has(kind) && known.laptops.get(entry.device)?.role === 'counting') return;
    apply(entry, { by: entry.by, at: entry.at, seq: entry.seq, id: entry.id, isForeign: true }, known);
  }

  function apply(entry: LedgerEntry, place: Place, known: Trust): void {
    const stocktake = stocktakeOf(entry.fact);
    const fact = entry.fact.kind === 'person_changed' ? asItStands(known, entry, entry.fact) : entry.fact;
    applyFact(state, fact, place);
    if (entry.fact.kind !== 'checkpoint_kept') sinceKept += 1;
    if (stocktake !== undefined && state.marks.has(stocktake)) changed.add(stocktake);
  }

  /** Folds entries from `fromSeq` on: whether one of them vouches for a checkpoint of this digest, and why they could not be read to the end. */
  async function replay(fromSeq: number, tail: readonly LedgerEntry[], digest?: string): Promise<Replayed> {
    const [first] = tail;
    let isVouched = false;
    const take = (entries: readonly LedgerEntry[]): void => {
      for (const entry of entries) {
        isVouched ||= entry.fact.kind === 'checkpoint_kept' && entry.fact.digest === digest;
        foldOwn(entry);
      }
    };
    let next: number | undefined = fromSeq;
    while (next !== undefined) {
      const from: number = next;
      if (first !== undefined && from >= first.seq) {
        take(tail.slice(from - first.seq));
        return { isVouched, refused: null };
      }
      const page = await journal.read(from, PAGE);
      // What stands behind damage is not this journal's any more: then what was read is all there is.
      if (!page.ok) return { isVouched, refused: page.error.code === 'journal_incomplete' ? null : page.error };
      take(page.value.entries);
      next = page.value.nextSeq;
    }
    return { isVouched, refused: null };
  }

  /** Folds the own journal and all chains from the beginning, in ledger order. */
  async function replayUnion(): Promise<HostError | null> {
    const device = self();
    const all = await foldUnion(
      { journal, chains, self: device, isAct },
      {
        begin: () => begin(null),
        take: (entry, known) => (entry.device === device ? apply(entry, entry, known) : foldForeign(entry, known)),
      },
    );
    if (!all.ok) return all.error;
    ({ trust, verdict } = all.value);
    folded = [...all.value.heads.values()].filter((head) => head.device !== device);
    return null;
  }

  /** Folds in what was taken of other laptops, where it may come behind all others; false: all has to be folded anew. */
  async function foldNews(): Promise<boolean> {
    const of = state;
    const isSame = (): boolean => of === state && isSettled();
    const isDone = await foldBehind({ chains, trust, verdict, folded }, (entry) => {
      if (!isSame()) return false;
      if (weigh(trust, verdict, entry, reader())) foldForeign(entry, trust);
      return true;
    });
    if (!isDone || !isSame()) return false;
    folded = chains.heads().map(({ device, seq, hash }) => ({ device, seq, hash }));
    return true;
  }

  /** Whether other laptops' entries are folded in exactly as far as they are held, and were heard. */
  function isUpToDate(known: readonly Head[], by: Trust): boolean {
    const held = chains.heads();
    const heard = by.heard.get(self());
    return (
      held.length === known.length &&
      held.every(
        ({ device, seq, hash }) =>
          known.some((head) => head.device === device && head.seq === seq && head.hash === hash) &&
          (heard?.get(device)?.seq ?? 0) >= seq,
      )
    );
  }

  /** Whether a laptop was shut out since as of an entry behind which something of it was counted. */
  function isBelievedTooFar(): boolean {
    return chains.heads().some(({ device, seq }) => {
      const upTo = trust.revoked.get(device) ?? seq;
      return upTo < seq && !(isRefused(verdict, { device, seq: upTo + 1 }) && isRefused(verdict, { device, seq }));
    });
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

  function begin(checkpoint: Checkpoint | null): void {
    state = checkpoint?.state ?? emptyState();
    trust = checkpoint?.team.trust ?? emptyTrust(chains.root());
    verdict = checkpoint?.team.verdict ?? emptyVerdict();
    folded = checkpoint?.team.chains ?? [];
    marked = new Map(checkpoint?.marked);
    unloaded = new Set(marked.keys());
    changed = new Set();
    sinceKept = 0;
  }

  /**
   * The last checkpoint counts only if an entry after it vouches for the file's digest: entries are chained, a file is
   * anybody's. Those entries are folded anyway, so an honest checkpoint costs nothing more; any other is forgotten.
   */
  async function load(isTrusting: boolean, isFirst = false): Promise<HostError | null> {
    const tail = journal.takeTail();
    const kept = isTrusting ? await readCheckpoint(disk, profile) : 'absent';
    hadCheckpoint ||= kept !== 'absent';
    const isOfNow = typeof kept === 'object' && isUpToDate(kept.checkpoint.team.chains, kept.checkpoint.team.trust);
    if (typeof kept === 'object' && isOfNow && (await isOfThisJournal(kept.checkpoint.head, tail))) {
      begin(kept.checkpoint);
      const { isVouched, refused } = await replay(kept.checkpoint.head.seq + 1, tail, kept.digest);
      if (isVouched && !isBelievedTooFar()) return refused;
      begin(null);
      if (refused !== null) return refused;
    }
    begin(null);
    const refused = chains.heads().length > 0 ? await replayUnion() : (await replay(1, tail)).refused;
    // Where no checkpoint was ever vouched for there was none to lose: an earlier version's is worth nothing.
    // One that stands for fewer entries of other laptops, or was left by the app before this one, is only older.
    const isOlder = kept === 'older' || (typeof kept === 'object' && !isOfNow);
    const isNews = isFirst && journal.refusal() === null && state.access.isKept && !isOlder;
    if (isNews) onMended({ file: 'checkpoint', what: 'healed' });
    return refused;
  }

  /** Only what the journal holds durably counts: a refused write is forgotten by folding again. */
  function rebuild(isTrusting: boolean): Promise<HostError | null> {
    rebuilding ??= (async () => {
      try {
        await journal.idle();
        isStale = false;
        before ??= { state, trust, verdict, folded };
        const refused = await load(isTrusting);
        // A state that stands for a part of the journal would judge by a part of it: the one before stays, to be read only.
        if (refused !== null) isStale = true;
        else before = null;
        // Forgotten before anybody goes on who waited for this.
        if (refused === null && hasNews) {
          hasNews = false;
          forgetFigures();
        }
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
    const saved = await readMarks(disk, profile, { stocktake, digest: marked.get(stocktake) ?? '' });
    if (!unloaded.has(stocktake)) return;
    if (saved === null) {
      onMended({ file: 'checkpoint', what: 'healed' });
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
      const [, device = '', digits = '0'] = ENTRY_ID.exec(id) ?? [];
      const seq = Number(digits);
      if (seq < 1) continue;
      const page = await (device === self() ? journal.read(seq, 1) : chains.read(device, seq, 1));
      const entry = page.ok ? page.value.entries[0] : undefined;
      if (entry?.id === id) targets.set(entry.id, entry);
    }
    return targets;
  }

  /** What a later pass may count is asked of the decisions about the pass before. */
  function needsMarks(fact: Fact): boolean {
    return !WITHOUT_MARKS.has(fact.kind) || ('pass' in fact && fact.pass > 1);
  }

  /** A stocktake whose marks are needed to judge the facts and are not in memory. */
  function missingMarks(facts: readonly Fact[]): string | undefined {
    for (const fact of facts) {
      if (!needsMarks(fact)) continue;
      const stocktake = stocktakeOf(fact);
      if (stocktake !== undefined && unloaded.has(stocktake)) return stocktake;
    }
    return undefined;
  }

  function seal(by: string, facts: readonly Fact[], sign?: Sign): Result<Sealed, HostError> {
    const sealing = journal.seal(by, facts, { sign, isOpen: isToldAs(trust.laptops.get(self())?.role) });
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
    if (!isUpToDate(folded, trust)) return;
    if ([...changed].some((stocktake) => unloaded.has(stocktake))) return;
    isDue = false;
    if (sinceKept === 0) return;
    const saved = [...changed];
    // Marks folded anew have no file yet, whether they changed or not.
    const unkept = [...state.marks.keys()].filter((stocktake) => !marked.has(stocktake));
    const marks = new Map(
      [...new Set([...saved, ...unkept])].map((stocktake) => [
        stocktake,
        marksText(stocktake, marksOf(state, stocktake)),
      ]),
    );
    const nowMarked = new Map(marked);
    for (const [stocktake, text] of marks) nowMarked.set(stocktake, sha256(text));
    const text = checkpointText({
      head,
      team: { chains: folded, trust, verdict },
      state,
      marked: nowMarked,
    });
    const before = { marked, sinceKept };
    [changed, marked, sinceKept] = [new Set(), nowMarked, 0];
    // The journal vouches first: what it has not vouched for is never read.
    const sealing = seal(ENGINE, [{ kind: 'checkpoint_kept', digest: sha256(text) }]);
    try {
      if (!sealing.ok || !(await sealing.value.synced).ok) throw new Error('not vouched for');
      await writeCheckpoint(disk, profile, { state: text, marks, marked: nowMarked });
    } catch {
      // Without a checkpoint the next start folds more entries; nothing else is lost.
      // A fold from anew meanwhile has begun its own account.
      if (marked !== nowMarked) return;
      for (const stocktake of saved) changed.add(stocktake);
      marked = before.marked;
      sinceKept += before.sinceKept;
    }
  }

  function saveSoon(): void {
    saving ??= saveCheckpoint().finally(() => {
      saving = null;
    });
  }

  /** Whether every reader wants somebody's own signature on a fact. The first key on an older PIN has none before it. */
  function mustSign(by: string, fact: Fact): boolean {
    const isFirst = fact.kind === 'person_key_added' && fact.person === by && keyOn(trust, self(), by)?.begins === true;
    return SIGNED.has(fact.kind) && !isFirst;
  }

  /** What signs facts of somebody; nothing where none has to be signed, refused where what they sign with is not open. */
  function signing(by: string, facts: readonly Fact[], signer: Signer | null): Result<Sign | undefined, HostError> {
    const { root, laptops } = trust;
    const isSigned = by !== ENGINE && laptops.get(self())?.role === 'supervising';
    if (root === null || !isSigned || !facts.some((fact) => mustSign(by, fact))) return ok(undefined);
    if (signer === null || signer.key !== keyOn(trust, self(), by)?.key) return err({ code: 'cannot_sign' });
    return ok(signingWith(() => signer));
  }

  /** On a laptop that works alone nothing is signed. */
  function signingWith(signers: SignerOfFact): Sign | undefined {
    const { root } = trust;
    return root === null ? undefined : (draft) => signers(draft.fact)?.sign(actText(root.id, draft));
  }

  /** Why this laptop may not write facts, whoever is there. */
  function laptopRefusal(facts: readonly Fact[]): HostError | null {
    const role = trust.laptops.get(self())?.role;
    const stray = role === undefined ? undefined : facts.find(({ kind }) => !mayWrite(role, kind));
    return stray === undefined ? null : { code: 'laptop_may_not', kind: stray.kind };
  }

  /** Why somebody may not write facts any more: while they waited it may have been heard that they have left. */
  function writerRefusal(by: string, facts: readonly Fact[]): HostError | null {
    const person = state.people.get(by);
    if (person === undefined) return null;
    if (!person.active) return { code: 'not_signed_in' };
    const theirs = facts.filter(({ kind }) => !WRITERS[kind].includes('engine'));
    return theirs.map(({ kind }) => roleRefusal(person, kind)).find((refused) => refused !== null) ?? null;
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
  isStale = (await load(true, true)) !== null;

  return {
    state: () => before?.state ?? state,
    hadCheckpoint: () => hadCheckpoint,
    withMarks,
    team: () => before ?? { trust, verdict },
    async propose(person, facts) {
      // Signed out meanwhile, they have said it all the same.
      const signer = signerOf(person.id);
      const forged = facts.find((fact) => isSignedFact(fact) && fact.sig !== undefined);
      if (forged !== undefined) return err({ code: 'bad_request', reason: 'the host signs, and nobody else' });
      const targets = await findTargets(facts);
      /** What was forgotten when the figures were folded. */
      let foldedAt = -1;
      for (;;) {
        const refused = await settled();
        if (refused !== null) return err(refused);
        const stocktake = missingMarks(facts);
        if (stocktake !== undefined) await loadMarks(stocktake);
        else if (needFigures(facts) && foldedAt !== forgotten) {
          foldedAt = forgotten;
          const folded = await figuresOfNow(figures, journal);
          if (!folded.ok) return folded;
        } else if (isSettled()) break;
      }
      const denied = laptopRefusal(facts) ?? writerRefusal(person.id, facts);
      if (denied !== null) return err(denied);
      const draft = emptyState();
      const judgement = {
        layers: [draft, state],
        person,
        device: self(),
        nowMs: clock.now(),
        targets,
        hasCatalogue: options.hasCatalogue,
      };
      for (const fact of facts) {
        const refused = judgeFact(judgement, fact);
        if (refused !== null) return err(refused);
        applyFact(draft, fact, { by: person.id, at: '', seq: 0 }, state);
      }
      const unlike = figures.judge(facts);
      if (unlike !== null) return err(unlike);
      const elsewhere = options.refusal?.(facts) ?? null;
      if (elsewhere !== null) return err(elsewhere);
      const signed = signing(person.id, facts, signer);
      return signed.ok ? seal(person.id, facts, signed.value) : signed;
    },
    async record(by, facts, signers) {
      const signer = signerOf(by);
      const parsed = facts.map((fact) => factSchema.parse(fact));
      const refused = await settled();
      const denied = refused ?? laptopRefusal(parsed) ?? writerRefusal(by, parsed) ?? options.refusal?.(parsed) ?? null;
      if (denied !== null) return err(denied);
      const signed = signers === undefined ? signing(by, parsed, signer) : ok(signingWith(signers));
      if (!signed.ok) return signed;
      const sealed = seal(by, parsed, signed.value);
      return sealed.ok ? sealed.value.synced : sealed;
    },
    async figuresNow() {
      const folded = await figuresOfNow(figures, journal);
      return folded.ok ? ok(figures.known()) : folded;
    },
    async hear(heard) {
      const refused = await settled();
      if (refused !== null) return err(refused);
      hasNews = true;
      const isFolded = await foldNews();
      const sealed = seal(ENGINE, [factSchema.parse({ kind: 'heard', ...heard })]);
      if (isFolded) {
        hasNews = false;
        forgetFigures();
        return sealed.ok ? sealed.value.synced : sealed;
      }
      // Whether it could be sealed or not: what was taken in is held, and counts. At once, so that nothing is sealed behind it
      // that was judged by what was known before.
      isStale = true;
      const safe = sealed.ok ? await sealed.value.synced : sealed;
      await rebuild(false);
      return safe;
    },
    async rebuild() {
      hasNews = true;
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
