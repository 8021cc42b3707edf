import { createHash } from 'node:crypto';
import { createInbox, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { readCarried, type Carrier, type CarrierError, type Login } from '../../../shared/ports/carrier.ts';
import { createTurns } from '../../host/disk/turns.ts';
import { ask, askMany, connectTo, Refused } from './connection.ts';
import {
  allSubjects,
  inboxOf,
  MESSAGE_BYTES,
  nameUnder,
  partSubject,
  readerOf,
  scopesOf,
  streamOf,
  subjectOf,
  type Lane,
  type Scope,
  type ServedRole,
} from './subjects.ts';

type NatsOptions = {
  /** Host and port, the best first; all of them mean one server. */
  readonly addresses: readonly string[];
  /** The server's own certificate, PEM: no other server is spoken to. */
  readonly certificate: string;
  /** The site's id. */
  readonly site: string;
  readonly laptop: string;
  /** What this laptop may do at the server, as it is enrolled. */
  readonly role: ServedRole;
  /** The lane of a laptop whose stretches name none. */
  readonly laneOf: (laptop: string) => Lane;
  /** Proves who this laptop is; null: its key is gone. */
  readonly login: () => Promise<Login | null>;
};

/** What is read in one scope: how far, and what is waited for. */
type Reading = { readonly scope: Scope; seq: number; left: number };

/** Where a name lies; `seq`: the number of its message, 0 where this laptop put it and was not told. */
type Lying = { readonly subject: string; readonly scope: Scope; readonly seq: number };

type Session = {
  readonly nc: NatsConnection;
  /** The process that answers: another one may know less. */
  readonly server: string;
  readonly readings: readonly Reading[];
};

/** Names that are sent in one go. */
const NAMES_AT_ONCE = 500;
/** What follows on a name is read along with it, so many messages and bytes; and so much of it waits until it is asked for. */
const READ_ALONG = 100;
const READ_ALONG_BYTES = 250_000;
const WAITING_BYTES = 4_000_000;
const SILENT_MS = 15_000;
const WAIT_NS = 60_000_000_000;
const FORGOTTEN_NS = 300_000_000_000;
/** What the server says when a subject holds a message already. */
const THERE_CODES: readonly number[] = [10_071, 10_164];
const OTHERWISE_MADE = 10_058;
/** What a laptop puts carries it; an answer of the server, sent into a lane by a trick, does not, and is nothing. */
const OURS = 'Tallybook';
const PARTS = 'Tallybook-Parts';
const DIGEST = 'Tallybook-Sha256';
const ONLY_FIRST = 'Nats-Expected-Last-Subject-Sequence';

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Of a message that a consumer hands out: its number in the stream. */
function numberOf(reply: string): number {
  const words = reply.split('.');
  // With a domain two words more stand before the stream.
  return Number(words[words.length >= 11 ? 7 : 5]);
}

/** How many more the consumer has behind a message. */
function leftBehind(reply: string): number {
  const words = reply.split('.');
  // With a domain something random stands at the end.
  return Number(words[words.length >= 11 ? 10 : 8]);
}

function isOurs({ headers: head }: Msg): boolean {
  return head?.has(OURS) === true;
}

/**
 * The stream of a site on a NATS server. A name is a subject, and the first message of ours under it stands for ever; what
 * is larger than a message lies there in parts before its name does. Names are told as they come. One closure:
 * the connection, what was read over it and what is known by that are one state.
 */
export function createNatsCarrier(options: NatsOptions): Carrier {
  const { site, laptop, role, laneOf } = options;
  const stream = streamOf(site);
  const inTurn = createTurns();
  const readInTurn = createTurns();
  const watchers = new Set<() => void>();
  let session: Session | null = null;
  /** By name: its subject, and which scope it is read in. */
  let names = new Map<string, Lying>();
  /** By number: messages that were read along with one that was asked for, and their bytes in all. */
  let along = new Map<number, Msg>();
  let alongBytes = 0;
  /** By subject: the number of the newest message there that nobody put. */
  let strays = new Map<string, number>();
  /** What is known is known of this server process, up to these numbers by consumer. */
  let known: { readonly server: string; readonly upTo: ReadonlyMap<string, number> } | null = null;
  /** Names that this laptop is putting: they are no news to it. */
  const putting = new Set<string>();
  /** Those who wait until something comes. */
  let waiting: (() => void)[] = [];

  function wakeWaiting(): void {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  }

  function pull({ nc }: Session, reading: Reading, inbox: string): void {
    reading.left = NAMES_AT_ONCE;
    const wanted = JSON.stringify({ batch: NAMES_AT_ONCE, expires: WAIT_NS });
    nc.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${reading.scope.consumer}`, wanted, { reply: inbox });
  }

  function arrived(at: Session, reading: Reading, message: Msg, inbox: string): void {
    const status = message.headers?.code ?? 0;
    if (message.reply === undefined || message.reply === '') {
      // The wait is over and nothing came; anything else means that the consumer is gone.
      if (status === 408 || status === 404) pull(at, reading, inbox);
      else if (status !== 100) void at.nc.close();
      return;
    }
    const seq = numberOf(message.reply);
    reading.seq = Math.max(reading.seq, seq);
    reading.left -= 1;
    const isPut = isOurs(message);
    if (!isPut) strays.set(message.subject, seq);
    const name = isPut ? nameUnder(site, message.subject) : null;
    const isNew = name !== null && !names.has(name);
    if (isNew) names.set(name, { subject: message.subject, scope: reading.scope, seq });
    if (reading.left === 0) pull(at, reading, inbox);
    wakeWaiting();
    if (isNew && !putting.has(name)) for (const watcher of watchers) watcher();
  }

  /** Makes the consumer of a name anew; what was there under it had another place to begin. Answers how much it will give. */
  async function consume(nc: NatsConnection, name: string, filter: string, more: object): Promise<number> {
    await ask(nc, `$JS.API.CONSUMER.DELETE.${stream}.${name}`, {}).catch((problem: unknown) => {
      if (!(problem instanceof Refused) || problem.error.code !== 'failed') throw problem;
    });
    const fixed = { name, filter_subject: filter, ack_policy: 'none', mem_storage: true, num_replicas: 1 };
    const config = { ...fixed, inactive_threshold: FORGOTTEN_NS, ...more };
    const asked = { stream_name: stream, config, action: '' };
    return (await ask(nc, `$JS.API.CONSUMER.CREATE.${stream}.${name}.${filter}`, asked)).num_pending ?? 0;
  }

  /**
   * The stream of the site; made where it is not there, by those who may. Nothing in it can be taken away. One that another
   * version made, or an administrator, stays as it is.
   */
  async function makeStream(nc: NatsConnection): Promise<void> {
    const config = {
      name: stream,
      subjects: [allSubjects(site)],
      retention: 'limits',
      storage: 'file',
      discard: 'new',
      max_msgs: -1,
      max_bytes: -1,
      max_age: 0,
      max_msgs_per_subject: -1,
      max_msg_size: -1,
      max_consumers: -1,
      num_replicas: 1,
      deny_delete: true,
      deny_purge: true,
      allow_direct: false,
      allow_rollup_hdrs: false,
    };
    await ask(nc, `$JS.API.STREAM.CREATE.${stream}`, config).catch((problem: unknown) => {
      if (!(problem instanceof Refused) || problem.number !== OTHERWISE_MADE) throw problem;
    });
  }

  async function read(at: Session, reading: Reading): Promise<void> {
    const inbox = createInbox(inboxOf(laptop));
    const { consumer, filter } = reading.scope;
    await consume(at.nc, consumer, filter, {
      headers_only: true,
      deliver_policy: 'by_start_sequence',
      opt_start_seq: reading.seq + 1,
    });
    at.nc.subscribe(inbox, {
      callback: (problem, message) => (problem === null ? arrived(at, reading, message, inbox) : void at.nc.close()),
    });
    pull(at, reading, inbox);
  }

  async function open(): Promise<Session> {
    if (session !== null) return session;
    const login = await options.login();
    if (login === null) throw new Refused({ code: 'not_admitted' });
    const nc = await connectTo({ ...options, login });
    const server = nc.info?.server_id ?? '';
    // A server that was put back to an old copy is a new process. Only what was read of this very one is still known.
    const isSame = known !== null && known.server === server;
    if (!isSame) {
      names = new Map();
      strays = new Map();
      along = new Map();
      alongBytes = 0;
    }
    const upTo = isSame ? known?.upTo : undefined;
    const readings = scopesOf(site, laptop, role).map((scope) => ({
      scope,
      seq: upTo?.get(scope.consumer) ?? 0,
      left: 0,
    }));
    const opened: Session = { nc, server, readings };
    void nc.closed().then(() => {
      if (session !== opened) return;
      known = { server, upTo: new Map(readings.map(({ scope, seq }) => [scope.consumer, seq])) };
      session = null;
      wakeWaiting();
    });
    session = opened;
    try {
      if (role === 'supervising') await makeStream(nc);
      for (const reading of readings) await read(opened, reading);
    } catch (problem) {
      known = null;
      session = null;
      await nc.close();
      throw problem;
    }
    return opened;
  }

  /** A server that has more to give and does not give it is as good as away. */
  async function somethingComes(at: Session): Promise<void> {
    if (session !== at) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => void at.nc.close(), SILENT_MS);
      waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /**
   * Waits until every name that the server has by now has come. What a consumer says of itself lags behind what was
   * acknowledged; one that is made is told how much lies behind its beginning.
   */
  async function level(at: Session): Promise<void> {
    for (const reading of at.readings)
      for (;;) {
        const from = reading.seq;
        const behind = { headers_only: true, deliver_policy: 'by_start_sequence', opt_start_seq: from + 1 };
        const count = await readInTurn(() => consume(at.nc, readerOf(reading.scope), reading.scope.filter, behind));
        if (count === 0) break;
        if (reading.seq === from) await somethingComes(at);
        if (session !== at) throw new Refused({ code: 'away' });
      }
  }

  async function carefully<Value>(work: (at: Session) => Promise<Result<Value, CarrierError>>) {
    try {
      return await work(await inTurn(open));
    } catch (problem) {
      if (problem instanceof Refused) return err<CarrierError>(problem.error);
      throw problem;
    }
  }

  /** The first message under a subject that somebody put, or null. */
  async function fetch({ nc }: Session, scope: Scope, subject: string): Promise<Msg | null> {
    const reader = readerOf(scope);
    await consume(nc, reader, subject, { deliver_policy: 'all' });
    for (;;) {
      const next = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${reader}`;
      const message = await ask(nc, next, { batch: 1, no_wait: true }, 'whole');
      if (message.reply === undefined || message.reply === '') return null;
      if (isOurs(message)) return message;
    }
  }

  /**
   * The message of a name, and with it those that came right behind it: where many laptops speak, what is read next is among
   * them. Null: it is asked for alone.
   */
  async function fetchAlong({ nc }: Session, { scope, subject, seq }: Lying): Promise<Msg | null> {
    if (seq === 0) return null;
    if (!along.has(seq)) {
      const reader = readerOf(scope);
      await consume(nc, reader, scope.filter, { deliver_policy: 'by_start_sequence', opt_start_seq: seq });
      const wanted = { batch: READ_ALONG, max_bytes: READ_ALONG_BYTES, no_wait: true };
      const next = { subject: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${reader}`, asked: wanted, laptop };
      let left = READ_ALONG;
      const read = await askMany(
        nc,
        next,
        ({ reply = '' }) => (left -= 1) === 0 || reply === '' || leftBehind(reply) === 0,
      );
      if (alongBytes > WAITING_BYTES) [along, alongBytes] = [new Map(), 0];
      for (const message of read) {
        const number = numberOf(message.reply ?? '');
        if (message.reply === undefined || message.reply === '' || along.has(number)) continue;
        along.set(number, message);
        alongBytes += message.data.length;
      }
    }
    const message = along.get(seq);
    if (message === undefined) return null;
    along.delete(seq);
    alongBytes -= message.data.length;
    return message.subject === subject && isOurs(message) ? message : null;
  }

  async function fetchWhole(at: Session, lying: Lying): Promise<Uint8Array | null> {
    const { scope, subject } = lying;
    const first = (await fetchAlong(at, lying)) ?? (await fetch(at, scope, subject));
    if (first === null) return null;
    const count = Number(first.headers?.get(PARTS) ?? '');
    if (!Number.isSafeInteger(count) || count === 0) return first.data;
    const digest = first.headers?.get(DIGEST) ?? '';
    const parts: Uint8Array[] = [];
    for (let part = 1; part <= count; part += 1) {
      const next = await fetch(at, scope, partSubject(subject, digest, part));
      // Whoever named it without laying it down has put something damaged.
      if (next === null) return new Uint8Array();
      parts.push(next.data);
    }
    return Buffer.concat(parts);
  }

  /** Publishes what nobody put under this subject yet. */
  async function publish(
    at: Session,
    subject: string,
    bytes: Uint8Array,
    more: Readonly<Record<string, string>> = {},
  ): Promise<'put' | 'there'> {
    for (;;) {
      const stray = strays.get(subject) ?? 0;
      const head = headers();
      for (const [name, value] of Object.entries({ [OURS]: '1', [ONLY_FIRST]: String(stray), ...more }))
        head.set(name, value);
      try {
        await ask(at.nc, subject, bytes, 'answer', head);
        return 'put';
      } catch (problem) {
        if (!(problem instanceof Refused && THERE_CODES.includes(problem.number ?? 0))) throw problem;
        // Something is there: what a laptop put, or what nobody did. Then it is put behind that.
        await level(at);
        if ((strays.get(subject) ?? 0) === stray) return 'there';
      }
    }
  }

  async function publishWhole(at: Session, subject: string, bytes: Uint8Array): Promise<'put' | 'there'> {
    const limit = Math.min(MESSAGE_BYTES, (at.nc.info?.max_payload ?? MESSAGE_BYTES) - 1_000);
    if (bytes.length <= limit) return publish(at, subject, bytes);
    const digest = digestOf(bytes);
    const count = Math.ceil(bytes.length / limit);
    for (let part = 1; part <= count; part += 1)
      await publish(at, partSubject(subject, digest, part), bytes.subarray((part - 1) * limit, part * limit));
    return publish(at, subject, new Uint8Array(), { [PARTS]: String(count), [DIGEST]: digest });
  }

  return {
    abilities: { appendOnly: true, readRights: true, live: true },
    begin: () =>
      carefully(async (at) => {
        await level(at);
        return ok(null);
      }),
    list: () =>
      carefully(async (at) => {
        await level(at);
        return ok([...names.keys()]);
      }),
    get: (name) =>
      carefully(async (at) => {
        if (!names.has(name)) await level(at);
        const there = names.get(name);
        if (there === undefined) return ok(null);
        return ok(await readInTurn(() => fetchWhole(at, there)));
      }),
    put: (name, bytes) =>
      carefully(async (at) => {
        if (readCarried(name) === null) throw new Error('only names of ours are put');
        if (names.has(name)) return ok('there');
        const subject = subjectOf(site, name, laptop, laneOf);
        const scope = at.readings.find(({ scope: { filter } }) => subject.startsWith(filter.slice(0, -1)))?.scope;
        // What this laptop may not read back it may not put either.
        if (scope === undefined) return err({ code: 'read_only' });
        putting.add(name);
        try {
          const done = await publishWhole(at, subject, bytes);
          names.set(name, { subject, scope, seq: 0 });
          return ok(done);
        } finally {
          putting.delete(name);
        }
      }),
    watch(run) {
      watchers.add(run);
      return () => void watchers.delete(run);
    },
    async close() {
      const open = session;
      session = null;
      known = null;
      wakeWaiting();
      await open?.nc.close();
    },
  };
}
