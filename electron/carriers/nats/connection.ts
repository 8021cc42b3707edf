import { connect, createInbox, errors, type Msg, type MsgHdrs, type NatsConnection } from '@nats-io/transport-node';
import { z } from 'zod';
import type { CarrierError, Login } from '../../../shared/ports/carrier.ts';
import { nkeyOf } from './nkey.ts';
import { inboxOf } from './subjects.ts';

const CONNECT_MS = 5_000;
/** A server that syncs every message to a slow disk may take its time. */
const ANSWER_MS = 15_000;
const PING_MS = 10_000;
/** The server has no room: for its disk, or for what it was told to use of it. */
const FULL_CODES: readonly number[] = [10_023, 10_028, 10_047, 10_077];
const NO_STREAM = 10_059;

/** By connection: what is still waited for, and ends with it. */
const pending = new WeakMap<NatsConnection, Set<() => void>>();

/** The few members that are read of what the server answers. */
const answerSchema = z.object({
  error: z.object({ code: z.number(), err_code: z.number().optional() }).optional(),
  num_pending: z.number().optional(),
});
type Answer = z.infer<typeof answerSchema>;

/** Thrown where the server refuses or does not answer. `number`: its own code. */
export class Refused extends Error {
  readonly error: CarrierError;
  readonly number: number | undefined;
  constructor(error: CarrierError, number?: number) {
    super(error.code);
    this.error = error;
    this.number = number;
  }
}

function codeOf(problem: unknown): string {
  if (!(problem instanceof Error)) return '';
  const code = 'code' in problem && typeof problem.code === 'string' ? problem.code : '';
  return code === '' ? codeOf(problem.cause) : code;
}

/** What a lost or refused connection means for a person. */
function refusalOf(problem: unknown): Refused {
  if (problem instanceof Refused) return problem;
  if (problem instanceof errors.RequestError && problem.cause !== undefined) return refusalOf(problem.cause);
  if (problem instanceof errors.PermissionViolationError) return new Refused({ code: 'read_only' });
  if (problem instanceof errors.AuthorizationError || problem instanceof errors.UserAuthenticationExpiredError)
    return new Refused({ code: 'not_admitted' });
  if (/CERT|SSL|TLS|UNABLE_TO|ISSUER/.test(codeOf(problem))) return new Refused({ code: 'other_server' });
  return new Refused({ code: 'away' });
}

/** Connects once; who wants more asks again. The certificate is the server's own, so its name does not matter. */
export async function connectTo(options: {
  readonly addresses: readonly string[];
  readonly certificate: string;
  readonly laptop: string;
  readonly login: Login;
}): Promise<NatsConnection> {
  const { addresses, certificate, laptop, login } = options;
  const pinned = { ca: certificate, checkServerIdentity: () => undefined, handshakeFirst: true };
  try {
    const nc = await connect({
      servers: [...addresses],
      noRandomize: true,
      authenticator: (challenge = '') => ({ nkey: nkeyOf(login.key), sig: login.answer(challenge) ?? '' }),
      tls: pinned,
      inboxPrefix: inboxOf(laptop),
      reconnect: false,
      ignoreClusterUpdates: true,
      timeout: CONNECT_MS,
      pingInterval: PING_MS,
      maxPingOut: 2,
      name: laptop,
    });
    const ends = new Set<() => void>();
    pending.set(nc, ends);
    void nc.closed().then(() => {
      for (const end of ends) end();
    });
    return nc;
  } catch (problem) {
    throw refusalOf(problem);
  }
}

/** The client lets a single question wait until its time is over, also where the connection is gone: this one does not. */
function orGone<Value>(nc: NatsConnection, answer: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const ends = pending.get(nc);
    const end = () => reject(new Refused({ code: 'away' }));
    ends?.add(end);
    void answer.then(resolve, reject).finally(() => ends?.delete(end));
  });
}

/** One question to the server. `whole`: the message itself is wanted, and not what the server says about it. */
export async function ask(nc: NatsConnection, subject: string, asked: object, want: 'whole'): Promise<Msg>;
export async function ask(
  nc: NatsConnection,
  subject: string,
  asked: object,
  want?: 'answer',
  head?: MsgHdrs,
): Promise<Answer>;
export async function ask(
  nc: NatsConnection,
  subject: string,
  asked: object,
  want: 'whole' | 'answer' = 'answer',
  head?: MsgHdrs,
): Promise<Msg | Answer> {
  const body = asked instanceof Uint8Array ? asked : JSON.stringify(asked);
  let message: Msg;
  try {
    // What a consumer hands out comes under its own subject, and not under the one it was asked for at.
    const more = { noMux: want === 'whole', ...(head !== undefined && { headers: head }) };
    message = await orGone(nc, nc.request(subject, body, { timeout: ANSWER_MS, ...more }));
  } catch (problem) {
    throw refusalOf(problem);
  }
  if (want === 'whole') return message;
  const answer = answerSchema.safeParse(message.json());
  if (!answer.success) throw new Refused({ code: 'failed', detail: 'answer' });
  const { error } = answer.data;
  if (error === undefined) return answer.data;
  const number = error.err_code ?? error.code;
  // A laptop that counts cannot make the site's stream: it waits until one that supervises was there.
  if (number === NO_STREAM) throw new Refused({ code: 'away' }, number);
  if (FULL_CODES.includes(number)) throw new Refused({ code: 'full' }, number);
  throw new Refused({ code: 'failed', detail: String(number) }, number);
}

/** One question to which several messages answer; `isLast` says which ends them. */
export async function askMany(
  nc: NatsConnection,
  { subject, asked, laptop }: { readonly subject: string; readonly asked: object; readonly laptop: string },
  isLast: (message: Msg) => boolean,
): Promise<readonly Msg[]> {
  const messages: Msg[] = [];
  const inbox = createInbox(inboxOf(laptop));
  let stop = (): void => undefined;
  const all = new Promise<readonly Msg[]>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Refused({ code: 'away' })), ANSWER_MS);
    const sub = nc.subscribe(inbox, {
      callback(problem, message) {
        if (problem !== null) return reject(refusalOf(problem));
        messages.push(message);
        return isLast(message) ? resolve(messages) : undefined;
      },
    });
    stop = () => {
      clearTimeout(timer);
      sub.unsubscribe();
    };
    nc.publish(subject, JSON.stringify(asked), { reply: inbox });
  });
  try {
    return await orGone(nc, all);
  } catch (problem) {
    throw refusalOf(problem);
  } finally {
    stop();
  }
}
