import type { FactOf, LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../shared/domain/ledger-state.ts';
import type { Stocktake } from '../../shared/domain/stocktake.ts';
import { unfoundedNow } from '../../shared/domain/unfounded.ts';
import { shortDigest, type EvidenceEnd, type EvidenceStart } from '../../shared/team/evidence.ts';
import type { ClaimRefusal, Trust } from '../../shared/team/trust.ts';
import type { Verdict } from '../host/authority/union.ts';
import type { ChainInFile } from './read-evidence.ts';

/**
 * What of sending an auditor asks for, by batch: lines that were frozen to be sent, and those that arrived, each once however
 * often it was sent.
 */
export type Sent = Map<string, { readonly lines: Set<string>; readonly arrived: Set<string> }>;

/** All that a whole file says. */
export type Told = {
  readonly start: EvidenceStart;
  readonly end: EvidenceEnd;
  readonly chains: readonly ChainInFile[];
  readonly trust: Trust;
  readonly verdict: Verdict;
  readonly state: LedgerState;
  readonly people: ReadonlyMap<
    string,
    { readonly name: string; readonly roles: readonly string[]; readonly active: boolean }
  >;
  readonly sent: Sent;
  /** Laptops that had heard another history of one than stands here. */
  readonly apart: readonly { readonly by: string; readonly of: string; readonly seq: number }[];
};

const REFUSED: Readonly<Record<ClaimRefusal, string>> = {
  not_enrolled: 'the laptop was not enrolled',
  revoked: 'the laptop was shut out',
  second_site: 'it founds a second site',
  laptop_may_not: 'the laptop only counts',
  unknown_person: 'nobody knows the person',
  role_missing: 'the person had no role for it',
  last_admin: 'it would leave no admin',
  not_signed: 'the person did not sign it',
  older_version: 'it claims to be older than what came before it',
  not_the_holder: 'another laptop held the connection',
};

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Folds what an entry says about sending; `requests`: to which batch each belongs. */
export function foldSent(sent: Sent, requests: Map<string, string>, { fact }: LedgerEntry): void {
  if (fact.kind === 'send_frozen') {
    const known = sent.get(fact.batch) ?? { lines: new Set(), arrived: new Set() };
    sent.set(fact.batch, known);
    for (const { id, lines } of fact.requests) {
      requests.set(id, fact.batch);
      for (const { ref } of lines) known.lines.add(`${fact.connection} ${ref}`);
    }
  }
  if (fact.kind !== 'send_settled' && fact.kind !== 'doubt_settled') return;
  const known = sent.get(requests.get(fact.request) ?? '');
  for (const ref of arrivedBy(fact)) known?.arrived.add(`${fact.connection} ${ref}`);
}

function arrivedBy(fact: FactOf<'send_settled'> | FactOf<'doubt_settled'>): readonly string[] {
  if (fact.kind === 'doubt_settled') return fact.arrived;
  if (fact.outcome.state === 'confirmed') return fact.outcome.receipts.map(({ ref }) => ref);
  return fact.outcome.state === 'split' ? fact.outcome.arrived : [];
}

/** How often each says something, as words, the most often first. */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .toSorted(([, left], [, right]) => right - left)
    .map(([word, count]) => `${count} ${word}`)
    .join(', ');
}

function stocktakeLines(stocktake: Stocktake, { state, sent, people }: Told): string[] {
  const nameOf = (person: string): string => people.get(person)?.name ?? person;
  const sheets = [...stocktake.sheets.values()];
  const looked = new Set(sheets.filter(({ people: who }) => who.size > 0).map(({ bin }) => bin));
  const lines = sheets.flatMap((sheet) => [...sheet.lines.values()].filter(({ observations }) => observations > 0));
  const decided = sheets.flatMap(({ decisions }) => [...decisions.values()]);
  const posted = sheets.flatMap(({ posted: some }) => [...some.values()]);
  const reversed = posted.flatMap(({ reversed: back }) => back ?? []);
  const batches = [...state.batches.values()].filter((batch) => batch.stocktake === stocktake.id);
  const sending = batches.flatMap(({ id }) => sent.get(id) ?? []);
  const frozen = sending.reduce((sum, { lines: some }) => sum + some.size, 0);
  const arrived = sending.reduce((sum, { arrived: some }) => sum + some.size, 0);
  const ownCounts = sheets.flatMap((sheet) =>
    [...sheet.posted].filter(([key, { by }]) => {
      const who = sheets.flatMap(({ lines: some }) => [...(some.get(key)?.by.keys() ?? [])]);
      const decidedBy = sheet.decisions.get(key)?.by;
      return who.includes(by) || (decidedBy !== undefined && who.includes(decidedBy));
    }),
  ).length;
  const counters = new Set(sheets.flatMap(({ people: who }) => [...who].map(nameOf)));
  return [
    `  ${stocktake.name}${stocktake.blind ? ' (blind)' : ''}, opened ${stocktake.at} by ${nameOf(stocktake.by)}`,
    `    bins: ${stocktake.bins.length} to count, ${looked.size} looked at by ${[...counters].join(', ') || 'nobody'}`,
    `    lines: ${lines.length} counted`,
    `    decided: ${tally(decided.map(({ decision, by }) => `${decision} by ${nameOf(by)}`)) || 'nothing'}`,
    `    posted: ${tally(posted.map(({ by }) => `by ${nameOf(by)}`)) || 'nothing'}`,
    ...(reversed.length > 0 ? [`    reversed: ${tally(reversed.map(({ by }) => `by ${nameOf(by)}`))}`] : []),
    `    sent: ${frozen === 0 ? 'nothing' : `${plural(frozen, 'line')}, ${plural(arrived, 'receipt')}`}`,
    ...(ownCounts > 0
      ? [
          `    LOOK: ${plural(ownCounts, 'posted line was', 'posted lines were')} decided or posted by somebody who counted it`,
        ]
      : []),
  ];
}

function laptopLines({ start, chains, trust, verdict }: Told): string[] {
  return chains.flatMap(({ device, to, gaps = [] }) => {
    const laptop = trust.laptops.get(device);
    const name = laptop?.name ?? (device === start.from.laptop ? start.from.name : device);
    const revokedAt = laptop?.revokedAt;
    const refused = [...(verdict.refused.get(device)?.values() ?? [])];
    const from = verdict.from.get(device);
    return [
      `  ${name} (${device}): ${laptop?.role ?? 'works alone'}, entries 1 to ${to}, ${laptop === undefined ? 'not signed' : 'signed'}`,
      ...(gaps.length > 0
        ? [`    ${plural(gaps.length, 'loss', 'losses')} of numbers declared by the laptop itself`]
        : []),
      ...(revokedAt === undefined ? [] : [`    shut out: nothing after entry ${revokedAt} counts`]),
      ...(refused.length === 0 ? [] : [`    do not count: ${tally(refused.map((why) => `because ${REFUSED[why]}`))}`]),
      ...(from === undefined ? [] : [`    nothing from entry ${from} on counts: too much that it may not say`]),
    ];
  });
}

/** The report on a whole file, line by line, in plain words. Texts of the file come as they are: whoever prints them cleans them. */
export function reportOf(told: Told): string[] {
  const { start, end, chains, trust, people, state, apart } = told;
  const { site, from, by, madeAt } = start;
  const nameOf = (laptop: string): string => trust.laptops.get(laptop)?.name ?? laptop;
  const stocktake = start.stocktake === null ? undefined : state.stocktakes.get(start.stocktake);
  const unfounded = unfoundedNow(state).length;
  return [
    `Tallybook evidence, saved ${madeAt} by ${by.name} on ${from.name} (Tallybook ${start.app})`,
    site === null ? 'No site: this laptop worked alone' : `Site: ${trust.name} (${site.id.slice(0, 16)})`,
    ...(start.stocktake === null ? [] : [`Saved for the stocktake: ${stocktake?.name ?? start.stocktake}`]),
    '',
    'Laptops',
    ...laptopLines(told),
    ...start.forks.map(
      ({ laptop, fromSeq }) => `  LOOK: two histories of ${nameOf(laptop)} were met, from entry ${fromSeq} on`,
    ),
    ...apart.map(({ by: who, of, seq }) => `  LOOK: ${nameOf(who)} had heard another entry ${seq} of ${nameOf(of)}`),
    ...start.missing.map(
      ({ laptop, fromSeq, toSeq }) =>
        `  LOOK: entries ${fromSeq} to ${toSeq} of ${nameOf(laptop)} were not on the laptop that saved this`,
    ),
    '',
    'People',
    ...[...people.values()].map(
      ({ name, roles, active }) => `  ${name}: ${roles.join(', ')}${active ? '' : ' (not active)'}`,
    ),
    '',
    'Stocktakes',
    ...[...state.stocktakes.values()].flatMap((one) => stocktakeLines(one, told)),
    ...(unfounded > 0
      ? [`  LOOK: ${plural(unfounded, 'posted line stands', 'posted lines stand')} on no count that counts`]
      : []),
    '',
    `Digest: ${shortDigest(end.sha256)}`,
    `        ${end.sha256}`,
    ...(site === null
      ? [
          'Nothing here is signed. That this is the file that was saved is proven only if its digest',
          'is the one that was written down when it was saved.',
        ]
      : ['Compare it with what was written down when the file was saved.']),
    '',
    `whole: ${plural(end.entries, 'entry', 'entries')} of ${plural(chains.length, 'laptop')}, no byte was changed`,
  ];
}
