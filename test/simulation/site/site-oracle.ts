import { WRITERS, type FactKind, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { ENGINE, type Role } from '../../../shared/domain/person.ts';
import type { LedgerState } from '../../../shared/domain/ledger-state.ts';
import type { Sheet } from '../../../shared/domain/stocktake.ts';
import { stepsOf } from '../steps.ts';

/** What may be said at a laptop that counts. */
const AT_A_SHELF: ReadonlySet<FactKind> = new Set([
  'stock_moved',
  'bin_opened',
  'counted',
  'serial_repeated',
  'unknown_scanned',
  'unknown_noted',
  'unknown_matched',
  'unknown_proposed',
  'match_withdrawn',
  'count_voided',
  'bin_confirmed_empty',
  'bin_skipped',
  'bin_finished',
  'batch_submitted',
]);
const OF_ITSELF: ReadonlySet<FactKind> = new Set(['heard', 'checkpoint_kept']);

type Said = { readonly entry: LedgerEntry; readonly at: string };
type PersonThen = { readonly device: string; readonly seq: number; readonly roles: readonly Role[] };
type Line = {
  /** Sum of what was counted and stands, in steps; undefined: nothing stands. */
  counted: number | undefined;
  decision: string | undefined;
  posted: number | undefined;
  /** The batch under which it was taken back. */
  reversed: string | undefined;
};
/** `posting`: its entry, item and bin. */
type Post = {
  readonly posting: string;
  readonly batch: string;
  readonly name: string;
  readonly anchor: string;
  readonly counted: number;
};
type Movement = { readonly at: number; readonly steps: number };

/** What an oracle with an order, a judge and an arithmetic of its own makes of all entries. */
export type SiteTruth = {
  /** Ids of entries that must not count. */
  readonly refused: ReadonlySet<string>;
  readonly lines: ReadonlyMap<string, Line>;
  readonly batches: ReadonlySet<string>;
  /** Postings that stand: entry, item and bin. */
  readonly posted: ReadonlySet<string>;
  /** By posting that stands: counted less the book just before, in steps, as known once everything is; absent: as posted. */
  readonly variances: ReadonlyMap<string, number>;
  /** Reversals that stand: by entry, item and bin the batch under which the line stood. */
  readonly reversed: ReadonlyMap<string, string>;
  /** Items and bins of which a posting, and what is taken back, stand at another entry than they say. */
  readonly unsure: ReadonlySet<string>;
  /** Postings that stand on nothing that counts: entry, item and bin. */
  readonly unfounded: ReadonlySet<string>;
  /** Book by item and bin, in steps; absent: what it stands at was taken back. */
  readonly books: ReadonlyMap<string, number>;
  /** What somebody decided or posted though their laptop knew that they had counted it. */
  readonly ownCounts: readonly string[];
};

/** All entries in the order of the ledger: no chain goes back in time, and nothing stands before what its laptop had heard. */
function inOrder(chains: Iterable<readonly LedgerEntry[]>): Said[] {
  const all: Said[] = [];
  for (const chain of chains) {
    let at = '';
    for (const entry of chain) {
      if (entry.at > at) ({ at } = entry);
      if (entry.fact.kind === 'heard') {
        const behind = new Date(Date.parse(entry.fact.at) + 1).toISOString();
        if (behind > at) at = behind;
      }
      all.push({ entry, at });
    }
  }
  const before = (left: Said, right: Said) =>
    left.at < right.at ||
    (left.at === right.at &&
      (left.entry.device < right.entry.device ||
        (left.entry.device === right.entry.device && left.entry.seq < right.entry.seq)));
  return all.toSorted((left, right) => (before(left, right) ? -1 : 1));
}

/** Who may not be believed, by rules written down once more. */
function refusedOf(all: readonly Said[]): ReadonlySet<string> {
  const founding = all.find(({ entry }) => entry.fact.kind === 'site_created')?.entry;
  if (founding === undefined) return new Set();
  // Whoever was shut out is shut out from the start: what they said since stands nowhere, wherever it comes in.
  let shut = new Map<string, number>();
  for (;;) {
    const next = new Map(shut);
    const refused = new Set<string>();
    const roles = new Map([[founding.device, 'supervising']]);
    const people = new Map<string, PersonThen[]>();
    const heard = new Map<string, number>();
    const knows = (device: string, one: PersonThen) =>
      one.device === device || (heard.get(`${device} ${one.device}`) ?? 0) >= one.seq;
    for (const { entry } of all) {
      const { device, seq, by, fact } = entry;
      const isBefore = device === founding.device && seq <= founding.seq;
      const role = roles.get(device);
      const isShut = seq > (shut.get(device) ?? Infinity);
      const mayLaptop = role === 'supervising' || AT_A_SHELF.has(fact.kind) || OF_ITSELF.has(fact.kind);
      const holds = (one: PersonThen | undefined) => one?.roles.some((held) => WRITERS[fact.kind].includes(held));
      const said = people.get(by) ?? [];
      const then = said.findLast((one) => knows(device, one));
      const now = AT_A_SHELF.has(fact.kind) ? then : said.at(-1);
      // What goes again by itself is frozen by nobody.
      const isAgain = fact.kind === 'send_frozen' && by === ENGINE;
      const mayPerson =
        isAgain || WRITERS[fact.kind].includes('engine') || (holds(then) === true && holds(now) === true);
      if (!isBefore && (role === undefined || isShut || !mayLaptop || !mayPerson)) {
        refused.add(entry.id);
        continue;
      }
      if (fact.kind === 'laptop_enrolled') roles.set(fact.laptop, fact.role);
      if (fact.kind === 'laptop_revoked') next.set(fact.laptop, Math.min(fact.seq, next.get(fact.laptop) ?? Infinity));
      if (fact.kind === 'heard') for (const head of fact.heads) heard.set(`${device} ${head.device}`, head.seq);
      if (fact.kind === 'person_changed')
        people.set(fact.person, [
          ...(people.get(fact.person) ?? []),
          { device, seq, roles: fact.active ? fact.roles : [] },
        ]);
    }
    if ([...next].every(([device, seq]) => shut.get(device) === seq)) return refused;
    shut = next;
  }
}

export function lineName(stocktake: string, pass: number, bin: string, item: string): string {
  return `${stocktake} ${pass} ${bin} ${item}`;
}

/** Works out what must be so once all entries are known. One piece: each kind of fact is a few lines over the same figures. */
export function truthOf(chains: Iterable<readonly LedgerEntry[]>): SiteTruth {
  const all = inOrder(chains);
  const refused = refusedOf(all);
  const good = all.map(({ entry }) => entry).filter(({ id }) => !refused.has(id));
  const places = new Map(good.map(({ id }, at) => [id, at]));
  const voided = new Set(good.flatMap(({ fact }) => (fact.kind === 'count_voided' ? [fact.voids] : [])));
  const lines = new Map<string, Line>();
  const batches = new Map<string, { stocktake: string; pass: number }>();
  const posts = new Map<string, Post[]>();
  const movements = new Map<string, Movement[]>();
  const ownCounts: string[] = [];
  const posted = new Set<string>();
  const reversed = new Map<string, string>();
  const unsure = new Set<string>();
  const unfounded = new Set<string>();
  /** Lines, and sheets that were said to be empty, of which anybody who is believed said how much is there. */
  const stated = new Set<string>();
  /** By laptop: what it had heard of each other. */
  const heard = new Map<string, Map<string, number>>();
  /** Who counted what, taken back or not. */
  const counts: { entry: LedgerEntry; line: string }[] = [];
  const approvals = new Map<string, LedgerEntry[]>();

  const lineOf = (name: string): Line => {
    const known = lines.get(name) ?? {
      counted: undefined,
      decision: undefined,
      posted: undefined,
      reversed: undefined,
    };
    lines.set(name, known);
    return known;
  };
  const moved = (item: string, bin: string, at: number, steps: number) => {
    const key = `${item} ${bin}`;
    movements.set(key, [...(movements.get(key) ?? []), { at, steps }]);
  };
  /** Whether a laptop knew of an entry when it said another. */
  const knows = ({ device, seq }: LedgerEntry, other: LedgerEntry) =>
    other.device === device ? other.seq < seq : other.seq <= (heard.get(device)?.get(other.device) ?? 0);
  /** Whether somebody had counted a line, as far as a laptop knew. */
  const hasCounted = (person: string, line: string, by: LedgerEntry) =>
    counts.some(
      ({ entry, line: other }) =>
        entry.by === person && (other === line || line.startsWith(`${other} `)) && knows(by, entry),
    );
  /** Sheets of which anybody said anything that counts: what is decided of others is about nothing. */
  const sheets = new Set<string>();
  const shelfOf = (stocktake: string, bin: string, item = '') => `${stocktake} ${bin}${item === '' ? '' : ` ${item}`}`;

  for (const [at, entry] of good.entries()) {
    const { fact, device, by } = entry;
    if ('stocktake' in fact && 'pass' in fact && 'bin' in fact)
      sheets.add(`${fact.stocktake} ${fact.pass} ${fact.bin}`);
    switch (fact.kind) {
      case 'heard': {
        const known = heard.get(device) ?? new Map<string, number>();
        heard.set(device, known);
        for (const head of fact.heads) known.set(head.device, Math.max(head.seq, known.get(head.device) ?? 0));
        break;
      }
      case 'counted': {
        counts.push({ entry, line: shelfOf(fact.stocktake, fact.bin, fact.item) });
        stated.add(lineName(fact.stocktake, fact.pass, fact.bin, fact.item));
        if (voided.has(entry.id)) break;
        const line = lineOf(lineName(fact.stocktake, fact.pass, fact.bin, fact.item));
        line.counted = (line.counted ?? 0) + stepsOf(fact.quantity);
        break;
      }
      case 'bin_confirmed_empty':
        counts.push({ entry, line: shelfOf(fact.stocktake, fact.bin) });
        stated.add(`${fact.stocktake} ${fact.pass} ${fact.bin}`);
        break;
      case 'stock_changed':
        moved(fact.item, fact.bin, at, stepsOf(fact.quantity));
        break;
      case 'stock_moved':
        moved(fact.item, fact.from, at, -stepsOf(fact.quantity));
        moved(fact.item, fact.to, at, stepsOf(fact.quantity));
        break;
      case 'batch_submitted':
        batches.set(fact.batch, fact);
        break;
      case 'lines_decided': {
        const batch = batches.get(fact.batch);
        if (batch === undefined) break;
        for (const { bin, item } of fact.lines) {
          if (!sheets.has(`${batch.stocktake} ${batch.pass} ${bin}`)) continue;
          const name = lineName(batch.stocktake, batch.pass, bin, item);
          const line = lineOf(name);
          if (line.posted === undefined) line.decision = fact.decision === 'undecided' ? undefined : fact.decision;
          if (fact.decision !== 'approve' || fact.undoes !== undefined) continue;
          approvals.set(name, [...(approvals.get(name) ?? []), entry]);
          const shelf = shelfOf(batch.stocktake, bin, item);
          if (hasCounted(by, shelf, entry)) ownCounts.push(`${by} approved ${name} (${entry.id})`);
        }
        break;
      }
      case 'lines_posted': {
        const batch = batches.get(fact.batch);
        for (const { bin, item, counted, anchor } of fact.lines) {
          if (batch === undefined) {
            unfounded.add(`${entry.id} ${item} ${bin}`);
            continue;
          }
          const name = lineName(batch.stocktake, batch.pass, bin, item);
          const line = lineOf(name);
          const shelf = shelfOf(batch.stocktake, bin, item);
          // Whose approval stands, as far as is known where it is posted.
          const approver = approvals.get(name)?.findLast((one) => knows(entry, one))?.by;
          for (const person of [by, approver ?? by])
            if (hasCounted(person, shelf, entry)) ownCounts.push(`${person} let ${name} be posted (${entry.id})`);
          // Where only somebody who was shut out had counted it, nothing is left that could be posted.
          const isStated = stated.has(name) || stated.has(`${batch.stocktake} ${batch.pass} ${bin}`);
          if (!isStated) unfounded.add(`${entry.id} ${item} ${bin}`);
          if (line.posted !== undefined || !isStated) continue;
          line.posted = stepsOf(counted);
          posted.add(`${entry.id} ${item} ${bin}`);
          const key = `${item} ${bin}`;
          const posting = `${entry.id} ${item} ${bin}`;
          const post = { posting, batch: fact.batch, name, anchor, counted: stepsOf(counted) };
          posts.set(key, [...(posts.get(key) ?? []), post]);
          // A posting whose anchor was taken back stands at another: that is the ledger's own matter.
          if (voided.has(anchor) || !places.has(anchor)) unsure.add(key);
        }
        break;
      }
      case 'lines_reversed': {
        const batch = batches.get(fact.reverses);
        if (batch === undefined) break;
        batches.set(fact.batch, batch);
        for (const { bin, item } of fact.lines) {
          const name = lineName(batch.stocktake, batch.pass, bin, item);
          const line = lineOf(name);
          const key = `${item} ${bin}`;
          const shelf = shelfOf(batch.stocktake, bin, item);
          if (hasCounted(by, shelf, entry)) ownCounts.push(`${by} took ${name} back (${entry.id})`);
          const known = posts.get(key) ?? [];
          const own = known.find((post) => post.name === name);
          if (own === undefined || line.reversed !== undefined) continue;
          // What was counted later, and posted before this, stands.
          if (known.some(({ anchor }) => (places.get(anchor) ?? 0) > (places.get(own.anchor) ?? 0))) continue;
          line.reversed = fact.batch;
          reversed.set(`${entry.id} ${item} ${bin}`, own.batch);
          const rest = known.filter((post) => post !== own);
          posts.set(key, rest);
        }
        break;
      }
      default:
        break;
    }
  }

  const books = new Map<string, number>();
  const variances = new Map<string, number>();
  for (const key of new Set([...movements.keys(), ...posts.keys()])) {
    const known = posts.get(key) ?? [];
    const all = movements.get(key) ?? [];
    const sumAfter = (place: number) => all.filter(({ at }) => at > place).reduce((sum, { steps }) => sum + steps, 0);
    if (known.some(({ anchor }) => !places.has(anchor))) continue;
    // What was posted of an earlier count is in the book of a later one, also where nobody there had heard of it.
    let book = 0;
    let place = -1;
    const placeOf = ({ anchor }: Post) => places.get(anchor) ?? 0;
    for (const post of known.toSorted((left, right) => placeOf(left) - placeOf(right))) {
      variances.set(post.posting, post.counted - (book + sumAfter(place) - sumAfter(placeOf(post))));
      book = post.counted;
      place = placeOf(post);
    }
    if (!unsure.has(key)) books.set(key, book + sumAfter(place));
  }
  return {
    refused,
    lines,
    batches: new Set(batches.keys()),
    posted,
    variances,
    reversed,
    unsure,
    unfounded,
    books,
    ownCounts,
  };
}

function sheetAt({ stocktakes }: LedgerState, name: string): { sheet: Sheet | undefined; item: string } {
  const [stocktake = '', pass = '', bin = '', item = ''] = name.split(' ');
  const sheets = [...(stocktakes.get(stocktake)?.sheets.values() ?? [])];
  return { sheet: sheets.find((one) => one.bin === bin && one.pass === Number(pass)), item };
}

/** What a laptop's state says other than it must: one sentence each. */
export function unlike(truth: SiteTruth, state: LedgerState): string[] {
  const found: string[] = [];
  for (const [name, { counted, decision, posted, reversed }] of truth.lines) {
    const { sheet, item } = sheetAt(state, name);
    const line = [...(sheet?.lines.values() ?? [])].find((one) => one.item === item);
    if (counted !== undefined && line?.counted !== BigInt(counted))
      found.push(`${name} was counted ${counted / 100_000}, and says ${String(line?.counted ?? 'nothing')}`);
    const decided = [...(sheet?.decisions ?? [])].find(([key]) => keyNames(key, item))?.[1].decision;
    if (decided !== decision) found.push(`${name} was decided ${decision ?? 'not'}, and says ${decided ?? 'nothing'}`);
    const stands = [...(sheet?.posted ?? [])].find(([key]) => keyNames(key, item))?.[1].counted;
    if (stands !== (posted === undefined ? undefined : BigInt(posted)))
      found.push(`${name} was posted at ${posted ?? 'nothing'}, and says ${String(stands ?? 'nothing')}`);
    const gone = [...(sheet?.posted ?? [])].find(([key]) => keyNames(key, item))?.[1].reversed?.batch;
    if (gone !== reversed && !truth.unsure.has(`${item} ${sheet?.bin ?? ''}`))
      found.push(`${name} was taken back under ${reversed ?? 'nothing'}, and says ${gone ?? 'nothing'}`);
  }
  for (const sheetOf of state.stocktakes.values())
    for (const sheet of sheetOf.sheets.values())
      for (const line of sheet.lines.values()) {
        const known = truth.lines.get(lineName(sheetOf.id, sheet.pass, sheet.bin, line.item));
        if (line.counted !== 0n && known?.counted === undefined)
          found.push(
            `${sheetOf.id} ${sheet.pass} ${sheet.bin} ${line.item} says ${String(line.counted)}, nobody counted it`,
          );
      }
  for (const batch of truth.batches) if (!state.batches.has(batch)) found.push(`batch ${batch} is unheard`);
  const named = new Set([...state.unfounded.values()].map(({ entry, item, bin }) => `${entry} ${item} ${bin}`));
  for (const one of truth.unfounded) if (!named.has(one)) found.push(`${one} was posted and stands on nothing, unsaid`);
  for (const one of named)
    if (!truth.unfounded.has(one)) found.push(`${one} is said to stand on nothing, and does not`);
  for (const [key, steps] of truth.books) {
    const [item, bin] = key.split(' ');
    const line = [...state.books.lines.values()].find((one) => one.item === item && one.bin === bin);
    const last = line?.counts.at(-1);
    const book =
      line === undefined ? 0n : last === undefined ? line.moved : last.counted + line.moved - last.movedBefore;
    if (book !== BigInt(steps)) found.push(`the book of ${key} is ${steps / 100_000}, and says ${String(book)}`);
  }
  return found;
}

function keyNames(key: string, item: string): boolean {
  return key.startsWith(`${item}\u001F`);
}
