import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpRequest } from '../../../shared/ports/http-client.ts';
import { createHttpClient, isSafeOrigin } from '../../../electron/host/remotes/http-client.ts';

type Server = {
  listen(port: number, host: string, done: () => void): unknown;
  address(): AddressInfo | string | null;
  close(): unknown;
};

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

/** A server that answers as told. */
function answering(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<string> {
  const server = createServer((request, response) => answer(response, request));
  onTestFinished(() => server.closeAllConnections());
  return listening(server);
}

function certificate(name: string): Promise<string> {
  return readFile(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
}

/** A server with one of the certificates in `test/fixtures/tls`, and the requests that reached it. */
async function secured(name: string): Promise<{ origin: string; asked: string[] }> {
  const asked: string[] = [];
  const options = { key: await certificate('server-key'), cert: await certificate(name) };
  const server = createSecureServer(options, (request, response) => {
    asked.push(request.url ?? '');
    response.end('heard');
  });
  server.on('tlsClientError', () => undefined);
  onTestFinished(() => server.closeAllConnections());
  return { origin: (await listening(server)).replace('http:', 'https:'), asked };
}

/** A server that is handed the bare connection once a request came. */
function raw(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  return listening(
    createRawServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    }),
  );
}

function ask(
  origin: string,
  change: Partial<HttpRequest> = {},
  limits: { timeoutMs?: number; limitBytes?: number; ca?: string } = {},
) {
  const client = createHttpClient({ origin, timeoutMs: 5000, ...limits });
  return client({
    method: 'POST',
    url: `${origin}/x`,
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
    ...change,
  });
}

function codeIn(result: Awaited<ReturnType<typeof ask>>): string {
  return result.ok ? `status ${result.value.status}` : result.error.code;
}

describe('one attempt at one request', () => {
  test('H55 a whole answer comes back with its status, lower-case headers and unpacked body', async () => {
    let seen = '';
    const origin = await answering((response, request) => {
      request.on('data', (part: Buffer) => (seen += part.toString()));
      request.on('end', () =>
        response.writeHead(201, { 'X-Thing': 'Y', 'content-encoding': 'gzip' }).end(gzipSync('grüße')),
      );
    });
    const result = await ask(origin);
    expect(result).toMatchObject({ ok: true, value: { status: 201, body: 'grüße', headers: { 'x-thing': 'Y' } } });
    expect(seen).toBe('{"a":1}');
  });

  test('H56 what certainly never left is not_sent: connection refused, unknown name, untrusted certificate', async () => {
    const origin = await answering((response) => response.end());
    const dead = await listening(createRawServer());
    const gone = dead.replace(/\d+$/, '9');
    expect(codeIn(await ask(gone))).toBe('not_sent');
    expect(codeIn(await ask('https://no-such-name.invalid'))).toBe('not_sent');
    expect(codeIn(await ask(origin.replace('http:', 'https:')))).toBe('not_sent');
  });

  test('H82 a certificate that is self-signed, expired, of another host or of an unknown authority is refused before anything is sent', async () => {
    const ca = await certificate('authority');
    const good = await secured('good');
    expect(codeIn(await ask(good.origin, {}, { ca }))).toBe('status 200');
    expect(codeIn(await ask(good.origin))).toBe('not_sent');
    expect(good.asked).toEqual(['/x']);
    const reasons = [];
    for (const name of ['self-signed', 'expired', 'wrong-host']) {
      const { origin, asked } = await secured(name);
      const result = await ask(origin, {}, { ca });
      expect({ name, code: codeIn(result) }).toEqual({ name, code: 'not_sent' });
      expect({ name, asked }).toEqual({ name, asked: [] });
      reasons.push(!result.ok && 'detail' in result.error ? result.error.detail : '');
    }
    expect(reasons).toEqual(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID']);
  });

  test('H57 a connection that breaks after the request went out is connection_lost', async () => {
    const origins = await Promise.all([
      raw((socket) => socket.destroy()),
      raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort')),
      raw((socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n')),
      raw((socket) => socket.end('no http at all')),
      raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope')),
      raw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-encoding: mystery\r\ncontent-length: 4\r\n\r\nnope')),
    ]);
    for (const origin of origins) expect(codeIn(await ask(origin))).toBe('connection_lost');
  });

  test('H58 silence and a slow drip end with timed_out', async () => {
    const silent = await raw(() => undefined);
    const dripping = await raw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(drip));
    });
    for (const origin of [silent, dripping]) {
      expect(await ask(origin, {}, { timeoutMs: 200 })).toEqual({
        ok: false,
        error: { code: 'timed_out', afterMs: 200 },
      });
    }
  });

  test('H59 a huge answer and a small one that unpacks huge are cut off at the limit', async () => {
    const endless = await answering((response) => {
      const part = Buffer.alloc(65_536);
      const more = () => {
        while (response.write(part));
      };
      response.on('drain', more);
      more();
    });
    const bomb = await answering((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000))),
    );
    for (const origin of [endless, bomb]) {
      expect(await ask(origin, {}, { limitBytes: 1_000_000 })).toEqual({
        ok: false,
        error: { code: 'answer_too_large', limitBytes: 1_000_000 },
      });
    }
  });

  test('H60 a redirect is an answer and is not followed', async () => {
    let asked = 0;
    const origin = await answering((response) => {
      asked += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(codeIn(await ask(origin))).toBe('status 302');
    expect(asked).toBe(1);
  });

  test('H61 only the connection’s own origin is asked, encrypted unless it is this machine, and never with a password in it', async () => {
    const origin = await answering((response) => response.end());
    expect(codeIn(await ask(origin, { url: 'https://evil.example/x' }))).toBe('not_allowed');
    expect(codeIn(await ask(origin, { url: origin.replace('127.0.0.1', 'localhost') }))).toBe('not_allowed');
    expect(codeIn(await ask(origin, { url: origin.replace('//', '//user:pass@') }))).toBe('not_allowed');
    expect(codeIn(await ask(origin, { url: 'nonsense' }))).toBe('not_allowed');
    expect(codeIn(await ask(origin, { headers: { authorization: 'a\r\nb: c' } }))).toBe('not_allowed');
    expect(codeIn(await ask('http://shop.example'))).toBe('not_allowed');
    const safe = ['https://a.example', 'http://127.0.0.1:80', 'https://a.example/path', 'ftp://a.example'].map(
      isSafeOrigin,
    );
    expect(safe).toEqual([true, false, false, false]);
    expect(isSafeOrigin('http://127.0.0.1:8080')).toBe(true);
  });
});
