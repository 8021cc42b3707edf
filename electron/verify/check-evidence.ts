import { open, type FileHandle } from 'node:fs/promises';
import { emptyLedgerState, fold } from '../../shared/domain/ledger-state.ts';
import { evidenceText, heardNotHeld, type EvidenceEnd, type EvidenceStart } from '../../shared/team/evidence.ts';
import { headText } from '../../shared/team/head.ts';
import { asItStands, keysOf, type Trust } from '../../shared/team/trust.ts';
import { eachInOrder, foldUnion, isRefused, NO_CHAINS } from '../host/authority/union.ts';
import { isSigned } from '../host/secrets/ed25519.ts';
import { createActs } from '../host/team/acts.ts';
import { admit } from '../host/team/admit.ts';
import { chainsInFile } from './file-chains.ts';
import { readEvidence, type ChainInFile, type EvidenceReading, type Found } from './read-evidence.ts';
import { foldSent, reportOf, type Sent, type Told } from './report.ts';

/** What became of checking a file: whole, and what it says; or where it is not what was saved. */
export type Checked =
  | { readonly is: 'whole'; readonly report: readonly string[] }
  | { readonly is: 'changed'; readonly found: readonly Found[] };

/** No laptop: an auditor counts nothing for themselves. */
const NOBODY = '';

/** A signature is 64 bytes in 86 letters: the last of them has bits to spare, and only one spelling of it is what was written. */
function isSpelledOnce(signature: string): boolean {
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}

/** Whether every chain was signed by the laptop that said it, and the whole by the one that saved it. */
function checkSignatures({ start, chains, root, end }: EvidenceReading, isAct: ReturnType<typeof createActs>): Found[] {
  const site = start?.site ?? null;
  if (start === undefined || end === undefined) return [];
  const own = chains.find(({ device }) => device === start.from.laptop);
  if (own === undefined) return [{ line: 1, what: 'the chain of the laptop that saved the file is not in it' }];
  if (site === null) return checkAlone(chains, end);
  if (root === undefined) return [{ line: 1, what: `the entry that founded the site ${site.name} is not in the file` }];
  const candidates = chains.map((of) => ({
    of,
    device: of.device,
    remembered: of.remembered,
    isSignedBy: (key: string) => {
      const { device, to: seq, hash, signature, gaps } = of;
      return signature !== undefined && isSigned(key, headText({ site: site.id, device, seq, hash }, gaps), signature);
    },
  }));
  const { trust, admitted } = admit({ root, founderKey: root.key, reader: { isAct } }, candidates, []);
  const believed = new Set([...admitted].map(({ device }) => device));
  const strangers = chains
    .filter(({ device }) => !believed.has(device))
    .map(({ line, device }) => ({
      line,
      laptop: device,
      what:
        trust.laptops.has(device) || device === root.founder
          ? 'the chain is not signed by this laptop: entries were changed, or its signature was'
          : 'no laptop of the site is this one, or the chain that enrols it was changed',
    }));
  if (strangers.length > 0) return strangers;
  return isClosedBy(trust, { start, end, site: site.id })
    ? []
    : [{ line: end.lines + 1, laptop: start.from.laptop, what: 'the file is not signed by the laptop that saved it' }];
}

function isClosedBy(
  trust: Trust,
  { start, end, site }: { start: EvidenceStart; end: EvidenceEnd; site: string },
): boolean {
  const laptop = trust.laptops.get(start.from.laptop);
  const { signature } = end;
  if (laptop === undefined || signature === undefined || !isSpelledOnce(signature)) return false;
  return keysOf(laptop).some((key) => isSigned(key, evidenceText(site, laptop.laptop, end), signature));
}

/** A laptop that works alone has one chain and no key. */
function checkAlone(chains: readonly ChainInFile[], end: EvidenceEnd): Found[] {
  const other = chains[1];
  if (other !== undefined)
    return [
      { line: other.line, laptop: other.device, what: 'a laptop that works alone holds no chain of another one' },
    ];
  const signed = chains.find(({ signature }) => signature !== undefined);
  if (signed !== undefined || end.signature !== undefined)
    return [
      { line: signed?.line ?? end.lines + 1, what: 'something is signed, and a laptop that works alone has no key' },
    ];
  return [];
}

/**
 * Folds a file whose lines and signatures are right, as every laptop folds its ledger: who is believed first, then what
 * follows. One piece: both walk the same chains.
 */
async function tell(
  file: FileHandle,
  { start, chains, root, end }: EvidenceReading & { start: EvidenceStart; end: EvidenceEnd },
  isAct: ReturnType<typeof createActs>,
): Promise<Told> {
  const site = root === undefined ? undefined : { id: root.id, founder: root.founder, seq: root.seq };
  const source = chainsInFile(file, chains, site);
  const journal = { read: NO_CHAINS.read.bind(null, NOBODY) };
  const parts = { journal, chains: source, self: NOBODY, isAct };
  const union = await foldUnion(parts, { begin: () => undefined, take: () => undefined });
  if (!union.ok) throw new Error(union.error.code);
  const { trust, verdict } = union.value;
  const state = emptyLedgerState();
  const people = new Map<string, { name: string; roles: readonly string[]; active: boolean }>();
  const sent: Sent = new Map();
  const requests = new Map<string, string>();
  const heads = new Map(
    [...trust.heard].flatMap(([by, heard]) => [...heard].map(([of, head]) => [`${by} ${of}`, { by, of, ...head }])),
  );
  const wanted = new Map([...heads.values()].map(({ of, seq }) => [`${of} ${seq}`, '']));
  await eachInOrder(journal, source, (entry) => {
    const name = `${entry.device} ${entry.seq}`;
    if (wanted.has(name)) wanted.set(name, entry.hash);
    fold(state, entry, (one) => isRefused(verdict, one));
    if (isRefused(verdict, entry)) return;
    const { fact } = entry;
    if (fact.kind === 'person_changed') {
      const { name: called, roles, active } = asItStands(trust, entry, fact);
      people.set(fact.person, { name: called, roles, active });
    }
    foldSent(sent, requests, entry);
  });
  const apart = [...heads.values()].filter(
    ({ of, seq, hash }) => !['', hash].includes(wanted.get(`${of} ${seq}`) ?? ''),
  );
  return { start, end, chains, trust, verdict, state, people, sent, apart };
}

/** What others had heard and is neither in the file nor named by it as missing. */
function notNamed({ start, chains, trust }: Told): Found[] {
  const held = new Map(chains.map(({ device, to }) => [device, to]));
  return heardNotHeld(trust.heard, held)
    .filter(({ laptop, toSeq }) => !start.missing.some((named) => named.laptop === laptop && named.toSeq >= toSeq))
    .map(({ laptop, fromSeq, toSeq }) => ({
      line: 1,
      laptop,
      seq: fromSeq,
      what: `entries ${fromSeq} to ${toSeq} of this laptop, of which another one had heard, are not in the file`,
    }));
}

/** Checks an evidence file: every byte, link and signature, and that nothing is missing that others had heard of. Throws when the disk does not give it. */
export async function checkEvidence(path: string): Promise<Checked> {
  const reading = await readEvidence(path);
  const { start, end } = reading;
  const isAct = createActs();
  const found = reading.found.length > 0 ? reading.found : checkSignatures(reading, isAct);
  if (found.length > 0 || start === undefined || end === undefined) return { is: 'changed', found };
  const file = await open(path, 'r');
  try {
    const told = await tell(file, { ...reading, start, end }, isAct);
    const missing = notNamed(told);
    return missing.length > 0 ? { is: 'changed', found: missing } : { is: 'whole', report: reportOf(told) };
  } finally {
    await file.close();
  }
}
