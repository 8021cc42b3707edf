import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { entryText, type Fact, type FactOf, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { reviewBatch, toPostedLine } from '../../../shared/domain/variance.ts';
import type { HostInput, HostOutput } from '../../../shared/ports/host.ts';
import { saidText } from '../../../shared/domain/veil.ts';
import { evidenceEndLine, evidenceText } from '../../../shared/team/evidence.ts';
import { chainLine, type BareChain } from '../../../shared/team/hand-over.ts';
import { sha256 } from '../../../electron/host/disk/sha256.ts';
import { lineAlone, readAlone } from '../../../electron/host/journal/line.ts';
import { saveEvidence } from '../../../electron/main/save-evidence.ts';
import { checkEvidence, type Checked } from '../../../electron/verify/check-evidence.ts';
import { does, freshFolder, type HostSetting } from '../host/bench.ts';
import { APPROVED, BATCH, COUNTED, STOCKTAKE, type Crew } from '../host/crew.ts';
import { goOn } from '../host/team-attacks.ts';
import { as, chainOf, comes, founder, handOver, join as joins, type Laptop } from '../host/team-rig.ts';

export const OPENING: Fact = { kind: 'stock_changed', item: 'SKU-1', bin: 'A-01', quantity: '7', reason: 'opening' };
export const VERIFIER = Buffer.from('// Tallybook evidence verifier\n');
export const ROWS = '{"sku":"SKU-1","name":"Löwe 一"}\n{"sku":"SKU-2","name":"Bolt"}\n';

/** Where a laptop saves evidence: into `folder` under `evidence.jsonl`, as the app does. */
export function savesTo(folder: string): Pick<HostSetting, 'saveEvidence'> {
  return { saveEvidence: (_name, pieces) => saveEvidence(join(folder, 'evidence.jsonl'), pieces, VERIFIER) };
}

/** Imports a list of items, as somebody who may. */
export async function importItems(laptop: Laptop): Promise<void> {
  const { file } = await does(laptop.running, 'beginCatalogueFile', { what: 'items' });
  await does(laptop.running, 'appendCatalogueRows', { file, lines: ROWS, rows: 2 });
  const { sha256, rows } = await does(laptop.running, 'sealCatalogueFile', { file });
  await does(laptop.running, 'append', {
    facts: [{ kind: 'catalogue_imported', what: 'items', sha256, rows, source: 'items.csv' }],
  });
}

/** The posting of the batch as a page makes it that holds all chains. */
export async function postingOf(laptop: Laptop): Promise<FactOf<'lines_posted'>> {
  const { device, chains = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  const all: LedgerEntry[] = [];
  for (const one of [device, ...chains.map((chain) => chain.device)]) all.push(...(await chainOf(laptop, one)));
  const { batches, stocktakes, books } = foldLedger(all);
  const batch = batches.get('batch-1');
  const rows = batch === undefined ? [] : reviewBatch(batch, stocktakes, books);
  return { kind: 'lines_posted', batch: 'batch-1', lines: rows.map((row) => toPostedLine(row)) };
}

/** The places of a site: an office, a laptop that counts, and where the office saves evidence. */
export type Site = { readonly office: Laptop & { crew: Crew }; readonly cold: Laptop; readonly folder: string };

/** A stocktake on two laptops: counted on one, approved and posted on the other, where the approver is signed in then. */
export async function postedSite(setting: Partial<HostSetting> = {}): Promise<Site> {
  const folder = await freshFolder();
  const office = await founder({ ...savesTo(folder), ...setting });
  await as(office, 'lead');
  await importItems(office);
  await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
  await as(office, 'admin');
  const cold = await joins(office, 'Cold store', 'counting', savesTo(folder));
  await comes(cold, office.crew.byRole.counter);
  const sheet = { stocktake: 'take-1', pass: 1, bin: 'A-01' };
  await does(cold.running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...sheet }] });
  await does(cold.running, 'append', { facts: [BATCH] });
  await handOver(cold, office);
  await as(office, 'approver');
  await does(office.running, 'append', { facts: [APPROVED] });
  await does(office.running, 'append', { facts: [await postingOf(office)] });
  return { office, cold, folder };
}

export async function closeSite({ office, cold }: Site): Promise<void> {
  await office.running.close();
  await cold.running.close();
}

/** Saves evidence; answers its bytes and what the host said. */
export async function evidenceOf(
  laptop: Laptop,
  folder: string,
  input: HostInput<'exportEvidence'> = {},
): Promise<{ bytes: Buffer; said: Extract<HostOutput<'exportEvidence'>, { outcome: 'saved' }> }> {
  const said = await does(laptop.running, 'exportEvidence', input);
  if (said.outcome !== 'saved') throw new Error(said.outcome);
  return { bytes: await readFile(join(folder, 'evidence.jsonl')), said };
}

/** What the verifier finds in these bytes. */
export async function check(bytes: Uint8Array, folder: string): Promise<Checked> {
  const path = join(folder, 'checked.jsonl');
  await writeFile(path, bytes);
  return checkEvidence(path);
}

/** Where the verifier finds these bytes changed, as words; nothing: they are whole. */
export async function faults(bytes: Uint8Array, folder: string): Promise<string[]> {
  const checked = await check(bytes, folder);
  return checked.is === 'whole' ? [] : checked.found.map(({ line, what }) => `${line}: ${what}`);
}

/** The lines of a file without its last one, each without its line feed. */
export function linesOf(bytes: Uint8Array): string[] {
  return Buffer.from(bytes).toString('utf8').split('\n').slice(0, -2);
}

/** A file of these lines with a last line that fits them; `signed`: how whoever made it signs it. */
export function closed(lines: readonly string[], signed?: (text: string) => string): Buffer {
  const text = lines.map((line) => `${line}\n`).join('');
  const { site, from } = JSON.parse(lines[0] ?? '') as { site: { id: string } | null; from: { laptop: string } };
  const entries = lines.filter((line) => line.startsWith('{"hash":"') && !line.includes(',"gap":')).length;
  const end = { lines: lines.length, entries, sha256: createHash('sha256').update(text).digest('hex') };
  const signature = signed && { signature: signed(evidenceText(site?.id ?? '', from.laptop, end)) };
  return Buffer.from(text + evidenceEndLine({ ...end, ...signature }));
}

type Resealed = { fact: Fact; prev: string };

/** The chain of a laptop with one thing changed in it, and every hash from there on made to fit; its signature stays as it was. */
export function forged(lines: readonly string[], device: string, change: (fact: Fact) => Fact): string[] {
  let prev: string | undefined;
  let heading = 0;
  const made = lines.map((line, at) => {
    const value = JSON.parse(line) as { chain?: { device: string }; device?: string };
    if (value.chain?.device === device) heading = at;
    if (value.device !== device || !line.startsWith('{"hash":"')) return line;
    const entry = readAlone(line);
    if ('problem' in entry) throw new Error(entry.problem);
    const said: Resealed = { fact: change(entry.entry.fact), prev: prev ?? entry.entry.prev };
    const { salt } = entry.entry;
    const draft = { ...entry.entry, ...said, ...(salt !== undefined && { veil: sha256(saidText(said.fact, salt)) }) };
    const hash = sha256(entryText(draft));
    prev = hash;
    return lineAlone({ ...draft, hash })
      .toString('utf8')
      .trimEnd();
  });
  const { chain } = JSON.parse(made[heading] ?? '') as { chain: BareChain };
  made[heading] = chainLine({ ...chain, hash: prev ?? chain.hash }).trimEnd();
  return made;
}

/** The chain of a laptop with an approval behind it that only the laptop's key vouches for. */
export function extend(
  lines: readonly string[],
  device: string,
  { id, sign, by }: { id: string; sign: (text: string) => string; by: string },
): string[] {
  const at = lines.findIndex((line) => line.startsWith('{"chain"') && line.includes(`"device":"${device}"`));
  const { chain } = JSON.parse(lines[at] ?? '') as { chain: BareChain & { signature: string } };
  const entriesOf = lines.slice(at + 1, at + 1 + chain.entries).flatMap((line) => {
    const read = readAlone(line);
    return 'entry' in read ? [read.entry] : [];
  });
  const last = entriesOf.at(-1)?.at ?? '';
  const longer = goOn({ ...chain, entriesOf }, id, sign, [{ fact: APPROVED, by, at: last }]);
  const { entriesOf: all, ...head } = longer;
  const heading = chainLine({ ...head, entries: all.length }).trimEnd();
  const said = all.map((entry) => lineAlone(entry).toString('utf8').trimEnd());
  return [...lines.slice(0, at), heading, ...said, ...lines.slice(at + 1 + chain.entries)];
}
