import {
  FIRST_PREV,
  LEDGER_VERSION,
  entryId,
  entryText,
  isSignedFact,
  ledgerEntrySchema,
  type Fact,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';
import { saidText, textsOf, VEILED, veiled } from '../../../shared/domain/veil.ts';
import { sha256 } from '../disk/sha256.ts';

/** The newest entry of a chain, and whose chain it is. */
export type Head = { readonly device: string; readonly seq: number; readonly hash: string };

export type LineProblem = 'bad_line' | 'bad_hash' | 'broken_chain' | 'newer_version';

/** A sealed entry and the bytes of its line. */
export type SealedLine = { readonly entry: LedgerEntry; readonly line: Buffer };

/** The head of a chain that has no entry yet. */
export function firstHead(device: string): Head {
  return { device, seq: 0, hash: FIRST_PREV };
}

/** The head after `entry`. */
export function headOf(entry: LedgerEntry): Head {
  return { device: entry.device, seq: entry.seq, hash: entry.hash };
}

/**
 * The line an entry is kept as: its hash and id, then the very text that was hashed, so that reading it back needs no
 * second canonical writing. `more`: the entries of one append are kept all or none; every line but its last says so.
 */
function lineOf(entry: LedgerEntry, text: string, more: boolean): Buffer {
  return Buffer.from(`${lineText(entry, text, more, saidBy(entry))}\n`);
}

/** What a veil hides stands before the text that was hashed, so that it can be left out. */
function lineText({ hash, id }: LedgerEntry, text: string, more: boolean, said: string | undefined): string {
  const hidden = said === undefined ? '' : `${said.slice(1, -1)},`;
  return `{"hash":"${hash}","id":${JSON.stringify(id)},${more ? '"more":true,' : ''}${hidden}${text.slice(1)}`;
}

/** What an entry's veil is the digest of; undefined where nothing is hidden, or is not told. */
function saidBy({ fact, salt }: Pick<LedgerEntry, 'fact' | 'salt'>): string | undefined {
  return salt === undefined ? undefined : saidText(fact, salt);
}

/** What signs an entry whose place is known: the person's signature, or undefined where none is due. */
export type Sign = (draft: Omit<LedgerEntry, 'hash' | 'id'>) => string | undefined;

function withSignature(fact: Fact, sig: string | undefined): Fact {
  return sig !== undefined && isSignedFact(fact) ? { ...fact, sig } : fact;
}

/** What an entry is sealed with. `sign`: asked about each that a person signs; `salt`: given, what is said can be veiled. */
export type Sealing = { readonly sign?: Sign; readonly salt?: (fact: Fact) => string | undefined };

/** Seals facts as the entries after `head`, in order, as one append. */
export function sealFacts(
  head: Head,
  by: string,
  at: string,
  facts: readonly Fact[],
  { sign = () => undefined, salt = () => undefined }: Sealing = {},
): readonly SealedLine[] {
  let { seq, hash: prev } = head;
  return facts.map((said, index) => {
    seq += 1;
    const bare = { device: head.device, seq, at, by, v: LEDGER_VERSION, prev, fact: said };
    const fact = withSignature(said, isSignedFact(said) ? sign(bare) : undefined);
    const draft = { ...bare, fact, ...veilOf(fact, salt(said)) };
    const text = entryText(draft);
    const entry = { ...draft, id: entryId(head.device, seq), hash: sha256(text) };
    prev = entry.hash;
    return { entry, line: lineOf(entry, text, index < facts.length - 1) };
  });
}

function veilOf(fact: Fact, salt: string | undefined): Pick<LedgerEntry, 'veil' | 'salt'> {
  return salt === undefined ? {} : { veil: sha256(saidText(fact, salt)), salt };
}

/** Whether an entry is what its hashes say. */
export function isAsSealed(entry: LedgerEntry): boolean {
  return textsOf(entry)?.every(([text, digest]) => sha256(text) === digest) === true;
}

/** The line of an entry that belongs to no append any more, because others of it are lost. */
export function lineAlone(entry: LedgerEntry): Buffer {
  return lineOf(entry, entryText(entry), false);
}

/** An entry sealed earlier, if it is whole and continues `head` exactly. */
export function continueWith(head: Head, entry: LedgerEntry): SealedLine | null {
  const text = entryText(entry);
  const follows = entry.device === head.device && entry.seq === head.seq + 1 && entry.prev === head.hash;
  if (!follows || entry.id !== entryId(entry.device, entry.seq) || !isAsSealed(entry)) return null;
  return entry.v > LEDGER_VERSION ? null : { entry, line: lineOf(entry, text, false) };
}

const MORE = '"more":true,';
const LINE_START = /^\{"hash":"([0-9a-f]{64})","id":"(?:[^"\\]|\\.)*",(?:"more":true,)?/;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isNewer(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'v' in value &&
    typeof value.v === 'number' &&
    value.v > LEDGER_VERSION
  );
}

type LineReading = { entry: LedgerEntry; more: boolean } | { problem: LineProblem };

/** Reads one line (without its line feed) that is what its own hash says, wherever it stands. */
export function readAlone(line: string): LineReading {
  const value = parseJson(line);
  if (isNewer(value)) return { problem: 'newer_version' };
  const start = LINE_START.exec(line);
  if (start === null || typeof value !== 'object' || value === null) return { problem: 'bad_line' };
  const hasVeil = 'veil' in value;
  if (!hasVeil && sha256(`{${line.slice(start[0].length)}`) !== start[1]) return { problem: 'bad_hash' };
  const parsed = ledgerEntrySchema.safeParse(hasVeil && !('fact' in value) ? { ...value, fact: VEILED } : value);
  if (!parsed.success) return { problem: 'bad_line' };
  const entry = parsed.data;
  if (hasVeil) {
    // What is hashed is not the line as it stands: it is written once more, and must be the same to the byte.
    const text = entryText(entry);
    const said = saidBy(entry);
    const isSame = lineText(entry, text, start[0].endsWith(MORE), said) === line;
    const isVeiled = entry.fact.kind === VEILED.kind;
    const isSaid = said === undefined ? isVeiled : !isVeiled && sha256(said) === entry.veil;
    if (!isSame || !isSaid || sha256(text) !== entry.hash) return { problem: 'bad_hash' };
  } else if (entry.fact.kind === VEILED.kind || entry.salt !== undefined) return { problem: 'bad_line' };
  if (entry.id !== entryId(entry.device, entry.seq)) return { problem: 'broken_chain' };
  return { entry, more: start[0].endsWith(MORE) };
}

/** Reads one line (without its line feed) as the entry after `head`, or says what is wrong with it. */
export function readLine(line: string, head: Head): LineReading {
  const reading = readAlone(line);
  if ('problem' in reading) return reading;
  const { entry } = reading;
  const follows = entry.device === head.device && entry.seq === head.seq + 1 && entry.prev === head.hash;
  return follows ? reading : { problem: 'broken_chain' };
}

/**
 * The entry of a line whose bytes have been checked already (by their segment's hash, or because this process wrote
 * them). Its schema is not read a second time: what leaves the host is parsed at the boundary.
 */
export function trustedEntry(line: string): LedgerEntry {
  const { more: _more, fact, ...entry } = JSON.parse(line) as Omit<LedgerEntry, 'fact'> & { more?: true; fact?: Fact };
  return { ...entry, fact: fact ?? VEILED };
}

/** The line of an entry without what it says, where it has a veil; any other line as it is. Its bytes have been checked. */
export function veiledLine(line: string): string {
  if (!line.includes('"salt":')) return line;
  const entry = veiled(trustedEntry(line));
  return lineText(entry, entryText(entry), false, undefined);
}
