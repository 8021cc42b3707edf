import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/** The page's own origin: storage belongs to it, so it never changes. */
export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://tallybook';
export const APP_PAGE: string = `${APP_ORIGIN}/index.html`;

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  // WebAssembly is compiled for the camera's and the hash's code; nothing else is ever evaluated.
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "worker-src 'self'",
  // Text becomes neither script nor HTML; the page's one rule lets its own workers be loaded (renderer/app/trusted-urls.ts).
  "require-trusted-types-for 'script'",
  'trusted-types default',
  "connect-src 'none'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

function refuse(status: number): Response {
  return new Response(null, { status, headers: { 'content-security-policy': CONTENT_SECURITY_POLICY } });
}

function fileFor(folder: string, url: URL): string | null {
  try {
    const path = decodeURIComponent(url.pathname);
    if (path.includes('\0') || path.includes('\\')) return null;
    const file = resolve(folder, `.${path === '/' ? '/index.html' : path}`);
    return file.startsWith(resolve(folder) + sep) ? file : null;
  } catch {
    return null;
  }
}

/** Answers `app://tallybook/…` with files of the built page and nothing else: other hosts, other folders and unknown kinds of file are refused. */
export function createAppAnswers(folder: string): (request: { url: string; method: string }) => Promise<Response> {
  return async ({ url, method }) => {
    if (method !== 'GET' && method !== 'HEAD') return refuse(405);
    const asked = URL.canParse(url) ? new URL(url) : null;
    if (asked?.protocol !== `${APP_SCHEME}:` || asked.host !== 'tallybook') return refuse(404);
    const file = fileFor(folder, asked);
    const type = file === null ? undefined : TYPES[extname(file)];
    if (file === null || type === undefined) return refuse(404);
    try {
      const content = await readFile(file);
      const headers = {
        'content-type': type,
        'content-length': String(content.length),
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-cache',
      };
      return new Response(method === 'HEAD' ? null : new Uint8Array(content), { headers });
    } catch {
      return refuse(404);
    }
  };
}
