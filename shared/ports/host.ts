import { z } from 'zod';
import { factSchema, ledgerEntrySchema, stoppedLineSchema, sendLineSchema } from '../domain/ledger-entry.ts';
import { personIdSchema, personSchema, roleSchema } from '../domain/person.ts';
import type { Result } from '../domain/result.ts';
import { remoteAbilitiesSchema } from './remote-inventory.ts';

const nothing = z.object({});
const idText = z.string().min(1).max(64);
const entriesSchema = z.array(ledgerEntrySchema);
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const pinSchema = z.string().min(4).max(64);

/** What the host found when it opened the journal. `healed` and `damage` are said to the person in plain words. */
export const journalStatusSchema = z.object({
  device: idText,
  /** Sequence and hash of the newest entry; 0 and 64 zeros when there is none. */
  seq: z.number().int().min(0),
  hash: z.string().length(64),
  /** How many there are; fewer than `seq` when numbers between them are lost. */
  entries: z.number().int().min(0),
  /** `missing`: this device had a journal (the device file says so) and its segments are gone. */
  state: z.enum(['whole', 'new', 'missing', 'damaged']),
  /** A torn last line was cut off: bytes dropped. */
  tornBytes: z.number().int().min(0),
  /** First sequence that cannot be trusted, and why, when `damaged`. Entries before it are served; restore from it on. */
  damage: z
    .object({
      fromSeq: z.number().int().min(1),
      segment: z.string(),
      code: z.enum(['bad_line', 'bad_hash', 'broken_chain', 'missing_segment', 'newer_version']),
    })
    .optional(),
  /**
   * Numbers that hold no entry and never will: lost in both copies. `knownSeq` is the highest of them that was certainly
   * given (below `fromSeq`: perhaps none was). The entry after a gap names `prev` as the one before it.
   */
  gaps: z
    .array(
      z.object({
        fromSeq: z.number().int().min(1),
        toSeq: z.number().int().min(1),
        knownSeq: z.number().int().min(0),
        prev: z.string().length(64),
      }),
    )
    .optional(),
});
export type JournalStatus = z.infer<typeof journalStatusSchema>;

const fieldIsSchema = z.object({ field: z.string(), is: z.string() });

export const connectorCardSchema = z.object({
  id: z.string(),
  title: z.string(),
  abilities: remoteAbilitiesSchema,
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      secret: z.boolean(),
      required: z.boolean(),
      initial: z.string().optional(),
      choices: z.array(z.string()).optional(),
      only: fieldIsSchema.optional(),
    }),
  ),
  reasons: z.union([z.array(z.string()), z.literal('text'), z.literal('none')]),
  /** The person signs in at the vendor, in their own browser. */
  signIn: z.object({ only: fieldIsSchema.optional() }).optional(),
  maxLinesPerFile: z.number().int().optional(),
});
export type ConnectorCard = z.infer<typeof connectorCardSchema>;

export const vaultStateSchema = z.enum(['keyring', 'passphrase_needed', 'passphrase_open', 'passphrase_unset']);

export const plannedLineSchema = sendLineSchema.extend({ occurredAt: z.iso.datetime() });

export const remoteItemSchema = z.object({
  id: z.string().max(100),
  name: z.string().max(512),
  sku: z.string().max(128).optional(),
  barcode: z.string().max(128).optional(),
  precision: z.number().int().min(0).max(5),
  cases: z.array(z.object({ code: z.string().max(128), factor: z.number().int().min(1) })).optional(),
  tracked: z.boolean().optional(),
});
export const remoteLocationSchema = z.object({
  id: z.string().max(200),
  name: z.string().max(255),
  active: z.boolean(),
  /** What it belongs to, where the remote knows bins. */
  site: z.string().max(255).optional(),
});

/** The daily copy: where to, when it was made last (ISO), and the code of why it could not be made since. */
const dailyCopySchema = z.object({ folder: z.string(), lastAt: z.string().nullable(), problem: z.string().nullable() });
export type DailyCopy = z.infer<typeof dailyCopySchema>;

/** What a copy holds; names of people and stocktakes in the order in which they came. */
const copyFactsSchema = z.object({
  laptop: z.string(),
  madeAt: z.string(),
  entries: z.number().int(),
  newestAt: z.string().optional(),
  people: z.array(z.string()),
  stocktakes: z.array(z.string()),
});
export type CopyFacts = z.infer<typeof copyFactsSchema>;

/**
 * Everything the page may ask of its host: one row a procedure, both directions validated at the boundary.
 * A procedure that seals facts answers with the sealed entries; the page then inserts them in RxDB.
 */
export const hostContract = {
  /** Opens (or reopens) the conversation. Never fails for damage: it says what is there. */
  start: {
    input: nothing,
    output: z.object({
      appVersion: z.string(),
      laptop: z.string(),
      people: z.array(personSchema),
      signedIn: personSchema.nullable(),
      journal: journalStatusSchema,
      vault: vaultStateSchema,
      lockAfterMs: z.number().int(),
    }),
  },
  /** Only while there is nobody: makes the first person, with every role, and signs them in. */
  createFirstPerson: {
    input: z.object({ name: z.string().trim().min(1).max(80), pin: pinSchema }),
    output: z.object({ person: personSchema, entries: entriesSchema }),
  },
  signIn: {
    input: z.object({ person: personIdSchema, pin: z.string().max(64) }),
    output: z.object({ person: personSchema }),
  },
  signOut: { input: nothing, output: nothing },
  /** Makes or changes a person (admin). `id` absent: a new one, and `pin` is needed. */
  savePerson: {
    input: z.object({
      id: personIdSchema.optional(),
      name: z.string().trim().min(1).max(80),
      roles: z.array(roleSchema).min(1),
      active: z.boolean(),
      pin: pinSchema.optional(),
    }),
    output: z.object({ person: personSchema, entries: entriesSchema }),
  },

  /**
   * Seals facts in the order given, all or none, under the signed-in person; answers after the journal is synced to disk.
   * `early`: answers once they are written, with a `ticket` to ask `synced` about. Until that has answered nothing of them
   * may be called saved; if it refuses, their sequences will be given to other facts, and the page must forget them.
   */
  append: {
    input: z.object({ facts: z.array(factSchema).min(1).max(5000), early: z.boolean().optional() }),
    output: z.object({ entries: entriesSchema, ticket: z.number().int().optional() }),
  },
  /** Answers once the facts of an early answer are synced to disk, or refuses: then none of them is in the journal. Once for each. */
  synced: { input: z.object({ ticket: z.number().int() }), output: nothing },
  /** Journal entries with `fromSeq` ≤ seq, oldest first, about `limit` at most; `nextSeq` is absent at the end. */
  readJournal: {
    input: z.object({ fromSeq: z.number().int().min(1), limit: z.number().int().min(1).max(10_000) }),
    output: z.object({ entries: entriesSchema, nextSeq: z.number().int().optional() }),
  },
  /**
   * Gives the host back what its journal lost: entries that continue the chain exactly (seq, prev, hash are checked).
   * After damage, whatever stood from `damage.fromSeq` on is first set aside, never deleted. `holes`: what is missing
   * between these entries the page has not; it is taken from what was set aside, and what is not there either becomes a
   * gap. With `last` what else survived is put behind them.
   */
  restoreJournal: {
    input: z.object({ entries: entriesSchema.max(10_000), last: z.boolean(), holes: z.boolean().optional() }),
    output: z.object({ journal: journalStatusSchema }),
  },
  /** Reads the whole journal again in the background of the call: what is damaged, if anything. */
  checkJournal: { input: nothing, output: z.object({ journal: journalStatusSchema }) },

  /** Whether the profile's disk can be written, with a little room: `disk_full`, `disk_read_only` or `journal_failed` say why not. */
  checkDisk: { input: nothing, output: nothing },

  /** A catalogue file is written in pieces of JSON lines, then sealed (synced, hashed); an unsealed one is forgotten. */
  beginCatalogueFile: { input: z.object({ what: z.enum(['items', 'bins']) }), output: z.object({ file: idText }) },
  appendCatalogueRows: {
    input: z.object({ file: idText, lines: z.string().max(8_000_000), rows: z.number().int().min(0) }),
    output: nothing,
  },
  sealCatalogueFile: {
    input: z.object({ file: idText }),
    output: z.object({ sha256: sha256Schema, rows: z.number().int() }),
  },
  discardCatalogueFile: { input: z.object({ file: idText }), output: nothing },
  /** Whole JSON lines from byte `offset`, about 4 MB a call; `next` is absent at the end. Refused if the bytes are not what the hash says. */
  readCatalogueFile: {
    input: z.object({ sha256: sha256Schema, offset: z.number().int().min(0) }),
    output: z.object({ lines: z.string(), next: z.number().int().optional() }),
  },
  /** The sample: CC0 products, generated bin labels, opening stock; text of the CSV file. */
  readSample: {
    input: z.object({ what: z.enum(['items', 'bins', 'stock']) }),
    output: z.object({ text: z.string(), name: z.string() }),
  },

  connectors: { input: nothing, output: z.array(connectorCardSchema) },
  /** Opens or first sets the vault's passphrase, where the system has no keyring. */
  unlockVault: {
    input: z.object({ passphrase: z.string().min(8).max(200) }),
    output: z.object({ vault: vaultStateSchema }),
  },
  /** Settings become an entry, secrets go to the vault. Without `connection` a new one is made. */
  saveConnection: {
    input: z.object({
      connection: idText.optional(),
      remote: z.string().max(40),
      name: z.string().trim().min(1).max(80),
      settings: z.record(z.string().max(60), z.string().max(500)),
      secrets: z.record(z.string().max(60), z.string().max(4000)),
    }),
    output: z.object({ connection: idText, entries: entriesSchema }),
  },
  testConnection: {
    input: z.object({ connection: idText }),
    output: z.object({ account: z.string() }),
  },
  /** The page at which the person signs in at the vendor; the host opens it in their browser as well. */
  beginVendorSignIn: { input: z.object({ connection: idText }), output: z.object({ url: z.string() }) },
  /** `answer`: the code, or the whole address that the browser was sent to. */
  finishVendorSignIn: {
    input: z.object({ connection: idText, answer: z.string().min(1).max(4000) }),
    output: nothing,
  },
  remoteLocations: {
    input: z.object({ connection: idText, cursor: z.string().max(4000).optional() }),
    output: z.object({ locations: z.array(remoteLocationSchema), cursor: z.string().optional() }),
  },
  /** Makes a place at the remote, named as our bin. */
  createRemoteLocation: {
    input: z.object({ connection: idText, name: z.string().min(1).max(80), site: z.string().max(255) }),
    output: z.object({ location: remoteLocationSchema }),
  },
  /** Starts tracking of things that have no figure yet; seals what the remote then says it holds of them. */
  startTracking: {
    input: z.object({
      connection: idText,
      items: z.array(z.string().max(100)).min(1).max(100),
      location: z.string().max(200),
    }),
    output: z.object({ entries: entriesSchema }),
  },
  remoteItems: {
    input: z.object({ connection: idText, cursor: z.string().max(4000).optional() }),
    output: z.object({ items: z.array(remoteItemSchema), cursor: z.string().optional() }),
  },
  /** Turns planned lines of a posted batch into frozen requests (a `send_frozen` entry). Refuses a line that was never posted. */
  freezeRequests: {
    input: z.object({
      connection: idText,
      batch: idText,
      lines: z.array(plannedLineSchema).max(100_000),
      stopped: z.array(stoppedLineSchema).max(100_000),
      /** `file`: as files of absolute figures that the remote fetches itself. */
      delivery: z.enum(['request', 'file']).optional(),
    }),
    output: z.object({ entries: entriesSchema }),
  },
  /**
   * Puts the lines of a finished request that neither arrived nor were refused into new requests: halved where the remote
   * refused them together and named none. No amount changes. Nothing to do: no entries.
   */
  freezeAgain: {
    input: z.object({ connection: idText, request: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /** Tells the remote where it finds a file. `url` is used once and kept nowhere. */
  startFileJob: {
    input: z.object({ connection: idText, request: idText, url: z.url().max(2000) }),
    output: z.object({ entries: entriesSchema }),
  },
  /** Stops a file: what the remote has done with it stays done, the rest is open again. */
  abortFileJob: {
    input: z.object({ connection: idText, request: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /**
   * Says whose figure stands where the books differ. `send_ours` freezes a request of ours − theirs for each row, `theirs`
   * being the newest figure that the host has seen; `take_theirs` seals the corrections, which must add up to theirs − ours.
   */
  decideDrift: {
    input: z.object({
      connection: idText,
      decision: idText,
      choice: z.enum(['send_ours', 'take_theirs']),
      rows: z
        .array(
          z.object({
            item: z.string().max(64),
            remoteItem: z.string().max(100),
            remoteLocation: z.string().max(200),
            ours: z.string().max(20),
            theirs: z.string().max(20).nullable(),
          }),
        )
        .min(1)
        .max(1000),
      corrections: z
        .array(
          z.object({
            item: z.string().max(64),
            bin: z.string().max(64),
            lot: z.string().max(64).optional(),
            quantity: z.string().max(20),
          }),
        )
        .max(5000),
    }),
    output: z.object({ entries: entriesSchema }),
  },
  /** One attempt at one frozen request: seals `send_attempted`, sends, seals `send_settled`. Refused while one is under way. */
  pushRequest: {
    input: z.object({ connection: idText, request: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /** Asks the remote what it holds of a request whose outcome is unknown; seals `send_settled`. */
  readBackRequest: {
    input: z.object({ connection: idText, request: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /** One page of figures; seals `remote_observed`. `requestedAt` of the first page is kept over its cursor pages. */
  pullCounts: {
    input: z.object({
      connection: idText,
      updatedAfter: z.iso.datetime().optional(),
      items: z.array(z.string().max(100)).max(100).optional(),
      cursor: z.string().max(4000).optional(),
      requestedAt: z.iso.datetime().optional(),
    }),
    output: z.object({
      entries: entriesSchema,
      cursor: z.string().optional(),
      requestedAt: z.iso.datetime(),
      /** By how many ms this laptop's clock is ahead of the remote's, where its answers bear a time. */
      clockAheadMs: z.number().int().optional(),
    }),
  },

  /** One page of what others changed in [from, to); seals `remote_moved`. `run` names one reading from its start. */
  pullMovements: {
    input: z.object({
      connection: idText,
      run: idText,
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      cursor: z.string().max(4000).optional(),
    }),
    output: z.object({
      entries: entriesSchema,
      cursor: z.string().optional(),
      clockAheadMs: z.number().int().optional(),
    }),
  },

  /**
   * Copies everything but the secrets into a folder that the person chooses, and reads it back before it gets its name
   * (admin). `folder`: the name of the copy.
   */
  copyEverything: {
    input: nothing,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('copied'), folder: z.string(), entries: z.number().int() }),
      z.object({ outcome: z.literal('cancelled') }),
    ]),
  },
  /** `on`: makes such a copy now and once a day in a folder that the person chooses; else no more (admin). */
  keepDailyCopy: { input: z.object({ on: z.boolean() }), output: z.object({ daily: dailyCopySchema.nullable() }) },
  copyStatus: { input: nothing, output: z.object({ daily: dailyCopySchema.nullable() }) },
  /** On a laptop without anybody and anything: says what a copy that the person chooses holds, once all of it was read. */
  chooseCopy: {
    input: nothing,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('chosen'), copy: copyFactsSchema }),
      z.object({ outcome: z.literal('cancelled') }),
    ]),
  },
  /** Takes the copy that was chosen, and starts the app anew. This laptop goes on as the one that the copy was made of. */
  restoreCopy: { input: nothing, output: nothing },

  /** Saves text where the person chooses. */
  saveFile: {
    input: z.object({ suggestedName: z.string().max(200), text: z.string().max(200_000_000) }),
    output: z.object({ outcome: z.enum(['saved', 'cancelled']) }),
  },
  /** One line in the host's log, in words: a few facts. They are redacted there again. */
  log: {
    input: z.object({
      level: z.enum(['info', 'warn', 'error']),
      event: z.string().max(80),
      facts: z
        .record(z.string().max(40), z.union([z.string().max(2000), z.number(), z.boolean()]))
        .refine((facts) => Object.keys(facts).length <= 20),
    }),
    output: nothing,
  },
} as const;

type Contract = typeof hostContract;
export type HostProcedure = keyof Contract;
export type HostInput<Name extends HostProcedure> = z.infer<Contract[Name]['input']>;
export type HostOutput<Name extends HostProcedure> = z.infer<Contract[Name]['output']>;

/** Why the host did not do it. Every code has one sentence for the person in the page's texts. */
export const hostErrorSchema = z.discriminatedUnion('code', [
  z.object({ code: z.literal('bad_request'), reason: z.string() }),
  z.object({ code: z.literal('not_signed_in') }),
  z.object({ code: z.literal('role_missing'), kind: z.string(), roles: z.array(z.string()) }),
  /** The four-eyes rule: this person counted one of the lines. */
  z.object({ code: z.literal('own_count'), item: z.string(), bin: z.string() }),
  z.object({ code: z.literal('wrong_pin'), triesLeft: z.number().int() }),
  z.object({ code: z.literal('locked_out'), until: z.iso.datetime() }),
  z.object({ code: z.literal('people_exist') }),
  z.object({ code: z.literal('not_found'), what: z.string() }),
  z.object({ code: z.literal('not_posted'), item: z.string(), bin: z.string() }),
  z.object({ code: z.literal('not_the_posted_amount'), item: z.string(), bin: z.string() }),
  z.object({ code: z.literal('busy') }),
  z.object({ code: z.literal('disk_full') }),
  /** A file could not be written where the person wanted it: perhaps another disk. `detail`: the system's code. */
  z.object({ code: z.literal('file_not_written'), detail: z.string() }),
  /** A copy of everything is not as it was written; `place`: the file. */
  z.object({ code: z.literal('copy_damaged'), place: z.string() }),
  /** Nothing may be written to the disk, or into this profile. */
  z.object({ code: z.literal('disk_read_only') }),
  z.object({ code: z.literal('journal_failed'), detail: z.string() }),
  z.object({ code: z.literal('journal_incomplete'), fromSeq: z.number().int() }),
  z.object({ code: z.literal('broken_chain'), seq: z.number().int() }),
  z.object({ code: z.literal('damaged_file'), sha256: z.string() }),
  /** A setting that would give a secret away: an address with a password in it, or one of the secrets itself. */
  z.object({ code: z.literal('secret_in_settings'), field: z.string() }),
  z.object({ code: z.literal('vault_locked') }),
  z.object({ code: z.literal('wrong_passphrase') }),
  /** `problem` is the remote error's code, `detail` its words for a person. */
  z.object({
    code: z.literal('remote_failed'),
    remote: z.string(),
    problem: z.string(),
    detail: z.string(),
    /** The remote has asked for so much patience. */
    retryAfterMs: z.number().int().min(0).optional(),
  }),
  z.object({ code: z.literal('host_failed') }),
]);
export type HostError = z.infer<typeof hostErrorSchema>;

/** The host as the page sees it. */
export type Host = {
  readonly [Name in HostProcedure]: (input: HostInput<Name>) => Promise<Result<HostOutput<Name>, HostError>>;
};

/** Carries one call across the process boundary. */
export type HostTransport = (procedure: string, input: unknown) => Promise<unknown>;

/** The one IPC channel. */
export const HOST_CHANNEL = 'tallybook:host';
