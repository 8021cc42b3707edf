import { join } from 'node:path';
import { z } from 'zod';
import { decisionSchema } from '../../shared/domain/ledger-entry.ts';
import { personSchema } from '../../shared/domain/person.ts';
import { emptyMarks, emptyState, type AuthorityState, type StocktakeMarks } from './authority-state.ts';
import { readJson, writeWhole, type Disk } from './disk.ts';
import { sha256, type Head } from './journal-line.ts';

const text = z.string();
const list = z.array(text);
const openRequestSchema = z.object({
  connection: text,
  batch: text,
  seq: z.number(),
  index: z.number(),
  refs: list,
  frozenAt: text,
  attempts: z.number(),
  state: z.enum(['queued', 'sending', 'unknown']),
  code: text.exactOptional(),
  firstAttemptAt: text.exactOptional(),
  attemptedAt: text.exactOptional(),
});
const stateSchema = z.object({
  /** The entry that the checkpoint stands for: everything up to it is folded in. */
  device: text,
  seq: z.number(),
  hash: text,
  people: z.array(personSchema),
  stocktakes: list,
  batches: z.array(
    z.tuple([
      text,
      z.object({ stocktake: text, pass: z.number(), bins: list, postedFrom: z.number().exactOptional() }),
    ]),
  ),
  /** Stocktakes that have marks, each in a file of its own. */
  marked: list,
  connections: z.array(z.tuple([text, z.object({ remote: text, name: text, settings: z.record(text, text) })])),
  sites: z.array(z.tuple([text, z.array(z.tuple([text, text]))])),
  outbox: z.array(z.tuple([text, openRequestSchema])),
  catalogues: z.object({ items: list, bins: list }),
});
const marksSchema = z.object({
  stocktake: text,
  counters: z.array(z.tuple([text, list])),
  emptiers: z.array(z.tuple([text, list])),
  decisions: z.array(z.tuple([text, decisionSchema])),
  posted: list,
  voided: list,
  frozen: z.array(z.tuple([text, text])),
  requests: list,
});

export type Checkpoint = { readonly head: Head; readonly state: AuthorityState; readonly marked: readonly string[] };

function statePath(profile: string): string {
  return join(profile, 'authority', 'authority.json');
}

function marksPath(profile: string, stocktake: string): string {
  return join(profile, 'authority', `stocktake-${sha256(stocktake).slice(0, 32)}.json`);
}

/** The text of a checkpoint: the state, without marks, as of `head`. */
export function checkpointText(checkpoint: Checkpoint): string {
  const { head, state, marked } = checkpoint;
  const sites = [...state.sites].map(([connection, some]) => [connection, [...some]]);
  const { people, stocktakes, batches, connections, outbox, catalogues } = state;
  const content = {
    ...head,
    people: [...people.values()],
    stocktakes: [...stocktakes],
    batches: [...batches],
    marked,
    connections: [...connections],
    sites,
    outbox: [...outbox],
    catalogues,
  };
  return JSON.stringify(content);
}

/** Saves texts taken at one instant, the marks first: marks that are newer than the state do no harm, older ones would. */
export async function writeCheckpoint(
  disk: Disk,
  profile: string,
  state: string,
  marks: ReadonlyMap<string, string>,
): Promise<void> {
  await disk.makeFolder(join(profile, 'authority'));
  for (const [stocktake, text] of marks) await writeWhole(disk, marksPath(profile, stocktake), text);
  await writeWhole(disk, statePath(profile), state);
}

/** The last checkpoint; null when there is none that makes sense. */
export async function readCheckpoint(disk: Disk, profile: string): Promise<Checkpoint | null> {
  const parsed = stateSchema.safeParse(await readJson(disk, statePath(profile)));
  if (!parsed.success) return null;
  const { device, seq, hash, people, stocktakes, batches, marked, connections, sites, outbox, catalogues } =
    parsed.data;
  const state: AuthorityState = {
    ...emptyState(),
    people: new Map(people.map((person) => [person.id, person])),
    stocktakes: new Set(stocktakes),
    batches: new Map(batches),
    connections: new Map(connections),
    sites: new Map(sites.map(([connection, some]) => [connection, new Map(some)])),
    outbox: new Map(outbox),
    catalogues,
  };
  return { head: { device, seq, hash }, state, marked };
}

/** The text of one stocktake's marks. */
export function marksText(stocktake: string, marks: StocktakeMarks): string {
  const people = (map: ReadonlyMap<string, ReadonlySet<string>>) => [...map].map(([key, some]) => [key, [...some]]);
  const { counters, emptiers, decisions, posted, voided, frozen, requests } = marks;
  const content = {
    stocktake,
    counters: people(counters),
    emptiers: people(emptiers),
    decisions: [...decisions],
    posted: [...posted],
    voided: [...voided],
    frozen: [...frozen],
    requests: [...requests],
  };
  return JSON.stringify(content);
}

/** The marks of a stocktake as saved; null when the file is gone or damaged. */
export async function readMarks(disk: Disk, profile: string, stocktake: string): Promise<StocktakeMarks | null> {
  const parsed = marksSchema.safeParse(await readJson(disk, marksPath(profile, stocktake)));
  if (!parsed.success || parsed.data.stocktake !== stocktake) return null;
  const { counters, emptiers, decisions, posted, voided, frozen, requests } = parsed.data;
  return {
    counters: new Map(counters.map(([key, some]) => [key, new Set(some)])),
    emptiers: new Map(emptiers.map(([key, some]) => [key, new Set(some)])),
    decisions: new Map(decisions),
    posted: new Set(posted),
    voided: new Set(voided),
    frozen: new Map(frozen),
    requests: new Set(requests),
  };
}

/** `newer` on top of `older`. */
export function mergeMarks(older: StocktakeMarks, newer: StocktakeMarks): StocktakeMarks {
  const merged = emptyMarks();
  for (const marks of [older, newer]) {
    for (const which of ['counters', 'emptiers'] as const) {
      for (const [key, people] of marks[which])
        merged[which].set(key, new Set([...(merged[which].get(key) ?? []), ...people]));
    }
    for (const [key, decision] of marks.decisions) merged.decisions.set(key, decision);
    for (const [key, request] of marks.frozen) merged.frozen.set(key, request);
    for (const which of ['posted', 'voided', 'requests'] as const) {
      for (const key of marks[which]) merged[which].add(key);
    }
  }
  return merged;
}
