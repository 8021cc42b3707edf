import { join } from 'node:path';
import { z } from 'zod';
import { decisionSchema, laptopRoleSchema, observedCountSchema } from '../../../shared/domain/ledger-entry.ts';
import { personSchema, roleSchema } from '../../../shared/domain/person.ts';
import { addAgain, emptyAgain } from '../../../shared/sync/outbox/again.ts';
import type { ClaimRefusal, Trust } from '../../../shared/team/trust.ts';
import { emptyDesk, type DeskState } from '../../../shared/sync/desk/desk-state.ts';
import { accessSchema, packAccess, unpackAccess } from './access-state.ts';
import { emptyMarks, emptyState, type AuthorityState, type StocktakeMarks } from './state.ts';
import { writeWhole, type Disk } from '../disk/disk.ts';
import type { Verdict } from './union.ts';
import { sha256 } from '../disk/sha256.ts';
import { type Head } from '../journal/line.ts';

const text = z.string();
const list = z.array(text);
const lineNameSchema = z.object({ ref: text, item: text, bins: list, remoteItem: text, remoteLocation: text });
const sentShape = {
  connection: text,
  batch: text,
  seq: z.number(),
  index: z.number(),
  lines: z.array(lineNameSchema),
  delivery: z.literal('file').exactOptional(),
};
const openRequestSchema = z.object({
  ...sentShape,
  frozenAt: text,
  attempts: z.number(),
  failures: z.number(),
  state: z.enum(['queued', 'sending', 'unknown']),
  job: text.exactOptional(),
  code: text.exactOptional(),
  firstAttemptAt: text.exactOptional(),
  attemptedAt: text.exactOptional(),
  unresolved: z.literal(true).exactOptional(),
  lostAt: text.exactOptional(),
  before: z.array(observedCountSchema).exactOptional(),
});
const leftRequestSchema = z.object({ ...sentShape, halved: z.boolean(), doubtful: list });
const againLineSchema = lineNameSchema.extend({ request: text, batch: text });
const deskSchema = z.object({
  open: z.array(z.tuple([text, openRequestSchema])),
  left: z.array(z.tuple([text, leftRequestSchema])),
  again: z.array(z.tuple([text, z.array(againLineSchema)])),
  places: z.array(z.tuple([text, z.array(z.tuple([text, text]))])),
  decisions: list,
});
const numbered = z.tuple([text, z.number()]);
const refusalSchema = z.enum([
  'not_enrolled',
  'revoked',
  'second_site',
  'laptop_may_not',
  'unknown_person',
  'role_missing',
  'last_admin',
  'not_the_holder',
  'not_signed',
  'older_version',
] as const satisfies readonly ClaimRefusal[]);
/** What is known of the site, and the newest entries of other laptops' chains that are folded in. */
const teamSchema = z.object({
  chains: z.array(z.object({ device: text, seq: z.number(), hash: text })),
  root: z.object({ id: text, founder: text, seq: z.number() }).nullable(),
  name: text,
  laptops: z.array(
    z.object({
      laptop: text,
      key: text,
      name: text,
      role: laptopRoleSchema,
      revokedAt: z.number().exactOptional(),
      revokedBy: z.array(z.object({ device: text, seq: z.number() })).exactOptional(),
      former: list.exactOptional(),
      since: z.number().exactOptional(),
    }),
  ),
  people: z.array(
    z.tuple([
      text,
      z.array(z.object({ device: text, seq: z.number(), roles: z.array(roleSchema), active: z.boolean() })),
    ]),
  ),
  heard: z.array(z.tuple([text, z.array(z.tuple([text, z.object({ seq: z.number(), hash: text, at: text })]))])),
  revoked: z.array(numbered),
  refused: z.array(z.tuple([text, z.array(z.tuple([z.number(), refusalSchema]))])),
  holders: z.array(z.tuple([text, z.object({ laptop: text, held: list })])),
  from: z.array(numbered),
  keys: z.array(z.tuple([text, z.array(z.tuple([text, z.object({ key: text.nullable(), begins: z.boolean() })]))])),
  recovery: text.nullable().exactOptional(),
  versions: z.array(numbered),
});
/** Raised when lines get other keys, or more is kept: what was saved before is then worked out anew from the journal. */
const KEYS = 4;
const stateSchema = z.object({
  keys: z.literal(KEYS),
  /** The entry that the checkpoint stands for: everything up to it is folded in. */
  device: text,
  seq: z.number(),
  hash: text,
  people: z.array(personSchema),
  access: accessSchema,
  stocktakes: list,
  batches: z.array(
    z.tuple([
      text,
      z.object({
        stocktake: text,
        pass: z.number(),
        bins: list,
        postedFrom: z.number().exactOptional(),
        isAsked: z.literal(true).exactOptional(),
        reverses: text.exactOptional(),
      }),
    ]),
  ),
  /** Stocktakes that have marks, each in a file of its own, and the digest of that file. */
  marked: z.array(z.tuple([text, text])),
  connections: z.array(z.tuple([text, z.object({ remote: text, name: text, settings: z.record(text, text) })])),
  desk: deskSchema,
  catalogues: z.object({ items: list, bins: list }),
  team: teamSchema.default({
    chains: [],
    root: null,
    name: '',
    laptops: [],
    people: [],
    heard: [],
    revoked: [],
    holders: [],
    refused: [],
    from: [],
    keys: [],
    versions: [],
  }),
});
/** What earlier versions wrote. */
const olderSchema = z.object({
  keys: z
    .number()
    .int()
    .min(1)
    .max(KEYS - 1),
});
const marksSchema = z.object({
  keys: z.literal(KEYS),
  stocktake: text,
  counters: z.array(z.tuple([text, list])),
  emptiers: z.array(z.tuple([text, list])),
  decisions: z.array(z.tuple([text, decisionSchema])),
  approvers: z.array(z.tuple([text, text])).default([]),
  posted: list,
  voided: list,
  seers: z.array(z.tuple([text, list])),
  matched: z.array(z.tuple([text, list])),
});

/** `chains`: the newest entries of other laptops that the checkpoint stands for. */
export type CheckpointTeam = { readonly chains: readonly Head[]; readonly trust: Trust; readonly verdict: Verdict };

/** `marked`: the stocktakes that have marks, with the digest of the file that holds them. */
export type Checkpoint = {
  readonly head: Head;
  readonly team: CheckpointTeam;
  readonly state: AuthorityState;
  readonly marked: ReadonlyMap<string, string>;
};

function statePath(profile: string): string {
  return join(profile, 'authority', 'authority.json');
}

/** Named by what is in it, so that newer marks never take the place of those that the checkpoint on disk stands on. */
function marksName(stocktake: string, digest: string): string {
  return `stocktake-${sha256(stocktake).slice(0, 32)}-${digest.slice(0, 16)}.json`;
}

/** Taken as it is: a checkpoint is written while people work, and thousands of lines may be on their way. */
function packDesk({ open, left, again, places, decisions }: DeskState): object {
  return {
    open: [...open],
    left: [...left],
    again: [...again].map(([connection, { lines }]) => [connection, [...lines.values()]]),
    places: [...places].map(([connection, some]) => [connection, [...some]]),
    decisions: [...decisions],
  };
}

function unpackDesk({ open, left, again, places, decisions }: z.output<typeof deskSchema>): DeskState {
  const desk = emptyDesk();
  for (const [id, request] of open) desk.open.set(id, request);
  for (const [id, request] of left) desk.left.set(id, request);
  for (const [connection, lines] of again) {
    const some = emptyAgain();
    for (const line of lines) addAgain(some, line);
    desk.again.set(connection, some);
  }
  for (const [connection, some] of places) desk.places.set(connection, new Map(some));
  for (const decision of decisions) desk.decisions.add(decision);
  return desk;
}

function packTeam({ chains, trust, verdict }: CheckpointTeam): z.input<typeof teamSchema> {
  const { root, name, laptops, people, heard, revoked, holders, keys, recovery, versions } = trust;
  return {
    chains: chains.map(({ device, seq, hash }) => ({ device, seq, hash })),
    root: root === null ? null : { ...root },
    name,
    laptops: [...laptops.values()].map(({ former, revokedBy, ...laptop }) => ({
      ...laptop,
      ...(revokedBy !== undefined && { revokedBy: revokedBy.map((said) => ({ ...said })) }),
      ...(former !== undefined && { former: [...former] }),
    })),
    people: [...people].map(([person, changes]) => [
      person,
      changes.map(({ device, seq, roles, active }) => ({ device, seq, roles: [...roles], active })),
    ]),
    heard: [...heard].map(([device, heads]) => [device, [...heads]]),
    revoked: [...revoked],
    holders: [...holders].map(([connection, { laptop, held }]) => [connection, { laptop, held: [...held] }]),
    refused: [...verdict.refused].map(([device, some]) => [device, [...some]]),
    from: [...verdict.from],
    keys: [...keys].map(([device, some]) => [device, [...some]]),
    ...(recovery !== undefined && { recovery }),
    versions: [...versions],
  };
}

function unpackTeam(packed: z.output<typeof teamSchema>): CheckpointTeam {
  const trust: Trust = {
    root: packed.root,
    name: packed.name,
    laptops: new Map(packed.laptops.map((laptop) => [laptop.laptop, laptop])),
    people: new Map(packed.people),
    heard: new Map(packed.heard.map(([device, heads]) => [device, new Map(heads)])),
    revoked: new Map(packed.revoked),
    keys: new Map(packed.keys.map(([device, some]) => [device, new Map(some)])),
    ...(packed.recovery !== undefined && { recovery: packed.recovery }),
    versions: new Map(packed.versions),
    holders: new Map(packed.holders),
  };
  const refused = new Map(packed.refused.map(([device, some]) => [device, new Map(some)]));
  return { chains: packed.chains, trust, verdict: { refused, from: new Map(packed.from) } };
}

/** The text of a checkpoint: the state, without marks, as of `head`. */
export function checkpointText(checkpoint: Checkpoint): string {
  const { head, team, state, marked } = checkpoint;
  const { people, access, stocktakes, batches, connections, desk, catalogues } = state;
  const content = {
    keys: KEYS,
    ...head,
    people: [...people.values()],
    access: packAccess(access),
    stocktakes: [...stocktakes],
    batches: [...batches],
    marked: [...marked],
    connections: [...connections],
    desk: packDesk(desk),
    catalogues,
    team: packTeam(team),
  };
  return JSON.stringify(content);
}

/** Saves texts taken at one instant, the marks first. What no checkpoint names any more is removed in the end. */
export async function writeCheckpoint(
  disk: Disk,
  profile: string,
  { state, marks, marked }: { state: string; marks: ReadonlyMap<string, string>; marked: Checkpoint['marked'] },
): Promise<void> {
  const folder = join(profile, 'authority');
  await disk.makeFolder(folder);
  for (const [stocktake, text] of marks) await writeWhole(disk, join(folder, marksName(stocktake, sha256(text))), text);
  await writeWhole(disk, statePath(profile), state);
  const named = new Set([...marked].map(([stocktake, digest]) => marksName(stocktake, digest)));
  for (const name of await disk.list(folder))
    if (name.startsWith('stocktake-') && !named.has(name)) await disk.remove(join(folder, name)).catch(() => undefined);
}

/**
 * The last checkpoint, and the digest of the file it stands in. It is no more than a claim: whether the journal vouches
 * for that digest has to be looked up. `absent`: no file; `older`: an earlier version's, in another form; `bad`: one that
 * says nothing.
 */
export async function readCheckpoint(
  disk: Disk,
  profile: string,
): Promise<{ checkpoint: Checkpoint; digest: string } | 'absent' | 'older' | 'bad'> {
  const bytes = await disk.read(statePath(profile)).catch(() => undefined);
  if (bytes === null) return 'absent';
  const value = parseJson(bytes);
  const parsed = stateSchema.safeParse(value);
  if (!parsed.success || bytes === undefined) return olderSchema.safeParse(value).success ? 'older' : 'bad';
  const { device, seq, hash, people, access, stocktakes, batches, marked, connections, desk, catalogues, team } =
    parsed.data;
  const state: AuthorityState = {
    ...emptyState(),
    people: new Map(people.map((person) => [person.id, person])),
    access: unpackAccess(access),
    stocktakes: new Set(stocktakes),
    batches: new Map(batches),
    connections: new Map(connections),
    desk: unpackDesk(desk),
    catalogues,
  };
  const head = { device, seq, hash };
  const checkpoint = { head, team: unpackTeam(team), state, marked: new Map(marked) };
  return { checkpoint, digest: sha256(bytes) };
}

function parseJson(bytes: Buffer | undefined): unknown {
  try {
    return JSON.parse(bytes?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

/** The text of one stocktake's marks. */
export function marksText(stocktake: string, marks: StocktakeMarks): string {
  const people = (map: ReadonlyMap<string, ReadonlySet<string>>) => [...map].map(([key, some]) => [key, [...some]]);
  const { counters, emptiers, decisions, approvers, posted, voided, seers, matched } = marks;
  const content = {
    keys: KEYS,
    stocktake,
    counters: people(counters),
    emptiers: people(emptiers),
    decisions: [...decisions],
    approvers: [...approvers],
    posted: [...posted],
    voided: [...voided],
    seers: people(seers),
    matched: people(matched),
  };
  return JSON.stringify(content);
}

/** The marks of a stocktake as saved under `digest`; null when the file is gone or has another one. */
export async function readMarks(
  disk: Disk,
  profile: string,
  { stocktake, digest }: { stocktake: string; digest: string },
): Promise<StocktakeMarks | null> {
  const bytes = await disk.read(join(profile, 'authority', marksName(stocktake, digest))).catch(() => null);
  if (bytes === null || sha256(bytes) !== digest) return null;
  const parsed = marksSchema.safeParse(parseJson(bytes));
  if (!parsed.success || parsed.data.stocktake !== stocktake) return null;
  const { counters, emptiers, decisions, approvers, posted, voided, seers, matched } = parsed.data;
  const sets = (some: readonly [string, string[]][]) => new Map(some.map(([key, values]) => [key, new Set(values)]));
  return {
    counters: sets(counters),
    emptiers: sets(emptiers),
    seers: sets(seers),
    matched: sets(matched),
    decisions: new Map(decisions),
    approvers: new Map(approvers),
    posted: new Set(posted),
    voided: new Set(voided),
  };
}

/** `newer` on top of `older`. */
export function mergeMarks(older: StocktakeMarks, newer: StocktakeMarks): StocktakeMarks {
  const merged = emptyMarks();
  for (const marks of [older, newer]) {
    for (const which of ['counters', 'emptiers', 'seers', 'matched'] as const) {
      for (const [key, people] of marks[which])
        merged[which].set(key, new Set([...(merged[which].get(key) ?? []), ...people]));
    }
    for (const [key, decision] of marks.decisions) {
      merged.decisions.set(key, decision);
      const approver = marks.approvers.get(key);
      if (approver === undefined) merged.approvers.delete(key);
      else merged.approvers.set(key, approver);
    }
    for (const which of ['posted', 'voided'] as const) {
      for (const key of marks[which]) merged[which].add(key);
    }
  }
  return merged;
}
