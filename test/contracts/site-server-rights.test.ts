import { headers, type NatsConnection } from '@nats-io/transport-node';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { ask, connectTo, Refused } from '../../electron/carriers/nats/connection.ts';
import { scopesOf, streamOf } from '../../electron/carriers/nats/subjects.ts';
import { realServer, serverPlace, SITE, somebody, type RealServer, type Somebody } from './site-server-rig.ts';

const STREAM = streamOf(SITE);
const AT = `tb.${SITE.slice(0, 16)}`;
const API = '$JS.API';
/** The stock that nobody who counts may read. */
const BOOK = 'seven thousand three hundred and nineteen';
const HEAD = 'a'.repeat(12);
const stretch = (laptop: string, to = 1) => `${laptop}.1-${to}.${HEAD}.seg`;

const office = somebody('office', 'supervising');
const second = somebody('second', 'supervising');
const cold = somebody('cold', 'counting');
const far = somebody('far', 'counting');
const stranger = somebody('stranger', 'supervising');

beforeAll(async () => void (await serverPlace()), 600_000);

async function connected(server: RealServer, { laptop, login }: Somebody): Promise<NatsConnection> {
  const addresses = [server.address];
  const nc = await connectTo({ addresses, certificate: server.certificate(), laptop, login: await login() });
  onTestFinished(() => nc.close());
  return nc;
}

/** A server at which the office has laid down something open and something of the book, and a laptop what it counted. */
async function filled(): Promise<RealServer> {
  const server = await realServer([office, second, cold, far]);
  onTestFinished(() => server.end());
  const lanes = server.carrier(office, (laptop) => (laptop === 'far' ? 'count' : 'book'));
  for (const [name, text] of [
    [stretch('office.open'), 'open'],
    [stretch('office.book'), BOOK],
    [`${'b'.repeat(64)}.blob`, 'a list'],
    [stretch('far'), 'far counted'],
  ] as const)
    expect(await lanes.put(name, Buffer.from(text))).toEqual({ ok: true, value: 'put' });
  return server;
}

/** What becomes of a request: done; refused by the server’s rights; or the code of what it says. */
async function attempt(
  nc: NatsConnection,
  subject: string,
  asked: object | string = {},
  head?: Record<string, string>,
): Promise<string> {
  const more = headers();
  for (const [name, value] of Object.entries(head ?? {})) more.set(name, value);
  const body = typeof asked === 'string' ? Buffer.from(asked) : asked;
  try {
    await ask(nc, subject, body, 'answer', more);
    return 'done';
  } catch (problem) {
    if (problem instanceof Refused) return problem.error.code === 'read_only' ? 'refused' : String(problem.number);
    throw problem;
  }
}

/** Everything that the stream holds, as one that supervises reads it. */
async function everything(server: RealServer): Promise<string[]> {
  const nc = await connected(server, second);
  const [scope] = scopesOf(SITE, 'second', 'supervising');
  return read(nc, scope?.consumer ?? '', scope?.filter ?? '');
}

/** What a consumer of one’s own lets through: subject and text. */
async function read(nc: NatsConnection, consumer: string, filter: string, more: object = {}): Promise<string[]> {
  await ask(nc, `${API}.CONSUMER.DELETE.${STREAM}.${consumer}`, {}).catch(() => undefined);
  const config = { name: consumer, filter_subject: filter, ack_policy: 'none', mem_storage: true, ...more };
  await ask(nc, `${API}.CONSUMER.CREATE.${STREAM}.${consumer}.${filter}`, { stream_name: STREAM, config, action: '' });
  const found: string[] = [];
  for (;;) {
    const next = await ask(nc, `${API}.CONSUMER.MSG.NEXT.${STREAM}.${consumer}`, { batch: 1, no_wait: true }, 'whole');
    if (!next.reply) return found;
    found.push(`${next.subject} ${next.string()}`);
  }
}

/** Whether the server lets somebody listen. */
async function mayListen(nc: NatsConnection, subject: string): Promise<boolean> {
  let isRefused = false;
  nc.subscribe(subject, {
    callback(problem) {
      isRefused ||= problem !== null;
    },
  });
  await nc.flush();
  await nc.flush();
  return !isRefused;
}

const create = (consumer: string, filter: string) => `${API}.CONSUMER.CREATE.${STREAM}.${consumer}.${filter}`;
const creating = (config: object) => ({ stream_name: STREAM, config: { ack_policy: 'none', ...config }, action: '' });

test('M880 a laptop that counts reads what is open and what it counted itself, and nothing else lies in what it is given', async () => {
  const server = await filled();
  const nc = await connected(server, cold);
  expect(await attempt(nc, `${AT}.count.cold.${stretch('cold')}`, 'cold counted')).toBe('done');
  expect(await attempt(nc, `${AT}.open.ASK.cold.${stretch('office.open')}.ask`, '')).toBe('done');
  expect(await read(nc, 'cold-open', `${AT}.open.>`)).toEqual([
    `${AT}.open.office.${stretch('office.open')} open`,
    `${AT}.open.BLOB.${'b'.repeat(64)}.blob a list`,
    `${AT}.open.ASK.cold.${stretch('office.open')}.ask `,
  ]);
  expect(await read(nc, 'cold-own', `${AT}.count.cold.>`)).toEqual([
    `${AT}.count.cold.${stretch('cold')} cold counted`,
  ]);
  const listed = await server.carrier(cold).list();
  expect(listed.ok && JSON.stringify(listed.value)).not.toContain('book');
  expect((await everything(server)).join()).toContain(BOOK);
});

test('M881 none of the ways around its rights gives a laptop that counts a byte of the book', async () => {
  const server = await filled();
  const before = await everything(server);
  const nc = await connected(server, cold);
  // A consumer of one that supervises is there, and has the book to give.
  const other = await connected(server, office);
  const all = `${AT}.>`;
  await attempt(other, `${API}.CONSUMER.DELETE.${STREAM}.office-all`);
  expect(await attempt(other, create('office-all', all), creating({ name: 'office-all', filter_subject: all }))).toBe(
    'done',
  );

  for (const [what, subject, asked] of [
    ['another filter in the subject', create('cold-open', all), creating({ name: 'cold-open', filter_subject: all })],
    [
      'the filter of the book',
      create('cold-open', `${AT}.book.>`),
      creating({ name: 'cold-open', filter_subject: `${AT}.book.>` }),
    ],
    [
      'another’s counts',
      create('cold-own', `${AT}.count.far.>`),
      creating({ name: 'cold-own', filter_subject: `${AT}.count.far.>` }),
    ],
    ['another name', create('spy', `${AT}.open.>`), creating({ name: 'spy', filter_subject: `${AT}.open.>` })],
    ['another’s name', create('office-all', all), creating({ name: 'office-all', filter_subject: all })],
    ['no filter', `${API}.CONSUMER.CREATE.${STREAM}.cold-open`, creating({ name: 'cold-open' })],
    ['no name', `${API}.CONSUMER.CREATE.${STREAM}`, creating({})],
    ['the old way', `${API}.CONSUMER.DURABLE.CREATE.${STREAM}.cold-open`, creating({ durable_name: 'cold-open' })],
    ['another’s consumer, pulled from', `${API}.CONSUMER.MSG.NEXT.${STREAM}.office-all`, { batch: 1, no_wait: true }],
    ['another’s consumer, looked at', `${API}.CONSUMER.INFO.${STREAM}.office-all`, {}],
    ['another’s consumer, deleted', `${API}.CONSUMER.DELETE.${STREAM}.office-all`, {}],
    [
      'another’s consumer, halted',
      `${API}.CONSUMER.PAUSE.${STREAM}.office-all`,
      { pause_until: '2100-01-01T00:00:00Z' },
    ],
    ['another’s consumer, moved', `${API}.CONSUMER.RESET.${STREAM}.office-all`, { seq: 1 }],
    ['the list of consumers', `${API}.CONSUMER.LIST.${STREAM}`, {}],
    ['their names', `${API}.CONSUMER.NAMES.${STREAM}`, {}],
    ['the stream, looked at', `${API}.STREAM.INFO.${STREAM}`, { subjects_filter: '>' }],
    ['the list of streams', `${API}.STREAM.LIST`, {}],
    ['a message by number', `${API}.STREAM.MSG.GET.${STREAM}`, { seq: 2 }],
    ['a message by subject', `${API}.STREAM.MSG.GET.${STREAM}`, { last_by_subj: `${AT}.book.>` }],
    ['a message, directly', `${API}.DIRECT.GET.${STREAM}`, { seq: 2 }],
    ['a message, directly by subject', `${API}.DIRECT.GET.${STREAM}.${AT}.book.office.${stretch('office.book')}`, ''],
    ['a copy of the stream', `${API}.STREAM.SNAPSHOT.${STREAM}`, { deliver_subject: '_INBOX.cold.copy' }],
    ['a stream that mirrors it', `${API}.STREAM.CREATE.SPY`, { name: 'SPY', mirror: { name: STREAM } }],
  ] as const)
    expect([what, await attempt(nc, subject, asked)]).toEqual([what, 'refused']);

  // Where the subject is the permitted one the body says otherwise.
  for (const config of [
    { name: 'cold-open', filter_subject: `${AT}.book.>` },
    { name: 'cold-open', filter_subject: all },
    { name: 'cold-open', filter_subjects: [`${AT}.open.>`, `${AT}.book.>`] },
    { name: 'cold-open' },
    { name: 'cold-open', durable_name: 'office-all', filter_subject: `${AT}.open.>` },
  ])
    expect([config, await attempt(nc, create('cold-open', `${AT}.open.>`), creating(config))]).not.toEqual([
      config,
      'done',
    ]);
  // Another name in the body is not heard: the consumer is called what the subject says.
  const made = await nc.request(
    create('cold-open', `${AT}.open.>`),
    JSON.stringify(creating({ name: 'spy', filter_subject: `${AT}.open.>` })),
  );
  expect(made.json()).toMatchObject({ name: 'cold-open', config: { name: 'cold-open' } });
  // What the consumer lets through cannot be changed afterwards either.
  await read(nc, 'cold-open', `${AT}.open.>`);
  const changed = { ...creating({ name: 'cold-open', filter_subject: `${AT}.book.>` }), action: 'update' };
  expect(await attempt(nc, create('cold-open', `${AT}.open.>`), changed)).not.toBe('done');

  for (const subject of ['>', '_INBOX.>', '_INBOX.office.>', '_INBOX.*.*', all, `${AT}.book.>`, '$JS.>', '$SYS.>', '*'])
    expect([subject, await mayListen(nc, subject)]).toEqual([subject, false]);
  expect(await mayListen(nc, '_INBOX.cold.>')).toBe(true);
  expect(await everything(server)).toEqual(before);
});

test('M882 a laptop that counts puts into its own lane, and by no trick into another', async () => {
  const server = await filled();
  const nc = await connected(server, cold);
  const heard = new Promise<string>((resolve) =>
    nc.subscribe('_INBOX.cold.end', { callback: (_, { subject }) => resolve(subject) }),
  );
  for (const subject of [
    `${AT}.open.cold.${stretch('cold.open')}`,
    `${AT}.open.office.${stretch('office.open', 2)}`,
    `${AT}.book.cold.${stretch('cold')}`,
    `${AT}.book.office.${stretch('office.book', 2)}`,
    `${AT}.count.far.${stretch('far', 2)}`,
    `${AT}.open.BLOB.${'c'.repeat(64)}.blob`,
    `${AT}.open.ASK.far.${stretch('office.open')}.ask`,
    `${AT}.anything`,
    `tb.${'e'.repeat(16)}.count.cold.${stretch('cold')}`,
    '_INBOX.office.forged',
    `$JS.ACK.${STREAM}.office-all.1.1.1.1.0`,
  ])
    expect([subject, await attempt(nc, subject, 'x')]).toEqual([subject, 'refused']);
  const before = await everything(server);

  // What the server answers goes where the question says. Nobody puts anything by that, and nobody is kept from it.
  await read(nc, 'cold-open', `${AT}.open.>`);
  for (const reply of [
    `${AT}.open.office.${stretch('office.open', 3)}`,
    `${AT}.book.office.${stretch('office.book', 3)}`,
    `${AT}.count.far.${stretch('far', 3)}`,
  ]) {
    nc.publish(`${AT}.count.cold.${stretch('cold', 3)}`, 'x', { reply });
    nc.publish(`${API}.CONSUMER.DELETE.${STREAM}.cold-open-get`, '', { reply });
  }
  for (const reply of [`${AT}.open.office.${stretch('office.open', 4)}`, `${AT}.count.far.${stretch('far', 4)}`]) {
    await read(nc, 'cold-open', `${AT}.open.>`);
    await attempt(
      nc,
      create('cold-open-get', `${AT}.open.>`),
      creating({ name: 'cold-open-get', filter_subject: `${AT}.open.>` }),
    );
    nc.publish(`${API}.CONSUMER.MSG.NEXT.${STREAM}.cold-open-get`, JSON.stringify({ batch: 5, no_wait: true }), {
      reply,
    });
    await nc.flush();
    await attempt(nc, `${API}.CONSUMER.DELETE.${STREAM}.cold-open-get`);
    // A consumer that pushes by itself to where the laptop may not publish.
    await attempt(
      nc,
      create('cold-open-get', `${AT}.open.>`),
      creating({ name: 'cold-open-get', filter_subject: `${AT}.open.>`, deliver_subject: reply }),
    );
    await attempt(nc, `${API}.CONSUMER.DELETE.${STREAM}.cold-open-get`);
  }
  nc.publish(`${AT}.count.cold.${stretch('cold', 5)}`, 'x', { reply: '_INBOX.cold.end' });
  await heard;
  const at = server.carrier(second, () => 'book');
  const listed = await at.list();
  const names = before.map((line) => line.split(' ')[0]?.split('.').slice(4).join('.') ?? '');
  expect(listed.ok && listed.value.toSorted()).toEqual(names.toSorted());
  expect((await everything(server)).filter((line) => !before.includes(line)).join()).not.toContain(BOOK);
  for (const lane of ['open', 'book']) {
    const name = stretch(`office.${lane}`, 3);
    expect([name, await server.carrier(office).put(name, Buffer.from('real'))]).toEqual([
      name,
      { ok: true, value: 'put' },
    ]);
    const got = await at.get(name);
    expect([name, got.ok && Buffer.from(got.value ?? []).toString()]).toEqual([name, 'real']);
    expect(await at.put(name, Buffer.from('again'))).toEqual({ ok: true, value: 'there' });
  }
});

test('M883 nobody takes away or changes what lies at the server, not even a laptop that supervises', async () => {
  const server = await filled();
  const before = await everything(server);
  const config = { name: STREAM, subjects: [`${AT}.>`], storage: 'file' };
  const ways: readonly (readonly [string, object])[] = [
    [`${API}.STREAM.DELETE.${STREAM}`, {}],
    [`${API}.STREAM.PURGE.${STREAM}`, {}],
    [`${API}.STREAM.PURGE.${STREAM}`, { filter: `${AT}.book.>` }],
    [`${API}.STREAM.MSG.DELETE.${STREAM}`, { seq: 1 }],
    [`${API}.STREAM.UPDATE.${STREAM}`, { ...config, max_msgs: 1 }],
    [`${API}.STREAM.RESTORE.${STREAM}`, { config, state: {} }],
    [`${API}.STREAM.LEADER.STEPDOWN.${STREAM}`, {}],
  ];
  for (const who of [cold, office]) {
    const nc = await connected(server, who);
    for (const [subject, asked] of ways)
      expect([who.laptop, subject, await attempt(nc, subject, asked)]).toEqual([who.laptop, subject, 'refused']);
  }
  const nc = await connected(server, office);
  // The stream may be made, and is there already: another one under its name is not taken.
  expect(await attempt(nc, `${API}.STREAM.CREATE.${STREAM}`, { ...config, max_msgs: 1 })).not.toBe('done');
  expect(await attempt(nc, `${API}.STREAM.CREATE.OTHER`, { ...config, name: 'OTHER' })).toBe('refused');
  expect(await attempt(nc, `${API}.CONSUMER.DELETE.${STREAM}.second-all`)).toBe('refused');
  const open = `${AT}.open.office.${stretch('office.open')}`;
  for (const head of [
    { 'Nats-Rollup': 'sub' },
    { 'Nats-Rollup': 'all' },
    { 'Nats-TTL': '1s' },
    { 'Nats-Marker-Reason': 'Purge' },
  ])
    expect([head, await attempt(nc, open.replace('1-1', '1-9'), 'x', head)]).toEqual([head, expect.anything()]);
  const after = await everything(server);
  expect(after.slice(0, before.length)).toEqual(before);
});

test('M884 a stranger, somebody with another’s name, and a laptop that was revoked are not let in', async () => {
  const server = await filled();
  expect(await server.carrier(stranger).list()).toEqual({ ok: false, error: { code: 'not_admitted' } });
  // The key says who somebody is, and not what they call themselves.
  const posing: Somebody = { ...office, login: cold.login };
  const posed = await server.carrier(posing).list();
  expect(posed.ok).toBe(false);
  const at = server.carrier(second);
  expect((await at.list()).ok).toBe(true);
  await server.start([office, cold]);
  expect(await at.list()).toEqual({ ok: false, error: { code: 'not_admitted' } });
  expect((await server.carrier(office).list()).ok).toBe(true);
});
