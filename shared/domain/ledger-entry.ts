import { z } from 'zod';
import { itemBarcodeSchema, skuSchema } from './item.ts';
import { binCodeSchema, binSchema } from './location.ts';
import { personIdSchema, roleSchema, type Role } from './person.ts';

/**
 * Bumped when a stored entry changes shape. Older entries stay readable as they are; an app that meets a higher number
 * refuses to open and touches nothing.
 */
export const LEDGER_VERSION = 6;

/** Canonical decimal text, at most five decimals: "24", "2.5", "-3". See quantity.ts. */
const quantity = z.string().regex(/^(?!-0$)-?(0|[1-9]\d{0,11})(\.\d{0,4}[1-9])?$/);
const instant = z.iso.datetime();
const idText = z.string().min(1).max(64);
const note = z.string().max(500);
const sha256Text = z.string().regex(/^[0-9a-f]{64}$/);
/** How a short secret is stretched: argon2id, memory in KiB. Kept beside each result so that it may be raised later. */
export const stretchSchema = z.object({
  salt: z.string().min(16).max(64),
  memoryKib: z.number().int().min(8192).max(1_048_576),
  passes: z.number().int().min(1).max(20),
});
export type Stretch = z.infer<typeof stretchSchema>;

/** Characters that a PIN has at least, by role. */
export const pinLengthsSchema = z.partialRecord(roleSchema, z.number().int().min(4).max(64));
export type PinLengths = z.infer<typeof pinLengthsSchema>;
const lot = z.string().min(1).max(64).optional();
/** The entry whose statement is said again after it was taken back: no new look at the shelf, it stands where it stood. */
const again = idText.optional();
const pass = z.number().int().min(1).max(9);
/** A laptop's Ed25519 public key: 32 bytes, base64url. */
export const laptopKeySchema = z.string().regex(/^[\w-]{43}$/);
/** What an Ed25519 key makes of a text: 64 bytes, base64url. */
const signatureSchema = z.string().regex(/^[\w-]{86}$/);
/** On a laptop of a site: the person's own signature over the entry as it stands in its chain, without this member. */
const signed = { sig: signatureSchema.optional() };
/** What a laptop of a site may write: `counting`: what is said at a shelf; `supervising`: whatever its people may. */
export const laptopRoleSchema = z.enum(['counting', 'supervising']);
export type LaptopRole = z.infer<typeof laptopRoleSchema>;
const laptopShape = {
  laptop: idText,
  key: laptopKeySchema,
  name: z.string().trim().min(1).max(80),
};
/** The newest entry of a chain. */
const headShape = { device: idText, seq: z.number().int().min(1), hash: sha256Text };

/** What a count line is about: one item, in one bin, of one lot. */
const lineShape = { item: skuSchema, bin: binCodeSchema, lot };
/** Where a fact of counting belongs. */
const sheetShape = { stocktake: idText, pass, bin: binCodeSchema };
/**
 * What a code on a sheet stands for; `factor`: units in one scan of it, absent for one. A match and its withdrawal also
 * name a `batch` that nobody used yet: where the line was posted already, the difference is decided there.
 */
const matchShape = {
  ...sheetShape,
  code: z.string().min(1).max(4096),
  item: skuSchema,
  lot,
  factor: quantity.optional(),
};

export const decisionSchema = z.enum(['approve', 'recount', 'reject', 'hold', 'undecided']);
export type Decision = z.infer<typeof decisionSchema>;

/** One line as it was posted: figures frozen at that moment. `anchor` is the entry the count stands at, `countedAt` its time. */
export const postedLineSchema = z.object({
  ...lineShape,
  counted: quantity,
  bookThen: quantity,
  variance: quantity,
  anchor: idText,
  countedAt: instant,
});
export type PostedLine = z.infer<typeof postedLineSchema>;

/** One line of a frozen request: what it changes, where, and the posted line it came from. */
export const sendLineSchema = z.object({
  /** Our reference: stable, handed to the remote where it keeps one, used to read back. */
  ref: idText,
  item: skuSchema,
  remoteItem: z.string().max(100),
  remoteLocation: z.string().max(200),
  change: z.enum(['count', 'adjust']),
  /** Absolute for a count, signed for an adjustment. */
  quantity,
  bins: z.array(binCodeSchema),
  /** The remote's figure that an adjustment was worked out from, where it is counted less theirs and no variance. */
  from: quantity.optional(),
  /**
   * What our book adds to the posted figures: bins that were not counted, and what became known since about the time
   * before. There, if only as "0", wherever a person set our figure in the place of theirs.
   */
  beside: quantity.optional(),
  /** The remote's own word for why, where it takes one. */
  reason: z.string().max(200).optional(),
  /** When it was counted, or planned: a line that goes again keeps it. */
  occurredAt: instant.optional(),
});
export type SendLine = z.infer<typeof sendLineSchema>;

/** One request, byte for byte as it will be sent, however often. */
export const frozenRequestSchema = z.object({
  /** Outbox item id; derived from what it carries, so the same plan makes the same id. */
  id: idText,
  idempotencyKey: z.string().max(128),
  method: z.enum(['POST', 'PUT']),
  path: z.string().max(200),
  body: z.string().max(2_000_000),
  lines: z.array(sendLineSchema).min(1),
  /** `file`: the body is a file that a person puts where the remote can fetch it; absent: the body is sent. */
  delivery: z.literal('file').optional(),
});
export type FrozenRequest = z.infer<typeof frozenRequestSchema>;

export const stoppedLineSchema = z.object({
  ...lineShape,
  code: z.string().max(60),
  detail: z.string().max(300).optional(),
});
export type StoppedLine = z.infer<typeof stoppedLineSchema>;

/** A figure seen at a remote. `quantity` null: the remote has no row, which is not zero. */
export const observedCountSchema = z.object({
  remoteItem: z.string().max(100),
  remoteLocation: z.string().max(200),
  quantity: quantity.nullable(),
  calculatedAt: z.string().max(40).optional(),
  /** What of it is promised to somebody: it lies on the shelf, and is counted there, until it is handed over. */
  reserved: quantity.optional(),
  /** False: the remote keeps no figure of it until tracking is started. */
  tracked: z.boolean().optional(),
});
export type ObservedCount = z.infer<typeof observedCountSchema>;

/** A line of which nobody can say from the remote's figures whether it arrived: the figure before the attempt, and now. */
export const doubtfulLineSchema = z.object({ ref: idText, before: quantity.nullable(), now: quantity.nullable() });
export type DoubtfulLine = z.infer<typeof doubtfulLineSchema>;

/**
 * How one attempt at a frozen request ended. `unknown`: it may have taken effect; it must be read back. `split` is final:
 * what arrived, what did not (it goes again in a new request), and what a person has to say.
 */
export const outcomeSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('confirmed'),
    receipts: z.array(z.object({ ref: idText, remoteId: z.string().max(200).optional() })),
  }),
  z.object({
    state: z.literal('rejected'),
    code: z.string().max(60),
    detail: z.string().max(1000),
    refs: z.array(idText),
  }),
  z.object({
    state: z.literal('split'),
    arrived: z.array(idText),
    missing: z.array(idText),
    refused: z.array(z.object({ ref: idText, detail: z.string().max(300) })),
    doubtful: z.array(doubtfulLineSchema),
  }),
  z.object({ state: z.literal('retry'), code: z.string().max(60), notBefore: instant }),
  z.object({ state: z.literal('unknown'), code: z.string().max(60), notBefore: instant }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;

/** What somebody else did to the stock at a remote. `remoteLocation` "": the remote keeps one figure an item. */
export const remoteMovementSchema = z.object({
  /** The same movement read twice has the same key; two movements may share one. */
  key: z.string().min(1).max(300),
  remoteItem: z.string().max(100),
  remoteLocation: z.string().max(200),
  /** Signed. */
  quantity,
  after: quantity.nullable(),
  happenedAt: instant,
  /** The remote's own word or number for what it was: shown, never decided by. */
  what: z.string().max(120),
});
export type RemoteMovement = z.infer<typeof remoteMovementSchema>;

/** The closed union of facts. Adding one makes the compiler show every place that must decide what it means. */
export const factSchema = z.discriminatedUnion('kind', [
  // the house
  z.object({
    kind: z.literal('person_changed'),
    person: personIdSchema,
    name: z.string().max(80),
    roles: z.array(roleSchema),
    active: z.boolean(),
    ...signed,
  }),
  /** What proves a person's PIN: the digest of the record that the host keeps, so that no other record does. */
  z.object({
    kind: z.literal('pin_set'),
    person: personIdSchema,
    digest: sha256Text,
    /** `kept`: the same PIN, kept in another way. `recovered`: by an admin who had the recovery code. */
    how: z.enum(['set', 'kept', 'recovered']),
  }),
  /** A try to sign in that failed, the `wrong`th in a row; `waitMs`: no other is heard before. */
  z.object({
    kind: z.literal('sign_in_refused'),
    person: personIdSchema,
    wrong: z.number().int().min(1),
    waitMs: z.number().int().min(0),
  }),
  /** The right PIN after wrong ones. */
  z.object({ kind: z.literal('tries_cleared'), person: personIdSchema }),
  /**
   * What a person on this laptop signs with from now on, opened by their PIN. `first`: nobody's key was there before;
   * `changed`: with a new PIN; `recovered`: by the recovery code. It is signed by the admin who gave the PIN, by the
   * person's key before it, or by the code's; not signed where the PIN is older than keys are.
   */
  z.object({
    kind: z.literal('person_key_added'),
    person: personIdSchema,
    key: laptopKeySchema,
    how: z.enum(['first', 'changed', 'recovered']),
    ...signed,
  }),
  /**
   * The stretched recovery code. It is too long to be guessed from this. `key`: the public half of the key that follows
   * from the code; absent: an earlier version made it.
   */
  z.object({
    kind: z.literal('recovery_code_set'),
    stretch: stretchSchema,
    digest: sha256Text,
    key: laptopKeySchema.optional(),
    ...signed,
  }),
  /** The shortest PIN that may be given to somebody who holds a role; absent: as short as any. */
  z.object({ kind: z.literal('pin_lengths_set'), lengths: pinLengthsSchema, ...signed }),
  /** The host has kept what follows from all entries before: only a file with this digest is believed. */
  z.object({ kind: z.literal('checkpoint_kept'), digest: sha256Text }),
  z.object({
    kind: z.literal('catalogue_imported'),
    what: z.enum(['items', 'bins']),
    /** The host's file that holds every row, named by the SHA-256 of its bytes. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    rows: z.number().int().min(0),
    source: z.string().max(260),
  }),
  z.object({ kind: z.literal('barcode_taught'), item: skuSchema, barcode: itemBarcodeSchema }),
  /** The code does not stand for the item any more: taken away by hand, or moved to another item. */
  z.object({ kind: z.literal('barcode_retired'), item: skuSchema, code: itemBarcodeSchema.shape.code }),
  /** Out of use, or in use again. Stock and history stay. */
  z.object({ kind: z.literal('item_retired'), item: skuSchema, retired: z.boolean() }),
  z.object({ kind: z.literal('bin_retired'), bin: binCodeSchema, retired: z.boolean() }),
  /** A bin made on purpose, without a file. */
  z.object({ kind: z.literal('bin_made'), bin: binSchema.omit({ retired: true }) }),

  // laptops
  /** The laptop that says so founds a site: the hash of this entry is the site's id. */
  z.object({ kind: z.literal('site_created'), site: laptopShape.name, ...laptopShape }),
  /** What is signed with this key is that laptop's word from now on. */
  z.object({ kind: z.literal('laptop_enrolled'), ...laptopShape, role: laptopRoleSchema, ...signed }),
  z.object({ kind: z.literal('laptop_named'), laptop: idText, name: laptopShape.name, ...signed }),
  /** What the laptop had said up to `seq` stands; what comes after it is shown and never counts. */
  z.object({ kind: z.literal('laptop_revoked'), laptop: idText, seq: z.number().int().min(0), ...signed }),
  /**
   * Other laptops' entries were taken in, up to these. `at`: the latest place of them in the order of the ledger; what this
   * laptop says from now on was said after them, whatever its clock shows. `ahead`: whose clocks are ahead of its own, by so
   * much at least: what was taken in bears times that were still to come here.
   */
  z.object({
    kind: z.literal('heard'),
    heads: z.array(z.object(headShape)).min(1).max(1000),
    at: instant,
    ahead: z
      .array(z.object({ device: idText, ms: z.number().int().min(1) }))
      .min(1)
      .max(1000)
      .optional(),
  }),

  // stock
  z.object({
    kind: z.literal('stock_changed'),
    ...lineShape,
    quantity,
    reason: z.enum(['opening', 'receipt', 'issue', 'sale', 'return', 'damage', 'correction']),
    /** When it really happened, if it is recorded late. Never later than the entry itself. */
    happenedAt: instant.optional(),
    reference: z.string().max(120).optional(),
  }),
  z.object({
    kind: z.literal('stock_moved'),
    item: skuSchema,
    from: binCodeSchema,
    to: binCodeSchema,
    lot,
    quantity,
    happenedAt: instant.optional(),
  }),

  // counting
  z.object({
    kind: z.literal('stocktake_created'),
    stocktake: idText,
    name: z.string().trim().min(1).max(120),
    blind: z.boolean(),
    bins: z.array(binCodeSchema).min(1).max(50_000),
  }),
  /** What the book has in bins of a stocktake, by name and without a figure: for laptops that are not told the book. */
  z.object({
    kind: z.literal('expected_named'),
    stocktake: idText,
    bins: z
      .array(z.object({ bin: binCodeSchema, items: z.array(z.object({ item: skuSchema, lot })).min(1) }))
      .min(1)
      .max(1000),
  }),
  z.object({ kind: z.literal('bin_opened'), ...sheetShape }),
  z.object({
    kind: z.literal('counted'),
    ...sheetShape,
    item: skuSchema,
    lot,
    serial: z.string().min(1).max(64).optional(),
    expiresOn: z.iso.date().optional(),
    /** What this observation adds to the line; negative when a typed total lowers it, zero for "none here". */
    quantity,
    how: z.enum(['scan', 'typed', 'redo']),
    /** The code as the scanner gave it. */
    code: z.string().max(4096).optional(),
    /** The quantity as the person wrote it: "3*12+7", "1 case (12)". */
    entered: z.string().max(120).optional(),
    again,
  }),
  /** A serial was scanned in this bin that counts in another one already: it counts once, and somebody has to look. */
  z.object({
    kind: z.literal('serial_repeated'),
    ...sheetShape,
    item: skuSchema,
    serial: z.string().min(1).max(64),
    countedIn: binCodeSchema,
  }),
  z.object({
    kind: z.literal('unknown_scanned'),
    ...sheetShape,
    code: z.string().min(1).max(4096),
    quantity,
    /** The item taken just before it in this bin, so that the shelf can be found again. */
    after: skuSchema.optional(),
    again,
  }),
  /** A code nobody knew, met where nothing is counted: with no bin open, or while stock is moved. It is in no figure. */
  z.object({
    kind: z.literal('unknown_noted'),
    where: z.enum(['no_bin', 'move']),
    code: z.string().min(1).max(4096),
    quantity,
    stocktake: idText.optional(),
    /** The bin that a move starts from. */
    from: binCodeSchema.optional(),
    /** The item taken just before it in this move. */
    after: skuSchema.optional(),
  }),
  /** What a code of this sheet is: its scans, those still to come too, stand for the item from now on. */
  z.object({
    kind: z.literal('unknown_matched'),
    ...matchShape,
    batch: idText,
    /** The code taught to the item with this match: taken away again with it. */
    taught: itemBarcodeSchema.shape.code.optional(),
  }),
  /** The same from somebody who may only propose: it changes nothing until it is matched. */
  z.object({ kind: z.literal('unknown_proposed'), ...matchShape }),
  /** Takes a match or a proposal back. */
  z.object({
    kind: z.literal('match_withdrawn'),
    ...sheetShape,
    /** The entry taken back, and what it had said. */
    withdraws: idText,
    was: z.object({ code: z.string().min(1).max(4096), item: skuSchema, lot }),
    batch: idText,
  }),
  z.object({
    kind: z.literal('count_voided'),
    ...sheetShape,
    /** The entry taken back, and what it had said. */
    voids: idText,
    was: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('counted'), item: skuSchema, lot, quantity, serial: z.string().max(64).optional() }),
      z.object({ kind: z.literal('unknown_scanned'), code: z.string().max(4096), quantity }),
      z.object({ kind: z.literal('bin_confirmed_empty') }),
    ]),
  }),
  z.object({ kind: z.literal('bin_confirmed_empty'), ...sheetShape, again }),
  z.object({
    kind: z.literal('bin_skipped'),
    ...sheetShape,
    reason: z.enum(['blocked', 'unsafe', 'not_found', 'out_of_scope']),
    note: note.optional(),
  }),
  z.object({ kind: z.literal('bin_finished'), ...sheetShape }),

  // deciding
  /**
   * Several people counted the same pile, and only what `person` counted stands. `saw`: what each had counted then; a count
   * that comes later asks again. Two piles, or the pile counted again, are decisions.
   */
  z.object({
    kind: z.literal('overlap_settled'),
    ...sheetShape,
    item: skuSchema,
    lot,
    person: personIdSchema,
    saw: z
      .array(z.object({ person: personIdSchema, counted: quantity }))
      .min(2)
      .max(50),
    note: note.optional(),
    ...signed,
  }),
  z.object({
    kind: z.literal('batch_submitted'),
    batch: idText,
    stocktake: idText,
    pass,
    bins: z.array(binCodeSchema).min(1),
  }),
  z.object({
    kind: z.literal('lines_decided'),
    batch: idText,
    decision: decisionSchema,
    /** `saw`: what stood there when it was decided: the entry that the count stood at, and the count. */
    lines: z
      .array(z.object({ ...lineShape, saw: z.object({ anchor: idText, counted: quantity }).optional() }))
      .min(1)
      .max(5000),
    reason: z.string().max(60).optional(),
    note: note.optional(),
    /** What one press decided, where that takes more than one entry: what is taken back together. */
    act: idText.optional(),
    /** The act that is taken back by giving its lines what was decided before it. */
    undoes: idText.optional(),
    /** The pass whose lines are to be counted again, or not any more: for laptops that know no batch. */
    recount: z.object({ stocktake: idText, pass }).optional(),
    ...signed,
  }),
  z.object({
    kind: z.literal('lines_posted'),
    batch: idText,
    lines: z.array(postedLineSchema).min(1).max(1000),
    ...signed,
  }),
  /**
   * Takes posted lines of one batch back, under a batch of its own. Of each line: `bookThen` is what it was posted with,
   * `counted` what the book says at that count without it; `anchor` and `countedAt` are those of the count.
   */
  z.object({
    kind: z.literal('lines_reversed'),
    batch: idText,
    reverses: idText,
    lines: z.array(postedLineSchema).min(1).max(1000),
    reason: z.string().trim().min(1).max(60),
    note: note.optional(),
    ...signed,
  }),

  // sending
  z.object({
    kind: z.literal('connection_saved'),
    connection: idText,
    remote: z.string().max(40),
    name: z.string().max(80),
    /** Nothing secret: secrets live in the host's vault. */
    settings: z.record(z.string().max(60), z.string().max(500)),
    ...signed,
  }),
  /**
   * From now on this laptop sends over the connection, and no other. Until it was said the first that saved it does. Said by
   * the laptop that holds it, or by one that takes it once the holder was revoked.
   */
  z.object({ kind: z.literal('connection_held'), connection: idText, laptop: idText, ...signed }),
  z.object({
    kind: z.literal('mapping_set'),
    connection: idText,
    items: z
      .array(z.object({ item: skuSchema, remoteItem: z.string().max(100), precision: z.number().int().min(0).max(5) }))
      .max(5000),
    sites: z.array(z.object({ site: z.string().max(80), remoteLocation: z.string().max(200) })).max(500),
    /** Where the remote knows bins: ours and theirs, one to one. */
    bins: z
      .array(z.object({ bin: binCodeSchema, remoteLocation: z.string().max(200) }))
      .max(5000)
      .optional(),
    /** Our reason for a variance, and the remote's word for it. */
    reasons: z
      .array(z.object({ reason: z.string().max(60), word: z.string().max(200) }))
      .max(100)
      .optional(),
    ...signed,
  }),
  z.object({
    kind: z.literal('send_frozen'),
    connection: idText,
    batch: idText,
    requests: z.array(frozenRequestSchema),
    stopped: z.array(stoppedLineSchema),
  }),
  z.object({
    kind: z.literal('send_attempted'),
    connection: idText,
    request: idText,
    attempt: z.number().int().min(1),
    /** The remote's figures just before, where a lost answer can be told from nothing else. */
    before: z.array(observedCountSchema).max(1000).optional(),
  }),
  z.object({
    kind: z.literal('send_settled'),
    connection: idText,
    request: idText,
    attempt: z.number().int().min(1),
    outcome: outcomeSchema,
  }),
  z.object({
    kind: z.literal('remote_observed'),
    connection: idText,
    /** Start of the request that saw these figures, by this laptop's clock: the next watermark. */
    requestedAt: instant,
    counts: z.array(observedCountSchema).max(1000),
    complete: z.boolean(),
  }),
  /** What a person found out about lines in doubt. */
  z.object({
    kind: z.literal('doubt_settled'),
    connection: idText,
    request: idText,
    arrived: z.array(idText).max(1000),
    missing: z.array(idText).max(1000),
    ...signed,
  }),
  /** A difference between the books, and whose figure stands. `send_ours` is followed by the request that carries it. */
  z.object({
    kind: z.literal('drift_decided'),
    connection: idText,
    decision: idText,
    choice: z.enum(['send_ours', 'take_theirs']),
    /** The remote's time then, where it was known how far our clock is off. */
    theirTime: instant.optional(),
    rows: z
      .array(
        z.object({
          item: skuSchema,
          remoteItem: z.string().max(100),
          remoteLocation: z.string().max(200),
          ours: quantity,
          theirs: quantity.nullable(),
        }),
      )
      .min(1)
      .max(1000),
    ...signed,
  }),
  /** Movements that others made, of one closed window of time. `run`: one reading of the window from its start. */
  z.object({
    kind: z.literal('remote_moved'),
    connection: idText,
    run: idText,
    from: instant,
    to: instant,
    movements: z.array(remoteMovementSchema).max(1000),
    complete: z.boolean(),
  }),
  /** The remote has begun to fetch and work through a file. Its address may open it to anyone, so it is not kept. */
  z.object({
    kind: z.literal('file_job_started'),
    connection: idText,
    request: idText,
    job: z.string().min(1).max(200),
  }),
  /** Something was said that is not told here: the entry stands with its hash, and what it says stays where the books are. */
  z.object({ kind: z.literal('veiled') }),
]);
export type Fact = z.infer<typeof factSchema>;
export type FactKind = Fact['kind'];
export type FactOf<Kind extends FactKind> = Extract<Fact, { kind: Kind }>;

/**
 * A fact as it is kept for good. `id` = device + sequence; `prev` is the hash of the device's entry before it, `hash` the
 * SHA-256 of this entry's canonical text (see `entryText`). `at` is the host's clock: a label, never an order.
 * `veil` is the SHA-256 of what it says and of a random `salt` (see `veil.ts`): only such an entry can be shown veiled.
 */
export const ledgerEntrySchema = z.object({
  id: idText,
  device: idText,
  seq: z.number().int().min(1),
  at: instant,
  by: z.string().min(1).max(64),
  v: z.number().int().min(1),
  prev: z.string().length(64),
  hash: z.string().length(64),
  veil: sha256Text.optional(),
  salt: idText.optional(),
  fact: factSchema,
});
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
export type EntryOf<Kind extends FactKind> = Omit<LedgerEntry, 'fact'> & { fact: FactOf<Kind> };

/** `prev` of a device's first entry. */
export const FIRST_PREV = '0'.repeat(64);

/** An entry's id; ids of one device sort as text in the order of its sequence. */
export function entryId(device: string, seq: number): string {
  return `${device}-${String(seq).padStart(12, '0')}`;
}

/** JSON with keys in the order of their UTF-16 code units and no white space: one text for one value, whoever built the object. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = value as Readonly<Record<string, unknown>>;
  let text = '';
  for (const key of Object.keys(members).toSorted()) {
    const member = members[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/**
 * The text whose SHA-256 is the entry's hash: everything but the id (derived) and the hash itself. Where an entry has a veil
 * that stands for what it says, so that the hash can be checked by whoever is not told.
 */
export function entryText(entry: Omit<LedgerEntry, 'hash' | 'id'>): string {
  const { device, seq, at, by, v, prev, fact, veil } = entry;
  // In the order of their keys, and flat: nothing is left to sort.
  if (veil !== undefined) return JSON.stringify({ at, by, device, prev, seq, v, veil });
  return canonicalJson({ at, by, device, fact, prev, seq, v });
}

/** Who may write which fact. `engine` facts are written by the host and the sync loop, not by a person. */
export const WRITERS: Readonly<Record<FactKind, readonly (Role | 'engine')[]>> = {
  person_changed: ['admin'],
  pin_set: ['engine'],
  sign_in_refused: ['engine'],
  tries_cleared: ['engine'],
  person_key_added: ['engine'],
  recovery_code_set: ['engine'],
  pin_lengths_set: ['admin'],
  checkpoint_kept: ['engine'],
  catalogue_imported: ['admin', 'lead'],
  barcode_taught: ['lead', 'approver', 'admin'],
  barcode_retired: ['lead', 'approver', 'admin'],
  item_retired: ['lead', 'approver', 'admin'],
  bin_retired: ['lead', 'approver', 'admin'],
  bin_made: ['lead', 'approver', 'admin'],
  site_created: ['admin'],
  laptop_enrolled: ['admin'],
  laptop_named: ['admin'],
  laptop_revoked: ['admin'],
  heard: ['engine'],
  stock_changed: ['lead', 'approver', 'admin'],
  stock_moved: ['counter', 'lead', 'approver'],
  stocktake_created: ['lead', 'approver', 'admin'],
  expected_named: ['lead', 'approver', 'admin'],
  bin_opened: ['counter', 'lead', 'approver'],
  counted: ['counter', 'lead', 'approver'],
  serial_repeated: ['counter', 'lead', 'approver'],
  unknown_scanned: ['counter', 'lead', 'approver'],
  unknown_noted: ['counter', 'lead', 'approver'],
  unknown_matched: ['lead', 'approver', 'admin'],
  unknown_proposed: ['counter', 'lead', 'approver', 'admin'],
  match_withdrawn: ['counter', 'lead', 'approver', 'admin'],
  count_voided: ['counter', 'lead', 'approver'],
  bin_confirmed_empty: ['counter', 'lead', 'approver'],
  bin_skipped: ['counter', 'lead', 'approver'],
  bin_finished: ['counter', 'lead', 'approver'],
  overlap_settled: ['approver'],
  batch_submitted: ['counter', 'lead', 'approver'],
  lines_decided: ['approver'],
  lines_posted: ['approver'],
  lines_reversed: ['approver'],
  connection_saved: ['admin'],
  connection_held: ['admin', 'approver'],
  mapping_set: ['admin', 'approver'],
  send_frozen: ['approver'],
  send_attempted: ['engine'],
  send_settled: ['engine'],
  remote_observed: ['engine'],
  doubt_settled: ['approver'],
  drift_decided: ['approver'],
  remote_moved: ['engine'],
  file_job_started: ['approver'],
  veiled: ['engine'],
};

/** What the host seals for itself and tells no page of when it does: no figure and no screen waits for it. */
export const HOST_KEPT: ReadonlySet<FactKind> = new Set([
  'pin_set',
  'sign_in_refused',
  'tries_cleared',
  'person_key_added',
  'recovery_code_set',
  'checkpoint_kept',
] as const);

const SIGNED_KINDS = [
  'person_changed',
  'person_key_added',
  'recovery_code_set',
  'pin_lengths_set',
  'laptop_enrolled',
  'laptop_named',
  'laptop_revoked',
  'overlap_settled',
  'lines_decided',
  'lines_posted',
  'lines_reversed',
  'connection_saved',
  'connection_held',
  'mapping_set',
  'doubt_settled',
  'drift_decided',
] as const satisfies readonly FactKind[];
export type SignedFact = FactOf<(typeof SIGNED_KINDS)[number]>;

/**
 * What only an approver or an admin says, and what changes figures or trust: on a laptop of a site the person signs it, and
 * not their laptop alone. What is said at a shelf, and what the sending loop seals, is the laptop's word.
 */
export const SIGNED: ReadonlySet<FactKind> = new Set(SIGNED_KINDS);

/** Whether a fact is of a kind that a person signs, whether it is signed or not. */
export function isSignedFact(fact: Fact): fact is SignedFact {
  return SIGNED.has(fact.kind);
}

/** The item a fact is about, or '' — what the evidence of one item is looked up by. */
export function entrySubject(fact: Fact): string {
  if ('item' in fact) return fact.item;
  if ((fact.kind === 'count_voided' || fact.kind === 'match_withdrawn') && 'item' in fact.was) return fact.was.item;
  return '';
}
