import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  LEDGER_VERSION,
  entryId,
  entryText,
  type Fact,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';
import { catalogueLine, chainLine, startLine, type HandOverChain } from '../../../shared/team/hand-over.ts';
import { actText } from '../../../shared/team/act.ts';
import { headText } from '../../../shared/team/head.ts';
import { openKeptText } from '../../../electron/host/disk/kept-file.ts';
import { sha256 } from '../../../electron/host/disk/sha256.ts';
import { lineAlone, readAlone } from '../../../electron/host/journal/line.ts';
import { signText } from '../../../electron/host/secrets/ed25519.ts';
import { openText, stretchSecret } from '../../../electron/host/secrets/secret-key.ts';
import { packLines, unpackLines } from '../../../electron/host/team/hand-over-file.ts';
import { testKeyring } from './bench.ts';
import { PIN } from './crew.ts';
import type { Laptop } from './team-rig.ts';

/** A chain of a file, taken apart. */
export type OpenChain = HandOverChain & { entriesOf: LedgerEntry[] };
export type OpenFile = { start: Parameters<typeof startLine>[0]; chains: OpenChain[] };

/** A file taken apart, so that it can be put together otherwise. */
export async function openFile(file: Uint8Array): Promise<OpenFile> {
  let start: OpenFile['start'] | undefined;
  const chains: OpenChain[] = [];
  const refused = await unpackLines(file, (piece, text) => {
    if (piece.is === 'start') start = piece.start;
    if (piece.is === 'chain') chains.push({ ...piece.chain, entriesOf: [] });
    const read = piece.is === 'entry' ? readAlone(text) : undefined;
    if (read !== undefined && 'entry' in read) chains.at(-1)?.entriesOf.push(read.entry);
    return null;
  });
  if (refused !== null || start === undefined) throw new Error(refused ?? 'no start');
  return { start, chains };
}

/** A file of what the parts say, whole, whatever they say. */
export async function closeFile({ start, chains }: OpenFile, catalogues: readonly string[] = []): Promise<Buffer> {
  async function* lines(): AsyncGenerator<string | Uint8Array> {
    yield startLine(start);
    for (const { entriesOf, ...chain } of chains) {
      yield chainLine({ ...chain, entries: entriesOf.length });
      for (const entry of entriesOf) yield lineAlone(entry);
    }
    for (const text of catalogues) {
      yield catalogueLine({ sha256: sha256(text), what: 'items', bytes: Buffer.byteLength(text) });
      yield text;
    }
  }
  return packLines(lines());
}

/** The private key that a laptop keeps, as a thief of the laptop would use it. */
export async function stolenKey({ folder }: Laptop): Promise<(text: string) => string> {
  const kept = openKeptText(await readFile(join(folder, 'laptop.json'), 'utf8'));
  if (kept === null) throw new Error('no key');
  const { sealed } = kept.content as { sealed: string };
  const seed = Buffer.from(await testKeyring().decrypt(Buffer.from(sealed, 'base64')), 'base64');
  return (text) => signText(seed, text);
}

type KeptKey = { person: string; sealed: string; stretch: Parameters<typeof stretchSecret>[1] };

/** What somebody signs with on a laptop, as whoever knows their PIN there would use it. */
export async function personKey({ folder }: Laptop, person: string, pin = PIN): Promise<(text: string) => string> {
  const kept = openKeptText(await readFile(join(folder, 'keys.json'), 'utf8'));
  if (kept === null) throw new Error('no keys');
  const { keys } = kept.content as { keys: Record<string, KeptKey> };
  const [key, record] = Object.entries(keys).findLast(([, one]) => one.person === person) ?? [];
  if (record === undefined) throw new Error('no key of this person');
  const text = await testKeyring().decrypt(Buffer.from(record.sealed, 'base64'));
  const opened = openText(await stretchSecret(pin, record.stretch), `person key ${person} ${key}`, text);
  if (opened === null) throw new Error('another PIN');
  return (said) => signText(Buffer.from(opened, 'base64'), said);
}

/** What is put into a chain; `sign`: the person's own signature, where somebody has what makes it. */
type Said = { fact: Fact; by: string; at: string; sign?: (text: string) => string; v?: number };

/** Adds entries to a chain, sealed as a host seals them, and signs its new head. */
export function goOn(
  chain: OpenChain,
  site: string,
  signed: (text: string) => string,
  facts: readonly Said[],
): OpenChain {
  const entriesOf = [...chain.entriesOf];
  for (const { fact: bare, by, at, sign, v = LEDGER_VERSION } of facts) {
    const last = entriesOf.at(-1);
    const seq = (last?.seq ?? 0) + 1;
    const place = { device: chain.device, seq, at, by, v, prev: last?.hash ?? '0'.repeat(64) };
    const sig = sign?.(actText(site, { ...place, fact: bare }));
    const draft = { ...place, fact: (sig === undefined ? bare : { ...bare, sig }) as Fact };
    entriesOf.push({ ...draft, id: entryId(chain.device, seq), hash: sha256(entryText(draft)) });
  }
  return resign({ ...chain, entriesOf }, site, signed);
}

/** The head of a chain as its last entry is, signed. */
export function resign(chain: OpenChain, site: string, signed: (text: string) => string): OpenChain {
  const last = chain.entriesOf.at(-1);
  if (last === undefined) throw new Error('no entries');
  const { device } = chain;
  const signature = signed(headText({ site, device, seq: last.seq, hash: last.hash }));
  return { ...chain, to: last.seq, hash: last.hash, signature };
}
