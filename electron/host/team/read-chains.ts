import { isSignedFact, type Fact, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { standsAt } from '../../../shared/domain/ledger-order.ts';
import { binKey } from '../../../shared/domain/location.ts';
import type { HandOver } from '../../../shared/ports/host.ts';
import type {
  HandOverCatalogue,
  HandOverChain,
  HandOverRefusal,
  HandOverStart,
} from '../../../shared/team/hand-over.ts';
import { isTrustFact, type Claim } from '../../../shared/team/trust.ts';
import { sha256 } from '../disk/sha256.ts';
import type { Head } from '../journal/line.ts';
import { peekLine, readChainLine } from './chain-lines.ts';
import { unpackLines } from './hand-over-file.ts';

export type Problem = { readonly why: HandOver['problems'][number]['why']; readonly fromSeq: number };

/** A bin in a pass that a fact counts. */
export type Shelf = { readonly key: string; readonly bin: string };

/** What of a fresh entry is needed to judge it and to say what it is about. */
export type FreshEntry = Claim & {
  readonly orderedAt: string;
  readonly shelf?: Shelf;
  /** It says to be of an earlier version than what its laptop had said before. */
  fell: boolean;
};

/** A chain of a file, compared with what is held of it. */
export type ChainReading = {
  readonly chain: HandOverChain;
  readonly held: Head;
  known: number;
  problem: Problem | null;
  /** Lines behind what is held, as they stand in the file. */
  readonly lines: string[];
  readonly fresh: FreshEntry[];
  /** Declarations of lost numbers among the lines. */
  declared: number;
  orderedAt: string | undefined;
  newestAt: string | null;
};

export type FileReading = {
  readonly start: HandOverStart;
  readonly chains: readonly ChainReading[];
  /** Catalogue files that are not here. */
  readonly catalogues: readonly (HandOverCatalogue & { readonly content: Buffer })[];
};

/** What is held of a chain: nothing is firstHead. `isOwn`: it is this laptop's journal. */
export type HeldOf = (device: string) => Head & { readonly orderedAt?: string; readonly isOwn: boolean };

/** No clock of a laptop that works is so far ahead; whoever says so would come after everybody for ever. */
const NO_TIME = '2200';

/** Whether an entry stands at a time that no clock shows, by its own word or by what it says to have heard. */
function isNoTime({ at, fact }: LedgerEntry): boolean {
  return at >= NO_TIME || (fact.kind === 'heard' && fact.at >= NO_TIME);
}

/** The bin in a pass that a fact counts; undefined: it counts none. */
export function shelfOf(fact: Fact): Shelf | undefined {
  if (fact.kind !== 'counted' && fact.kind !== 'unknown_scanned' && fact.kind !== 'bin_confirmed_empty')
    return undefined;
  return { key: `${fact.stocktake}\u001E${fact.pass}\u001E${binKey(fact.bin)}`, bin: fact.bin };
}

function freshOf(entry: LedgerEntry, orderedAt: string): FreshEntry {
  const { device, seq, by, hash, v, fact } = entry;
  const shelf = shelfOf(fact);
  return {
    device,
    seq,
    by,
    hash,
    v,
    kind: fact.kind,
    orderedAt,
    fell: false,
    ...(shelf !== undefined && { shelf }),
    ...((isTrustFact(fact) || isSignedFact(fact)) && { entry }),
  };
}

/** Reads the lines of one chain: those that are held are compared, those behind them checked in full. */
function createChainReader(
  chain: HandOverChain,
  held: ReturnType<HeldOf>,
): { reading: ChainReading; line(text: string): void; finish(): void } {
  const { device, seq, hash, isOwn } = held;
  const reading: ChainReading = {
    chain,
    held: { device, seq, hash },
    known: 0,
    problem: chain.from > seq + 1 ? { why: 'missing_before', fromSeq: seq + 1 } : null,
    lines: [],
    fresh: [],
    declared: 0,
    orderedAt: held.orderedAt,
    newestAt: null,
  };
  let head: Head = reading.held;
  let at = chain.from - 1;

  function known(line: { hash: string; seq?: number }): boolean {
    if (line.seq === undefined) return at < seq;
    if (line.seq <= at) reading.problem = { why: 'broken', fromSeq: line.seq };
    // It declares lost what is held here, and went on behind it: nothing links the one to the other.
    if (line.seq > seq && at >= chain.from && at < seq) reading.problem = { why: 'fork', fromSeq: seq };
    at = line.seq;
    if (line.seq > seq) return false;
    reading.known += 1;
    if (line.seq === seq && line.hash !== hash) reading.problem = { why: 'fork', fromSeq: seq };
    return true;
  }

  return {
    reading,
    line(text) {
      if (reading.problem !== null) return;
      const peeked = peekLine(text);
      if (peeked === null) {
        reading.problem = { why: 'broken', fromSeq: at + 1 };
        return;
      }
      if (known(peeked) || reading.problem !== null) return;
      if (isOwn) {
        // Others hold more of this laptop than it does itself: it goes on from an old copy.
        reading.problem = { why: 'fork', fromSeq: seq + 1 };
        return;
      }
      const read = readChainLine(text, head);
      if ('problem' in read || ('entry' in read && isNoTime(read.entry))) {
        const isNewer = 'problem' in read && read.problem === 'newer_version';
        reading.problem = { why: isNewer ? 'newer_version' : 'broken', fromSeq: head.seq + 1 };
        return;
      }
      if ('gap' in read && chain.gaps?.includes(read.gap) !== true) {
        reading.problem = { why: 'broken', fromSeq: head.seq + 1 };
        return;
      }
      head = read.head;
      reading.lines.push(text);
      if ('gap' in read) {
        reading.declared += 1;
        return;
      }
      const orderedAt = standsAt(reading.orderedAt ?? '', read.entry);
      reading.orderedAt = orderedAt;
      reading.newestAt = read.entry.at;
      reading.fresh.push(freshOf(read.entry, orderedAt));
    },
    finish() {
      if (reading.problem !== null || chain.to <= seq) return;
      if (head.seq !== chain.to || head.hash !== chain.hash) reading.problem = { why: 'broken', fromSeq: head.seq + 1 };
    },
  };
}

/** Reads a file from end to end: whole or refused. Chains that are not as they must be have a problem each. */
export async function readHandOver(
  file: Uint8Array,
  heldOf: HeldOf,
  hasCatalogue: (sha256: string) => boolean,
): Promise<FileReading | HandOverRefusal> {
  let start: HandOverStart | undefined;
  const chains = new Map<string, ReturnType<typeof createChainReader>>();
  const catalogues: (HandOverCatalogue & { content: Buffer })[] = [];
  let chain: ReturnType<typeof createChainReader> | undefined;
  let catalogue: { is: HandOverCatalogue; rows: Buffer[] } | undefined;

  function finishPart(): HandOverRefusal | null {
    chain?.finish();
    chain = undefined;
    if (catalogue === undefined) return null;
    const content = Buffer.concat(catalogue.rows);
    const { is } = catalogue;
    catalogue = undefined;
    if (sha256(content) !== is.sha256) return 'changed';
    if (!hasCatalogue(is.sha256)) catalogues.push({ ...is, content });
    return null;
  }

  const refused = await unpackLines(file, (piece, text, bytes) => {
    switch (piece.is) {
      case 'start':
        start = piece.start;
        return null;
      case 'entry':
        chain?.line(text);
        return null;
      case 'row':
        catalogue?.rows.push(bytes);
        return null;
      case 'chain': {
        const unlike = finishPart();
        // A chain is in a file once.
        if (unlike !== null || chains.has(piece.chain.device)) return 'changed';
        chain = createChainReader(piece.chain, heldOf(piece.chain.device));
        chains.set(piece.chain.device, chain);
        return null;
      }
      case 'catalogue': {
        const unlike = finishPart();
        catalogue = { is: piece.catalogue, rows: [] };
        return unlike;
      }
      case 'end':
        return finishPart();
    }
  });
  if (refused !== null || start === undefined) return refused ?? 'not_one';
  return { start, chains: [...chains.values()].map(({ reading }) => reading), catalogues };
}

/** The hashes of a chain of a file, by sequence. */
export async function hashesIn(file: Uint8Array, device: string): Promise<ReadonlyMap<number, string>> {
  const hashes = new Map<number, string>();
  let isWanted = false;
  await unpackLines(file, (piece, text) => {
    if (piece.is === 'chain') isWanted = piece.chain.device === device;
    const peeked = piece.is === 'entry' && isWanted ? peekLine(text) : null;
    if (peeked?.seq !== undefined) hashes.set(peeked.seq, peeked.hash);
    return null;
  });
  return hashes;
}
