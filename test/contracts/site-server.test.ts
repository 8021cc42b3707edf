import { createHash, randomBytes } from 'node:crypto';
import { headers } from '@nats-io/transport-node';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ask, connectTo } from '../../electron/carriers/nats/connection.ts';
import {
  allSubjects,
  MESSAGE_BYTES,
  nameUnder,
  partSubject,
  streamOf,
  subjectOf,
} from '../../electron/carriers/nats/subjects.ts';
import { carriedName, type Carrier } from '../../shared/ports/carrier.ts';
import { carrierContract } from './carrier.ts';
import { realServer, serverPlace, SITE, somebody, type RealServer, type Somebody } from './site-server-rig.ts';

const FETCH_MS = 600_000;

/** The server is fetched once; on a machine that never saw the project that takes a while. */
beforeAll(async () => void (await serverPlace()), FETCH_MS);

const office = somebody('office', 'supervising');
const store = somebody('store', 'supervising');

async function serving(...laptops: readonly Somebody[]): Promise<RealServer> {
  const server = await realServer(laptops);
  onTestFinished(() => server.end());
  return server;
}

carrierContract('a site server', async () => {
  const server = await serving(office, store);
  return {
    one: server.carrier(office),
    other: server.carrier(store),
    takeAway: () => server.stop(),
    bringBack: () => server.start(),
  };
});

const named = (laptop: string, to: number) =>
  carriedName({ is: 'stretch', laptop, from: 1, to, head: 'a'.repeat(12), copy: 1 });
const BYTES = Buffer.from('what was counted');
const done = { ok: true, value: 'put' } as const;

async function listed(carrier: Carrier): Promise<readonly string[]> {
  const answer = await carrier.list();
  if (!answer.ok) throw new Error(answer.error.code);
  return answer.value.toSorted();
}

describe('a site server', () => {
  test('M876 a name is a subject, in the lane that it names or that its laptop has, and lies nowhere else', () => {
    const stretch = { is: 'stretch', laptop: 'd-1', from: 1, to: 20, head: 'a'.repeat(12), copy: 1 } as const;
    const blob = carriedName({ is: 'blob', sha256: 'b'.repeat(64), copy: 2 });
    const at = (name: string) => subjectOf(SITE, name, 'd-2', () => 'count').slice('tb.ffffffffffffffff.'.length);
    const plain = carriedName(stretch);
    const book = carriedName({ ...stretch, lane: 'book', copy: 7 });
    const asked = carriedName({ is: 'ask', of: book });
    for (const [name, subject] of [
      [plain, `count.d-1.${plain}`],
      [book, `book.d-1.${book}`],
      [carriedName({ ...stretch, lane: 'open' }), `open.d-1.${carriedName({ ...stretch, lane: 'open' })}`],
      // A lane that is not known is read by those who may read everything.
      [carriedName({ ...stretch, lane: 'till' }), `book.d-1.${carriedName({ ...stretch, lane: 'till' })}`],
      [blob, `open.BLOB.${blob}`],
      [asked, `open.ASK.d-2.${asked}`],
    ] as const) {
      expect([name, at(name)]).toEqual([name, subject]);
      expect(nameUnder(SITE, `tb.ffffffffffffffff.${subject}`)).toBe(name);
      expect(nameUnder(SITE, `tb.eeeeeeeeeeeeeeee.${subject}`)).toBeNull();
    }
    for (const subject of [
      `count.d-2.${plain}`,
      `open.d-1.${book}`,
      `count.BLOB.${blob}`,
      `book.ASK.d-2.${asked}`,
      `open.d-1.${blob}`,
      `open.BLOB.${plain}`,
      `open.d-1.PART.${'c'.repeat(64)}.1`,
      'open.d-1',
      'open',
      '',
    ])
      expect([subject, nameUnder(SITE, `tb.ffffffffffffffff.${subject}`)]).toEqual([subject, null]);
  });

  test('M877 what is larger than a message arrives whole, and half of it is nothing until the rest is there', async () => {
    const server = await serving(office, store);
    const large = randomBytes(3 * MESSAGE_BYTES + 17);
    const name = named('office', 9);
    const [one, other] = [server.carrier(office), server.carrier(store)];
    // A laptop whose power goes after its first part.
    const { laptop, login } = office;
    const nc = await connectTo({
      addresses: [server.address],
      certificate: server.certificate(),
      laptop,
      login: await login(),
    });
    await one.begin();
    const digest = createHash('sha256').update(large).digest('hex');
    const head = headers();
    head.set('Tallybook', '1');
    const subject = subjectOf(SITE, name, 'office', () => 'book');
    await ask(nc, partSubject(subject, digest, 1), large.subarray(0, MESSAGE_BYTES), 'answer', head);
    await nc.close();
    expect(await other.list()).toEqual({ ok: true, value: [] });
    expect(await one.put(name, large)).toEqual(done);
    expect(await other.list()).toEqual({ ok: true, value: [name] });
    const got = await other.get(name);
    expect(got.ok && got.value !== null && large.equals(got.value)).toBe(true);
    // Others who put the same at once do not mix with it.
    const both = await Promise.all([
      one.put(named('office', 10), large),
      other.put(named('office', 10), large.subarray(5)),
    ]);
    expect(both.every(({ ok }) => ok)).toBe(true);
    const either = await one.get(named('office', 10));
    expect(either.ok && [large.length, large.length - 5]).toContain(either.ok ? either.value?.length : 0);
  });

  test('M878 a server put back to an old copy, or emptied, is read anew, and takes everything again', async () => {
    const server = await serving(office, store);
    const [one, other] = [server.carrier(office), server.carrier(store)];
    expect(await one.put(named('office', 1), BYTES)).toEqual(done);
    await server.keepCopy();
    expect(await one.put(named('office', 2), BYTES)).toEqual(done);
    expect(await other.put(named('store', 2), BYTES)).toEqual(done);
    expect(await listed(one)).toEqual([named('office', 1), named('office', 2), named('store', 2)]);
    await server.putBack();
    // Others put more than was lost: the numbers are past where this laptop had been.
    for (const to of [3, 4, 5]) expect(await other.put(named('store', to), BYTES)).toEqual(done);
    const all = [named('office', 1), ...[3, 4, 5].map((to) => named('store', to))];
    expect(await listed(one)).toEqual(all.toSorted());
    expect(await one.put(named('office', 2), BYTES)).toEqual(done);
    expect(await listed(other)).toEqual([...all, named('office', 2)].toSorted());

    await server.stop();
    await server.forget();
    await server.start();
    expect(await listed(other)).toEqual([]);
    expect(await one.put(named('office', 2), BYTES)).toEqual(done);
    expect(await listed(other)).toEqual([named('office', 2)]);
  });

  test('M879 what comes is told at once, and each name once', async () => {
    const server = await serving(office, store);
    const [one, other] = [server.carrier(office), server.carrier(store)];
    await other.begin();
    let told = 0;
    const come = new Promise<void>((resolve) => {
      other.watch?.(() => {
        told += 1;
        resolve();
      });
    });
    expect(await one.put(named('office', 1), BYTES)).toEqual(done);
    await come;
    expect(await other.list()).toEqual({ ok: true, value: [named('office', 1)] });
    // What a laptop puts itself is no news to it.
    expect(await other.put(named('store', 1), BYTES)).toEqual(done);
    expect((await other.list()).ok).toBe(true);
    expect(told).toBe(1);
  });

  test('M885 a server that is not the one whose certificate was handed over is not spoken to', async () => {
    const server = await serving(office, store);
    const one = server.carrier(office);
    expect((await one.list()).ok).toBe(true);
    const { port } = server;
    await server.stop();
    const another = await realServer([office, store], SITE, port);
    onTestFinished(() => another.end());
    expect(await one.list()).toEqual({ ok: false, error: { code: 'other_server' } });
    expect(await one.put(named('office', 1), BYTES)).toEqual({ ok: false, error: { code: 'other_server' } });
  });

  test('M886 where a server has no site yet a laptop that counts waits for one that supervises', async () => {
    const cold = somebody('cold', 'counting');
    const server = await serving(office, cold);
    const counting = server.carrier(cold, () => 'count');
    expect(await counting.list()).toEqual({ ok: false, error: { code: 'away' } });
    expect(await server.carrier(office).begin()).toEqual({ ok: true, value: null });
    expect(await counting.put(named('cold', 1), BYTES)).toEqual(done);
    expect(await counting.list()).toEqual({ ok: true, value: [named('cold', 1)] });
    expect(await counting.put(named('office', 1), BYTES)).toEqual({ ok: false, error: { code: 'read_only' } });
    expect(await server.carrier(office).list()).toEqual({ ok: true, value: [named('cold', 1)] });
  });

  test('M890 more names than are sent at once are all told, to who comes late and to who is there', async () => {
    const server = await serving(office, store);
    const [one, other] = [server.carrier(office), server.carrier(store)];
    await other.begin();
    const names = Array.from({ length: 1_201 }, (_, to) => named('office', to + 1));
    for (let at = 0; at < names.length; at += 100) {
      const put = await Promise.all(names.slice(at, at + 100).map((name) => one.put(name, BYTES)));
      expect(put.every(({ ok }) => ok)).toBe(true);
    }
    for (const carrier of [other, server.carrier(store)]) {
      const listed = await carrier.list();
      expect(listed.ok && listed.value.toSorted()).toEqual(names.toSorted());
    }
    // Who was there the whole time goes on where it was when the connection is lost and the server is the same.
    await one.close?.();
    expect((await one.list()).ok).toBe(true);
  });

  test('M897 names that came one after another are read byte for byte in any order, large ones among them', async () => {
    const server = await serving(office, store);
    const [one, other] = [server.carrier(office), server.carrier(store)];
    await one.begin();
    // Some are larger than what is read along, one is larger than a message, and two laptops put in turn.
    const sizes = Array.from({ length: 260 }, (_, at) =>
      at === 77 ? MESSAGE_BYTES + 5 : at % 40 === 3 ? 300_000 : at,
    );
    const all = sizes.map((size, at) => ({ name: named('office', at + 1), bytes: randomBytes(size) }));
    for (const [at, { name, bytes }] of all.entries())
      expect(await (at % 3 === 0 ? other : one).put(name, bytes)).toEqual(done);
    const late = server.carrier(store);
    expect((await late.list()).ok).toBe(true);
    for (const carrier of [other, late, late])
      for (let times = 0, at = 0; times < all.length; times += 1, at = (at + 97) % all.length) {
        const { name, bytes } = all[at] ?? { name: '', bytes: Buffer.alloc(0) };
        const got = await carrier.get(name);
        expect([name, got.ok && got.value !== null && bytes.equals(got.value)]).toEqual([name, true]);
      }
    // A server that was emptied has none of what was read along before.
    await server.forget();
    await server.start();
    expect(await late.get(all[5]?.name ?? '')).toEqual({ ok: true, value: null });
  });

  test('M891 a stream that another version made, and a server without room, are used and said', async () => {
    const server = await serving(office);
    const { laptop, login } = office;
    const nc = await connectTo({
      addresses: [server.address],
      certificate: server.certificate(),
      laptop,
      login: await login(),
    });
    await ask(nc, `$JS.API.STREAM.CREATE.${streamOf(SITE)}`, {
      name: streamOf(SITE),
      subjects: [allSubjects(SITE)],
      description: 'made otherwise',
      max_bytes: 200_000,
      discard: 'new',
    });
    await nc.close();
    const one = server.carrier(office);
    expect(await one.begin()).toEqual({ ok: true, value: null });
    expect(await one.put(named('office', 1), BYTES)).toEqual(done);
    expect(await one.put(named('office', 2), randomBytes(500_000))).toEqual({ ok: false, error: { code: 'full' } });
    expect(await one.list()).toEqual({ ok: true, value: [named('office', 1)] });
  });
});
