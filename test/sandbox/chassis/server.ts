import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { SandboxControl } from './control.ts';
import type { Sandbox } from './sandbox.ts';
import { answerSwitch } from './switchboard.ts';

export type Served = { readonly baseUrl: string; close(): Promise<void> };

/** Serves a sandbox and its switches on the loopback address, never elsewhere. `port` 0 or none takes a free one. */
export async function serveSandbox<Control>(
  { control, reply }: Sandbox<Control>,
  options: { port?: number } = {},
): Promise<SandboxControl & Control & Served> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    const text = await readText(request);
    if (url.pathname.startsWith('/_sandbox/')) {
      const { status, value } = answerSwitch(control, method, url.pathname, text);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      return;
    }
    const answer = await reply({ method, url, text, headers: headersOf(request) });
    if (answer === 'drop') request.socket.destroy();
    else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.text);
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(JSON.stringify({ sandbox: String(error) }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ...control,
    baseUrl: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  return flat;
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}
