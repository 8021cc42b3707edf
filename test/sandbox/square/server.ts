import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerControl, type SandboxControl } from './control.ts';
import { createSquareEngine } from './engine.ts';
import type { WorldInput } from './world.ts';

export type SquareSandbox = SandboxControl & { readonly baseUrl: string; close(): Promise<void> };

/**
 * Starts a Square that behaves as its contract says, on the loopback address only. `port` 0 takes a free one; `clock`
 * gives ms since 1970 where the world sets no time of its own.
 */
export async function startSquareSandbox(
  world: WorldInput,
  options: { port?: number; clock?: () => number } = {},
): Promise<SquareSandbox> {
  const { control, reply } = createSquareEngine(world, options.clock ?? Date.now);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    const text = await readText(request);
    if (url.pathname.startsWith('/_sandbox/')) {
      const { status, value } = answerControl(control, method, url.pathname, text);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      return;
    }
    const answer = reply({
      method,
      url,
      text,
      authorization: headerOf(request, 'authorization'),
      version: headerOf(request, 'square-version'),
    });
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

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}
