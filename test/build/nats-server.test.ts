import { expect, test } from 'vitest';
import { ensureNatsServer, mirrorOf, readVersion } from '../../build/nats-server.mjs';

test('M889 the server that tests run against is new enough, and comes from this system’s own mirror or is named', async () => {
  expect(readVersion('nats-server: v2.15.1\n')).toBe('2.15.1');
  expect(readVersion('nats-server: v2.10.23')).toBe('2.10.23');
  for (const output of ['nats-server: v2.10.22', 'nats-server: v2.9.10', 'v1.0.0', '', 'bash: not found'])
    expect([output, readVersion(output)]).toEqual([output, null]);
  const targets = [
    'nodistro|https://elsewhere.example/',
    'bookworm-security|http://mirror.example/debian-security/',
    'bookworm|http://mirror.example/debian/',
  ].join('\n');
  expect(mirrorOf(targets, 'bookworm')).toBe('http://mirror.example/debian/');
  expect(mirrorOf(targets, 'noble')).toBeNull();
  expect(mirrorOf('', '')).toBeNull();
  const named = await ensureNatsServer({ env: { TALLYBOOK_NATS_SERVER: '/nowhere/nats-server' } });
  expect(named).toMatchObject({ ok: false, error: { code: 'not_usable' } });
});
