import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { standsAt } from '../../shared/domain/ledger-order.ts';
import {
  createEvidenceReader,
  evidenceEndLine,
  evidenceStartLine,
  type EvidenceEnd,
  type EvidenceStart,
} from '../../shared/team/evidence.ts';
import { chainLine, type BareChain, type HandOverRefusal } from '../../shared/team/hand-over.ts';
import { falls, isTrustFact, type SiteRoot } from '../../shared/team/trust.ts';
import { firstHead, type Head, type LineProblem } from '../host/journal/line.ts';
import { readChainLine } from '../host/team/chain-lines.ts';
import { createLineCutter, Refused } from '../host/team/hand-over-file.ts';
import type { Remembered } from '../host/team/held-index.ts';

/** What is wrong, and where. `line`: of the file, from 1; `laptop` and `seq`: whose entry it is or should be. */
export type Found = { readonly line: number; readonly laptop?: string; readonly seq?: number; readonly what: string };

/** A chain of the file. `line`, `begins`: the line of its heading, and the byte at which its first entry begins. */
export type ChainInFile = BareChain & {
  readonly line: number;
  readonly begins: number;
  readonly remembered: readonly Remembered[];
};

/** What stands in a file, every line of it looked at by itself and in its place. `found` empty: nothing of it was changed. */
export type EvidenceReading = {
  readonly start: EvidenceStart | undefined;
  readonly chains: readonly ChainInFile[];
  /** The entry that founded the site, and the key that it names. */
  readonly root: (SiteRoot & { readonly key: string }) | undefined;
  readonly end: EvidenceEnd | undefined;
  readonly found: readonly Found[];
};

const PIECE_BYTES = 1_000_000;
/** Whoever changed a lot need not read it all. */
const MOST_FOUND = 20;

const REFUSED: Readonly<Record<HandOverRefusal, string>> = {
  not_one: 'this is no evidence file of Tallybook, or its first line was changed',
  newer_version: 'this file was written by a newer Tallybook: check it with the verifier that was saved beside it',
  cut_short: 'the file ends here, before its last line: its end was cut off',
  changed: 'this is no line that may stand here: it was changed, put in, or one before it was taken out',
};
const BROKEN: Readonly<Record<LineProblem, string>> = {
  bad_line: 'this is no entry: the line was changed',
  bad_hash: 'the entry is not what its hash says: the line was changed',
  broken_chain: 'the entry does not follow the one before it: one was taken out, put in, or they changed places',
  newer_version: 'the entry was written by a newer Tallybook: check it with the verifier that was saved beside it',
};

type OpenChain = ChainInFile & {
  readonly remembered: Remembered[];
  head: Head;
  orderedAt: string;
  /** It is wrong from here on, or was finished: nothing more of it is looked at. */
  isDone: boolean;
};

/**
 * Reads a file from end to end, a line at a time. One closure: what a line may be depends on all before it, and each kind of
 * line is a function of its own.
 */
export async function readEvidence(path: string): Promise<EvidenceReading> {
  const reader = createEvidenceReader();
  const digest = createHash('sha256');
  const found: Found[] = [];
  /** Headings that are not spelled as this app spells them: where to look if the digest alone does not fit. */
  const oddly: number[] = [];
  const chains: OpenChain[] = [];
  const versions = new Map<string, number>();
  const imported = new Set<string>();
  const lists = new Set<string>();
  let start: EvidenceStart | undefined;
  let end: EvidenceEnd | undefined;
  let root: EvidenceReading['root'];
  let list: { sha256: string; hash: Hash; line: number } | undefined;
  let entries = 0;
  let line = 0;
  let offset = 0;

  function say(what: string, at: Omit<Found, 'what' | 'line'> = {}, where = line): void {
    if (found.length < MOST_FOUND) found.push({ line: where, ...at, what });
  }

  function finishPart(): void {
    const chain = chains.at(-1);
    if (chain !== undefined && !chain.isDone) {
      const { device, head, to, hash } = chain;
      if (head.seq !== to || head.hash !== hash)
        say(
          `the chain ends with entry ${head.seq}, and its heading says ${to}`,
          { laptop: device, seq: head.seq },
          chain.line,
        );
      chain.isDone = true;
    }
    if (list !== undefined && list.hash.digest('hex') !== list.sha256)
      say('the list below this line is not what its digest says', {}, list.line);
    list = undefined;
  }

  function begin(chain: BareChain, text: string): void {
    const { device } = chain;
    if (chains.some((other) => other.device === device))
      say('the chain of this laptop stands here twice', { laptop: device });
    if (chain.from !== 1) say('the chain does not begin with its first entry', { laptop: device, seq: chain.from });
    if (chainLine(chain) !== `${text}\n`) oddly.push(line);
    const open = { head: firstHead(device), orderedAt: '', isDone: false };
    chains.push({ ...chain, line, begins: offset, remembered: [], ...open });
  }

  function takeEntry(chain: OpenChain, text: string): void {
    if (chain.isDone) return;
    const { device, head, gaps = [] } = chain;
    const at = { laptop: device, seq: head.seq + 1 };
    const read = readChainLine(text, head);
    if ('problem' in read || ('gap' in read && !gaps.includes(read.gap))) {
      say(
        'problem' in read ? BROKEN[read.problem] : 'a loss is declared that the heading of the chain does not name',
        at,
      );
      chain.isDone = true;
      return;
    }
    chain.head = read.head;
    if ('gap' in read) return;
    entries += 1;
    const { entry } = read;
    const { fact, seq } = entry;
    chain.orderedAt = standsAt(chain.orderedAt, entry);
    const fell = falls({ versions }, entry);
    if (isTrustFact(fact) && !fell) chain.remembered.push({ device, seq, orderedAt: chain.orderedAt, entry });
    if (fact.kind === 'catalogue_imported') imported.add(fact.sha256);
    if (fact.kind !== 'site_created') return;
    if (start?.site === null) say('the first line says that this laptop works alone, and this entry founds a site', at);
    if (entry.hash === start?.site?.id) root = { id: entry.hash, founder: device, seq, key: fact.key };
  }

  function finish(said: EvidenceEnd, text: string): void {
    end = said;
    const { lines, entries: told, sha256 } = said;
    if (evidenceEndLine(said) !== `${text}\n`) say('the last line is not as it was written');
    if (lines !== line - 1) say(`the last line says that ${lines} lines stand before it, and ${line - 1} do`);
    const isBroken = found.length > 0;
    if (!isBroken && told !== entries)
      say(`the last line says that there are ${told} entries, and there are ${entries}`);
    if (digest.digest('hex') === sha256) return;
    const [where = line] = oddly;
    say(
      isBroken || oddly.length === 0
        ? 'the digest of the last line is not that of the lines before it'
        : 'this heading was changed: the digest of the last line does not fit',
      {},
      isBroken ? line : where,
    );
  }

  function take(bytes: Buffer): void {
    line += 1;
    offset += bytes.length;
    const text = bytes.toString('utf8', 0, bytes.length - 1);
    const piece = reader.line(text, bytes.length);
    if (!piece.ok) throw new Refused(piece.error);
    const { value } = piece;
    if (value.is !== 'entry' && value.is !== 'row') finishPart();
    if (value.is !== 'end') digest.update(bytes);
    switch (value.is) {
      case 'start':
        start = value.start;
        if (evidenceStartLine(start) !== `${text}\n`) oddly.push(line);
        return;
      case 'chain':
        begin(value.chain, text);
        return;
      case 'entry': {
        const chain = chains.at(-1);
        if (chain !== undefined) takeEntry(chain, text);
        return;
      }
      case 'catalogue': {
        const { sha256 } = value.catalogue;
        if (lists.has(sha256)) say('this list stands here twice');
        if (!imported.has(sha256)) say('nobody imported this list');
        lists.add(sha256);
        list = { sha256, hash: createHash('sha256'), line };
        return;
      }
      case 'row':
        list?.hash.update(bytes);
        return;
      case 'end':
        finish(value, text);
    }
  }

  const cutter = createLineCutter(take);
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) cutter.push(piece as Buffer);
    const short = reader.finish();
    if (short !== null) say(short === 'not_one' ? REFUSED.not_one : REFUSED.cut_short, {}, Math.max(line, 1));
    else if (!cutter.isAtEnd()) say('something stands behind the last line', {}, line + 1);
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    say(REFUSED[problem.why], {}, Math.max(line, 1));
  }
  return { start, chains, root, end, found };
}
