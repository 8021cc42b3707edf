import { z } from 'zod';
import {
  factSchema,
  laptopRoleSchema,
  ledgerEntrySchema,
  pinLengthsSchema,
  stoppedLineSchema,
  sendLineSchema,
} from '../domain/ledger-entry.ts';
import { personIdSchema, personSchema, roleSchema, type Role } from '../domain/person.ts';
import type { Result } from '../domain/result.ts';
import { remoteAbilitiesSchema } from './remote-inventory.ts';

const nothing = z.object({});
const idText = z.string().min(1).max(64);
const entriesSchema = z.array(ledgerEntrySchema);
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);
const pinSchema = z.string().min(4).max(64);
const laptopNameSchema = z.string().trim().min(1).max(80);

const gapSchema = z.object({
  fromSeq: z.number().int().min(1),
  toSeq: z.number().int().min(1),
  knownSeq: z.number().int().min(0),
  prev: z.string().length(64),
});

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
   * What the page gave back, nothing vouches for, and is not believed: from `fromSeq` on it is kept in the profile's
   * `witness` folder.
   */
  unproven: z.object({ fromSeq: z.number().int().min(1), entries: z.number().int().min(1) }).optional(),
  /**
   * What the page gave back and was taken though it cannot be proven: of the journal nothing was left, neither remembered
   * nor on disk, that could vouch for it. The first of these entries, and how many they are.
   */
  onTrust: z.object({ fromSeq: z.number().int().min(1), entries: z.number().int().min(1) }).optional(),
  /**
   * Numbers that hold no entry and never will: lost in both copies. `knownSeq` is the highest of them that was certainly
   * given (below `fromSeq`: perhaps none was). The entry after a gap names `prev` as the one before it.
   */
  gaps: z.array(gapSchema).optional(),
  /**
   * Chains of other laptops that are held here, each to its newest entry. `refused`: sequences of entries that are shown
   * and never count; `refusedFrom`: every entry from this sequence on.
   */
  chains: z
    .array(
      z.object({
        device: idText,
        seq: z.number().int().min(1),
        hash: z.string().length(64),
        refused: z.array(z.number().int()).max(10_000).optional(),
        refusedFrom: z.number().int().min(1).optional(),
        /** Numbers that the laptop itself declared as lost: see `gaps` above. */
        gaps: z.array(gapSchema).optional(),
      }),
    )
    .optional(),
  /** Entries of this laptop that are shown and never count: what others had decided meanwhile took the right to them away. */
  refused: z.array(z.number().int()).max(10_000).optional(),
});
export type JournalStatus = z.infer<typeof journalStatusSchema>;

/**
 * A file of this profile that was not as it was written. `healed`: from its second copy, or worked out anew;
 * `foreign_healed`: the same, and what lay there was another profile's. `lost` and `foreign`: nothing of it is believed.
 */
export const mendedSchema = z.object({
  file: z.enum([
    'device',
    'people',
    'keys',
    'vault',
    'checkpoint',
    'catalogue',
    'manifest',
    'restoring',
    'heads',
    'dispute',
    'daily-copy',
    'laptop',
    'chain',
    'exchange',
  ]),
  what: z.enum(['healed', 'foreign_healed', 'lost', 'foreign']),
});
export type Mended = z.infer<typeof mendedSchema>;

export const filesFoundSchema = z.object({
  /** What was not as it was written, since this start; each file once. */
  mended: z.array(mendedSchema),
  /**
   * Who can still enter: `open`: as usual; `recovery_code`: no admin's PIN can be checked any more, the code helps;
   * `closed`: the same, and no code was ever made; `records_missing`: the ledger knows nobody, though people worked here.
   */
  entry: z.enum(['open', 'recovery_code', 'closed', 'records_missing']),
  /** A recovery code was made. */
  hasRecoveryCode: z.boolean(),
  /** Characters that a PIN has at least, by role. */
  pinLengths: pinLengthsSchema,
});
export type FilesFound = z.infer<typeof filesFoundSchema>;

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

const disputeSchema = z.object({
  /** The first entry that is not what it was, and how many of the page's were kept. */
  fromSeq: z.number().int().min(1),
  entries: z.number().int().min(0),
  foundAt: z.iso.datetime(),
  /** What the page said, in the profile's `witness` folder; null: there was no room. */
  file: z.string().nullable(),
});
/** The journal is whole, and not what the page's copy, or what is remembered of it, says: one of them was written anew. */
export type Dispute = z.infer<typeof disputeSchema>;

const hereSchema = z.object({
  appVersion: z.string(),
  laptop: z.string(),
  /** Names for the sign-in screen: never a PIN. */
  people: z.array(personSchema),
  signedIn: personSchema.nullable(),
  journal: journalStatusSchema,
  vault: vaultStateSchema,
  lockAfterMs: z.number().int(),
  /** Until an admin has looked at it, nothing is posted or sent. */
  dispute: disputeSchema.nullable(),
});
/**
 * The daily copy: where to, when it was made last (ISO), the code of why it could not be made since, and how many daily
 * copies of this laptop lay there then: the newest seven, and one of each month before.
 */
const dailyCopySchema = z.object({
  folder: z.string(),
  lastAt: z.string().nullable(),
  problem: z.string().nullable(),
  copies: z.number().int().min(0),
});
export type DailyCopy = z.infer<typeof dailyCopySchema>;

/** A laptop of the site, as far as this one has heard. */
const laptopSchema = z.object({
  laptop: idText,
  name: z.string(),
  role: laptopRoleSchema,
  state: z.enum(['enrolled', 'revoked']),
  isHere: z.boolean(),
  /** Its entries that are held here, and of those how many are shown and not counted. */
  entries: z.number().int().min(0),
  refused: z.number().int().min(0),
  /** Of those not counted: how many the person whom they name did not sign. */
  unsigned: z.number().int().min(0),
  /** Time of its newest entry that is held here, by its own clock; null: none is. */
  newestAt: z.iso.datetime().nullable(),
  /** When something of it was taken in here last; null: never, or it is this laptop. */
  heardAt: z.iso.datetime().nullable(),
  /** The first entry that two histories of it tell differently, both signed by it; null: nothing that counts is in question. */
  forkedAt: z.number().int().min(1).nullable(),
});
export type Laptop = z.infer<typeof laptopSchema>;

/** Who sends over a connection. */
const connectionHolderSchema = z.object({
  connection: idText,
  laptop: idText,
  /** What that laptop is called. */
  name: z.string(),
  isHere: z.boolean(),
  /** This laptop. */
  here: idText,
  /** This laptop may take it: its holder was revoked. */
  mayTake: z.boolean(),
  /** To which laptops this one may give it; none where another one holds it. */
  mayGive: z.array(z.object({ laptop: idText, name: z.string() })),
  /** The account is sent to over another connection, which came first. */
  stoppedBy: z.object({ connection: idText, name: z.string(), laptop: z.string() }).nullable(),
  /** What other laptops may have sent and will not bring to an end: a person says here what arrived. */
  left: z.array(z.object({ name: z.string(), lines: z.number().int().min(1) })),
});
export type ConnectionHolder = z.infer<typeof connectionHolderSchema>;

const teamSchema = z.object({
  /** Null: this laptop works alone. */
  site: z.object({ id: sha256Schema, name: z.string() }).nullable(),
  /** `none`: nothing was asked; `asked`: it has asked to join a site and was not told yet; else what it is there. */
  here: z.enum(['none', 'asked', 'counting', 'supervising', 'revoked']),
  /** The request of this laptop while it asks to join, and the eight words that stand for its key; null otherwise. */
  asked: z.object({ request: z.string(), words: z.array(z.string()) }).nullable(),
  laptops: z.array(laptopSchema),
});
export type Team = z.infer<typeof teamSchema>;

/** Why nothing of a chain is taken. `veiled`: a laptop that counts has handed it on, which is not told all of it. */
const chainProblemSchema = z.enum([
  'not_enrolled',
  'wrong_signature',
  'missing_before',
  'broken',
  'fork',
  'newer_version',
  'revoked',
  'veiled',
]);

/** What a file of another laptop holds, before anything of it is taken. */
const handOverSchema = z.object({
  /** Name of the laptop that wrote the file, as the site knows it, and when. */
  from: z.string(),
  madeAt: z.string(),
  site: z.object({ id: sha256Schema, name: z.string() }),
  /** Entries that are not held here, that are, and that would be shown and not counted. */
  fresh: z.number().int(),
  known: z.number().int(),
  refused: z.number().int(),
  /** Of those refused: how many the person whom they name did not sign. */
  unsigned: z.number().int(),
  laptops: z.array(z.object({ name: z.string(), fresh: z.number().int(), newestAt: z.string().nullable() })),
  /** Bins that fresh counts speak of, and those of them that another laptop counted too in the same pass. */
  bins: z.array(z.string()),
  overlapping: z.array(z.string()),
  /** Catalogue files in it that are not here yet. */
  catalogues: z.number().int(),
  /** Chains of which nothing is taken, and why. */
  problems: z.array(
    z.object({
      laptop: z.string(),
      why: chainProblemSchema,
      fromSeq: z.number().int(),
    }),
  ),
});
export type HandOver = z.infer<typeof handOverSchema>;

/** Something that lies where laptops exchange and is not taken: of which laptop, from which entry on, and what it is called. */
const exchangeRefusalSchema = z.object({
  /** The laptop's name as the site knows it; else the beginning of its number, or nothing where it is no laptop's. */
  laptop: z.string(),
  /** `damaged`: it cannot be read, or is not what its name says; it was asked for again. */
  why: z.enum([...chainProblemSchema.options, 'other_site', 'damaged']),
  fromSeq: z.number().int(),
  file: z.string(),
});
export type ExchangeRefusal = z.infer<typeof exchangeRefusalSchema>;

/** How the shared folder is doing, through which this laptop is kept level with the others. */
const exchangeSchema = z.object({
  folder: z.string(),
  /**
   * `waiting`: not looked into yet. `away`: it is not where it was. `no_key`: this laptop’s key is gone. `old_copy`: this
   * laptop goes on from an old copy of itself. `failed`: `detail` says the system’s code.
   */
  state: z.enum([
    'waiting',
    'reached',
    'away',
    'read_only',
    'full',
    'failed',
    'disk_full',
    'no_key',
    'old_copy',
    'stopped',
  ]),
  detail: z.string(),
  /** When it was reached last; null: not yet. */
  lastAt: z.iso.datetime().nullable(),
  /** Entries of this laptop that do not lie there yet. */
  toPut: z.number().int().min(0),
  /** Laptops of which something lies there that cannot be taken yet, because what comes before it does not. */
  missing: z.array(z.object({ laptop: z.string(), fromSeq: z.number().int() })),
  refused: z.array(exchangeRefusalSchema),
});
export type Exchange = z.infer<typeof exchangeSchema>;

/** How the site's server is doing. */
const siteServerSchema = exchangeSchema.omit({ folder: true }).extend({
  /** Host and port. */
  address: z.string(),
  /** As for a folder. `not_admitted`: the server does not know this laptop. `other_server`: another one answers in its place. */
  state: z.enum([...exchangeSchema.shape.state.options, 'not_admitted', 'other_server']),
  /** Where this laptop runs the server: how that is going; `detail` is a version, or what it said last. Null: it does not. */
  serving: z
    .object({
      state: z.enum(['starting', 'serving', 'not_installed', 'too_old', 'port_taken', 'failed']),
      detail: z.string(),
      port: z.number().int(),
    })
    .nullable(),
  /**
   * Where this laptop saved the server's folder for somebody else to run: what it was saved for, and, by name, enrolled laptops
   * that the folder does not let in as they are now, and revoked ones that it still does. Null: it did not.
   */
  laidOut: z
    .object({
      host: z.string(),
      port: z.number().int(),
      unknown: z.array(z.string()),
      revoked: z.array(z.string()),
    })
    .nullable(),
});
export type SiteServer = z.infer<typeof siteServerSchema>;

const ofServer = z.object({ server: siteServerSchema.nullable() });
const portSchema = z.number().int().min(1024).max(65_535);

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
 * Who may call a procedure. `anybody`: also a page where nobody is signed in, for what signing in needs. `signed in`:
 * whoever is, whatever they may do. `while signed in`: the same, and no sign that they are still there: the page asks it by
 * itself. `once signed in`: also while the screens are locked, if somebody has signed in since
 * the start: what people left under way goes on. Roles: who is signed in and holds one of them.
 */
export type Caller = 'anybody' | 'signed in' | 'while signed in' | 'once signed in' | readonly [Role, ...Role[]];

type Procedure = { readonly who: Caller; readonly input: z.ZodType; readonly output: z.ZodType };

/**
 * Everything the page may ask of its host: one row a procedure, with who may, and both directions validated at the boundary.
 * A procedure that seals facts answers with the sealed entries; the page then inserts them in RxDB.
 */
export const hostContract = {
  /**
   * Opens the conversation, once a page load: what an earlier page was promised of facts on their way is forgotten. Never
   * fails for damage: it says what is there.
   */
  start: { who: 'anybody', input: nothing, output: hereSchema.extend({ files: filesFoundSchema }) },
  /** The same, asked at any time: it changes nothing. */
  whoIsHere: { who: 'anybody', input: nothing, output: hereSchema },
  /** What is known of the profile's small files by now; asks nothing and changes nothing. */
  filesFound: { who: 'anybody', input: nothing, output: filesFoundSchema },
  /** Only while there is nobody: makes the first person, with every role, and signs them in. */
  createFirstPerson: {
    who: 'anybody',
    input: z.object({ name: z.string().trim().min(1).max(80), pin: pinSchema }),
    /** `recoveryCode` is told this once; only its digest is kept. */
    output: z.object({ person: personSchema, recoveryCode: z.string(), entries: entriesSchema }),
  },
  /** Gives an admin a new PIN, for the recovery code, and signs them in. */
  recoverAccess: {
    who: 'anybody',
    input: z.object({ person: personIdSchema, code: z.string().max(100), pin: pinSchema }),
    output: z.object({ person: personSchema, entries: entriesSchema }),
  },
  /** Makes a new recovery code, told this once (admin). The one before is good for nothing from then on. */
  renewRecoveryCode: {
    who: ['admin'],
    input: nothing,
    output: z.object({ recoveryCode: z.string(), entries: entriesSchema }),
  },
  signIn: {
    who: 'anybody',
    input: z.object({ person: personIdSchema, pin: z.string().max(64) }),
    output: z.object({ person: personSchema }),
  },
  signOut: { who: 'anybody', input: nothing, output: nothing },
  /** Makes or changes a person (admin). `id` absent: a new one, and `pin` is needed. */
  savePerson: {
    who: ['admin'],
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
    who: 'signed in',
    input: z.object({ facts: z.array(factSchema).min(1).max(5000), early: z.boolean().optional() }),
    output: z.object({ entries: entriesSchema, ticket: z.number().int().optional() }),
  },
  /** Answers once the facts of an early answer are synced to disk, or refuses: then none of them is in the journal. Once for each. */
  synced: { who: 'anybody', input: z.object({ ticket: z.number().int() }), output: nothing },
  /** Journal entries with `fromSeq` ≤ seq, oldest first, about `limit` at most; `nextSeq` is absent at the end. */
  readJournal: {
    who: 'while signed in',
    input: z.object({
      fromSeq: z.number().int().min(1),
      limit: z.number().int().min(1).max(10_000),
      /** Another laptop's chain; absent: this laptop's journal. */
      device: idText.optional(),
    }),
    output: z.object({ entries: entriesSchema, nextSeq: z.number().int().optional() }),
  },
  /**
   * Gives the host back what its journal lost: entries that continue the chain exactly (seq, prev, hash are checked).
   * After damage, whatever stood from `damage.fromSeq` on is first set aside, never deleted. `holes`: what is missing
   * between these entries the page has not; it is taken from what was set aside, and what is not there either becomes a
   * gap. With `last` what else survived is put behind them.
   */
  restoreJournal: {
    who: 'anybody',
    input: z.object({ entries: entriesSchema.max(10_000), last: z.boolean(), holes: z.boolean().optional() }),
    output: z.object({ journal: journalStatusSchema }),
  },
  /**
   * Keeps what the page's copy says from `fromSeq` on, where it contradicts the journal and is whole itself, as a witness.
   * Nothing is posted or sent from then on until an admin has looked.
   */
  keepWitness: {
    who: 'signed in',
    input: z.object({
      entries: entriesSchema.max(10_000),
      fromSeq: z.number().int().min(1),
      last: z.boolean(),
    }),
    output: nothing,
  },
  /** An admin has looked at what differs: posting and sending go on, by the journal. */
  settleHistory: { who: ['admin'], input: nothing, output: nothing },
  /** Reads the own journal again, or the chains of others, or both where `of` is absent: what is damaged, if anything. */
  checkJournal: {
    who: 'signed in',
    input: z.object({ of: z.enum(['own', 'others']).exactOptional() }),
    output: z.object({ journal: journalStatusSchema }),
  },

  /** Whether the profile's disk can be written, with a little room: `disk_full`, `disk_read_only` or `journal_failed` say why not. */
  checkDisk: { who: 'anybody', input: nothing, output: nothing },

  /** A catalogue file is written in pieces of JSON lines, then sealed (synced, hashed); an unsealed one is forgotten. */
  beginCatalogueFile: {
    who: ['admin', 'lead'],
    input: z.object({ what: z.enum(['items', 'bins']) }),
    output: z.object({ file: idText }),
  },
  appendCatalogueRows: {
    who: ['admin', 'lead'],
    input: z.object({ file: idText, lines: z.string().max(8_000_000), rows: z.number().int().min(0) }),
    output: nothing,
  },
  sealCatalogueFile: {
    who: ['admin', 'lead'],
    input: z.object({ file: idText }),
    output: z.object({ sha256: sha256Schema, rows: z.number().int() }),
  },
  discardCatalogueFile: { who: ['admin', 'lead'], input: z.object({ file: idText }), output: nothing },
  /** Whole JSON lines from byte `offset`, about 4 MB a call; `next` is absent at the end. Refused if the bytes are not what the hash says. */
  readCatalogueFile: {
    who: 'while signed in',
    input: z.object({ sha256: sha256Schema, offset: z.number().int().min(0) }),
    output: z.object({ lines: z.string(), next: z.number().int().optional() }),
  },
  /** The sample: CC0 products, generated bin labels, opening stock; text of the CSV file. */
  readSample: {
    who: ['admin', 'lead'],
    input: z.object({ what: z.enum(['items', 'bins', 'stock']) }),
    output: z.object({ text: z.string(), name: z.string() }),
  },

  connectors: { who: 'signed in', input: nothing, output: z.array(connectorCardSchema) },
  /** Opens or first sets the vault's passphrase, where the system has no keyring. */
  unlockVault: {
    who: ['admin', 'approver'],
    input: z.object({ passphrase: z.string().min(8).max(200) }),
    output: z.object({ vault: vaultStateSchema }),
  },
  /** Settings become an entry, secrets go to the vault. Without `connection` a new one is made. */
  saveConnection: {
    who: ['admin'],
    input: z.object({
      connection: idText.optional(),
      remote: z.string().max(40),
      name: z.string().trim().min(1).max(80),
      settings: z.record(z.string().max(60), z.string().max(500)),
      secrets: z.record(z.string().max(60), z.string().max(4000)),
    }),
    output: z.object({ connection: idText, entries: entriesSchema }),
  },
  /** Which laptop sends over which connection, as far as this one has heard. */
  connectionHolders: { who: 'signed in', input: nothing, output: z.array(connectionHolderSchema) },
  /**
   * From now on `laptop` sends over the connection. Its holder gives it to any other that supervises, and stops at once; this
   * laptop takes it for itself where the holder was revoked, and takes over what that one may have sent.
   */
  holdConnection: {
    who: ['admin', 'approver'],
    input: z.object({ connection: idText, laptop: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /**
   * What other laptops froze for the account and may not bring to its end any more is put in doubt here, so that a person says
   * what arrived. Nothing of it is sent again unless they say that it did not.
   */
  takeOverRequests: {
    who: ['approver'],
    input: z.object({ connection: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  testConnection: {
    who: ['admin', 'approver'],
    input: z.object({ connection: idText }),
    output: z.object({ account: z.string() }),
  },
  /** The page at which the person signs in at the vendor; the host opens it in their browser as well. */
  beginVendorSignIn: { who: ['admin'], input: z.object({ connection: idText }), output: z.object({ url: z.string() }) },
  /** `answer`: the code, or the whole address that the browser was sent to. */
  finishVendorSignIn: {
    who: ['admin'],
    input: z.object({ connection: idText, answer: z.string().min(1).max(4000) }),
    output: nothing,
  },
  remoteLocations: {
    who: ['admin', 'approver'],
    input: z.object({ connection: idText, cursor: z.string().max(4000).optional() }),
    output: z.object({ locations: z.array(remoteLocationSchema), cursor: z.string().optional() }),
  },
  /** Makes a place at the remote, named as our bin. */
  createRemoteLocation: {
    who: ['admin', 'approver'],
    input: z.object({ connection: idText, name: z.string().min(1).max(80), site: z.string().max(255) }),
    output: z.object({ location: remoteLocationSchema }),
  },
  /** Starts tracking of things that have no figure yet; seals what the remote then says it holds of them. */
  startTracking: {
    who: ['admin', 'approver'],
    input: z.object({
      connection: idText,
      items: z.array(z.string().max(100)).min(1).max(100),
      location: z.string().max(200),
    }),
    output: z.object({ entries: entriesSchema }),
  },
  remoteItems: {
    who: ['admin', 'approver'],
    input: z.object({ connection: idText, cursor: z.string().max(4000).optional() }),
    output: z.object({ items: z.array(remoteItemSchema), cursor: z.string().optional() }),
  },
  /** Turns planned lines of a posted batch into frozen requests (a `send_frozen` entry). Refuses a line that was never posted. */
  freezeRequests: {
    who: ['approver'],
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
    who: 'signed in',
    input: z.object({ connection: idText, request: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /** Tells the remote where it finds a file. `url` is used once and kept nowhere. */
  startFileJob: {
    who: ['approver'],
    input: z.object({ connection: idText, request: idText, url: z.url().max(2000) }),
    output: z.object({ entries: entriesSchema }),
  },
  /** Stops a file: what the remote has done with it stays done, the rest is open again. */
  abortFileJob: {
    who: ['approver'],
    input: z.object({ connection: idText, request: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /**
   * Says whose figure stands where the books differ. `send_ours` freezes a request of ours − theirs for each row, `theirs`
   * being the newest figure that the host has seen; `take_theirs` seals the corrections, which must add up to theirs − ours.
   */
  decideDrift: {
    who: ['approver'],
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
    who: 'once signed in',
    input: z.object({ connection: idText, request: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /** Asks the remote what it holds of a request whose outcome is unknown; seals `send_settled`. */
  readBackRequest: {
    who: 'once signed in',
    input: z.object({ connection: idText, request: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /** One page of figures; seals `remote_observed`. `requestedAt` of the first page is kept over its cursor pages. */
  pullCounts: {
    who: 'once signed in',
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
    who: 'once signed in',
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
    who: ['admin'],
    input: nothing,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('copied'), folder: z.string(), entries: z.number().int() }),
      z.object({ outcome: z.literal('cancelled') }),
    ]),
  },
  /** `on`: makes such a copy now and once a day in a folder that the person chooses; else no more (admin). */
  keepDailyCopy: {
    who: ['admin'],
    input: z.object({ on: z.boolean() }),
    output: z.object({ daily: dailyCopySchema.nullable() }),
  },
  copyStatus: { who: ['admin'], input: nothing, output: z.object({ daily: dailyCopySchema.nullable() }) },
  /** On a laptop without anybody and anything: says what a copy that the person chooses holds, once all of it was read. */
  chooseCopy: {
    who: 'anybody',
    input: nothing,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('chosen'), copy: copyFactsSchema }),
      z.object({ outcome: z.literal('cancelled') }),
    ]),
  },
  /** Takes the copy that was chosen, and starts the app anew. This laptop goes on as the one that the copy was made of. */
  restoreCopy: { who: 'anybody', input: nothing, output: nothing },

  /** The site, its laptops and what is held of each. */
  team: { who: 'anybody', input: nothing, output: teamSchema },
  /** Makes a site of this laptop and what it knows; the laptop supervises. */
  foundSite: {
    who: ['admin'],
    input: z.object({ site: laptopNameSchema, laptop: laptopNameSchema }),
    output: z.object({ entries: entriesSchema }),
  },
  /** On a laptop without anybody and anything: text of a request to join a site, to be carried to one of its admins. */
  askToJoin: {
    who: 'anybody',
    input: z.object({ laptop: laptopNameSchema }),
    output: z.object({ request: z.string(), words: z.array(z.string()) }),
  },
  /** What a request says; its words are compared with those on the other laptop's screen. */
  readRequest: {
    who: ['admin'],
    input: z.object({ request: z.string().max(10_000) }),
    output: z.object({ laptop: idText, name: z.string(), words: z.array(z.string()) }),
  },
  enrolLaptop: {
    who: ['admin'],
    input: z.object({ request: z.string().max(10_000), name: laptopNameSchema, role: laptopRoleSchema }),
    output: z.object({ entries: entriesSchema }),
  },
  nameLaptop: {
    who: ['admin'],
    input: z.object({ laptop: idText, name: laptopNameSchema }),
    output: z.object({ entries: entriesSchema }),
  },
  /** What that laptop said up to what is held here stands; nothing after it will ever count. */
  revokeLaptop: {
    who: ['admin'],
    input: z.object({ laptop: idText }),
    output: z.object({ entries: entriesSchema }),
  },
  /**
   * Writes everything that is held here, of all laptops, into one file where the person chooses; for laptops that count,
   * only what they may know: no figure of the book, and nothing that others counted.
   */
  saveHandOver: {
    who: 'signed in',
    input: z.object({ isForCounting: z.boolean().optional() }),
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('saved'), entries: z.number().int() }),
      z.object({ outcome: z.literal('cancelled') }),
    ]),
  },
  /**
   * Writes every chain that is held here into one file that anybody can check, where the person chooses, and what checks it
   * beside it. `stocktake`: the one it is saved for. `digest`: the beginning of the file's digest, to be written down;
   * `verifier`: the name of what checks the file.
   */
  exportEvidence: {
    who: ['lead', 'approver', 'admin'],
    input: z.object({ stocktake: idText.optional() }),
    output: z.discriminatedUnion('outcome', [
      z.object({
        outcome: z.literal('saved'),
        entries: z.number().int(),
        sha256: sha256Schema,
        digest: z.string(),
        verifier: z.string(),
      }),
      z.object({ outcome: z.literal('cancelled') }),
    ]),
  },
  /** A file of another laptop is given in pieces, base64, in order; the first has `at` 0 and forgets any file before. */
  giveHandOver: {
    who: 'anybody',
    input: z.object({ at: z.number().int().min(0), bytes: z.base64().max(8_000_000) }),
    output: nothing,
  },
  /** Checks the file that was given, whole, and says what is in it. Nothing is taken. */
  lookAtHandOver: { who: 'anybody', input: nothing, output: handOverSchema },
  /**
   * Takes what the file holds: chains, catalogue files. `entries`: what this laptop sealed about it. Taken again, or in any
   * other order, it changes nothing. Nobody need be signed in on a laptop that has asked to join and knows nobody yet.
   */
  takeHandOver: {
    who: 'anybody',
    input: nothing,
    output: z.object({ entries: entriesSchema, fresh: z.number().int(), journal: journalStatusSchema }),
  },
  /**
   * How the shared folder and the site's server are doing; null: none was chosen. `news` is another number whenever other laptops' entries or lists
   * were taken in since. It is no sign that anybody is there.
   */
  exchange: {
    who: 'anybody',
    input: nothing,
    output: z.object({
      news: z.number().int(),
      exchange: exchangeSchema.nullable(),
      server: siteServerSchema.nullable(),
    }),
  },
  /** Keeps this laptop level with the others through a folder that the person chooses; whoever may hand over may. */
  shareFolder: {
    who: 'signed in',
    input: nothing,
    output: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('chosen'), exchange: exchangeSchema }),
      z.object({ outcome: z.literal('cancelled') }),
    ]),
  },
  /** Looks into the folder now. */
  lookIntoFolder: { who: 'signed in', input: nothing, output: nothing },
  /** No more; what lies in the folder stays there. */
  leaveFolder: { who: 'signed in', input: nothing, output: nothing },
  /** Keeps this laptop level through the server that a file of another laptop names; `text`: what is in it. */
  joinServer: { who: 'signed in', input: z.object({ text: z.string().max(50_000) }), output: ofServer },
  /** Asks the server now. */
  lookIntoServer: { who: 'signed in', input: nothing, output: nothing },
  /** No more; a server on this laptop stops. What the server holds stays there. */
  leaveServer: { who: 'signed in', input: nothing, output: nothing },
  /** This laptop serves the site from now on, whenever the app runs. */
  serveSite: { who: ['admin'], input: z.object({ port: portSchema }), output: ofServer },
  stopServing: { who: ['admin'], input: nothing, output: ofServer },
  /** Saves what the other laptops need to join the server. */
  saveServerFile: {
    who: 'signed in',
    input: nothing,
    output: z.object({ outcome: z.enum(['saved', 'cancelled']) }),
  },
  /** Lays what a server needs into a folder, for whoever runs it at `host`, and joins that server. `file`: for the other laptops. */
  saveServerFolder: {
    who: ['admin'],
    input: z.object({ host: z.string().regex(/^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/i), port: portSchema }),
    output: z.discriminatedUnion('outcome', [
      ofServer.extend({ outcome: z.literal('saved'), file: z.string() }),
      z.object({ outcome: z.literal('cancelled') }),
    ]),
  },
  /**
   * The first PIN of a person on an enrolled laptop that counts, and signs them in; what it may write is bound by the
   * laptop.
   */
  setFirstPin: {
    who: 'anybody',
    input: z.object({ person: personIdSchema, pin: pinSchema }),
    output: z.object({ person: personSchema, entries: entriesSchema }),
  },

  /** Saves text where the person chooses. Before anybody is known it saves a request to join a site. */
  saveFile: {
    who: 'anybody',
    input: z.object({ suggestedName: z.string().max(200), text: z.string().max(200_000_000) }),
    output: z.object({ outcome: z.enum(['saved', 'cancelled']) }),
  },
  /** One line in the host's log, in words: a few facts. They are redacted there again. */
  log: {
    who: 'anybody',
    input: z.object({
      level: z.enum(['info', 'warn', 'error']),
      event: z.string().max(80),
      facts: z
        .record(z.string().max(40), z.union([z.string().max(2000), z.number(), z.boolean()]))
        .refine((facts) => Object.keys(facts).length <= 20),
    }),
    output: nothing,
  },
} as const satisfies Readonly<Record<string, Procedure>>;

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
  z.object({ code: z.literal('wrong_code'), triesLeft: z.number().int() }),
  z.object({ code: z.literal('pin_too_short'), length: z.number().int() }),
  /** What proves this PIN is gone. `cure`: an admin gives a new one, the recovery code does, or nothing here can. */
  z.object({ code: z.literal('pin_lost'), cure: z.enum(['admin', 'recovery_code', 'none']) }),
  /** What somebody signs with on this laptop is not open, or lost: signing in again opens it, a new PIN brings a new one. */
  z.object({ code: z.literal('cannot_sign') }),
  z.object({ code: z.literal('people_exist') }),
  /** Nobody is in the ledger, and other files show that people worked here: nobody is the first person. */
  z.object({ code: z.literal('records_missing') }),
  z.object({ code: z.literal('not_found'), what: z.string() }),
  /** A figure about to be posted is not what the journal says was counted, what the book was, or what was approved. */
  z.object({ code: z.literal('not_as_counted'), item: z.string(), bin: z.string() }),
  /** A line that cannot be taken back out of the books; see `NotReversible`. */
  z.object({
    code: z.literal('not_reversible'),
    why: z.enum(['not_posted', 'reversed', 'counted_since', 'matched_since']),
    item: z.string(),
    bin: z.string(),
  }),
  z.object({ code: z.literal('bin_not_done'), bin: z.string() }),
  z.object({ code: z.literal('bin_handed_in'), bin: z.string() }),
  /** Nobody asked for this bin to be counted again in this pass. */
  z.object({ code: z.literal('not_asked_for'), bin: z.string() }),
  /** Journal and page say different things, and no admin has looked at it yet. */
  z.object({ code: z.literal('history_differs') }),
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
  /** The file of another laptop is not whole, or none. */
  z.object({ code: z.literal('bad_hand_over'), why: z.enum(['not_one', 'cut_short', 'changed', 'newer_version']) }),
  /** What is held of another laptop turned out to be damaged while it was written; nothing was saved. */
  z.object({ code: z.literal('chain_damaged') }),
  /** It is of another site than this laptop's. */
  z.object({ code: z.literal('other_site'), site: z.string() }),
  /** This laptop belongs to no site, or to one already. */
  z.object({ code: z.literal('no_site') }),
  z.object({ code: z.literal('site_exists') }),
  /** Another laptop sends over this connection. */
  z.object({ code: z.literal('held_elsewhere'), laptop: z.string() }),
  /** The account is connected already: `laptop` sends to it, over the connection `name`. */
  z.object({ code: z.literal('account_known'), laptop: z.string(), name: z.string(), remote: z.string() }),
  /** This laptop was revoked: it sends nothing any more. */
  z.object({ code: z.literal('laptop_revoked') }),
  /** What this laptop may write does not include it: another laptop does. */
  z.object({ code: z.literal('laptop_may_not'), kind: z.string() }),
  /** A laptop that is enrolled anew does what it did before; for anything else it is set up as a new one. */
  z.object({ code: z.literal('other_role'), role: laptopRoleSchema }),
  /** The folder that was chosen cannot be shared: nothing may be written there, there is no room, or it is gone. */
  z.object({ code: z.literal('folder_not_usable'), why: z.enum(['away', 'read_only', 'full', 'failed']) }),
  /** The file does not say where a site's server is. */
  z.object({ code: z.literal('bad_server_file') }),
  /** No server could be started on this laptop. `detail`: its version, or what it said last. */
  z.object({
    code: z.literal('server_not_started'),
    why: z.enum(['not_installed', 'too_old', 'port_taken', 'failed']),
    detail: z.string(),
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
