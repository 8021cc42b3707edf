import type { HttpClient } from '../../ports/http-client.ts';

/** One customer's own site: where it is, who asks, and the way there. */
export type DecoSite = {
  /** "https://host[:port]", '' when the address cannot be read or is not safe. */
  readonly origin: string;
  readonly host: string;
  readonly username: string;
  readonly password: string;
  readonly http: HttpClient;
};

const ADDRESS = /^(?:(https?):\/\/)?(?:[^/?#@]*@)?((?:\[[\da-f:.]+\]|[^/?#@:[\]\s\\]+)(?::\d{1,5})?)(?:[/?#].*)?$/i;
const THIS_MACHINE = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * The origin of a site's address as a person writes it: "shop.example.com" and "https://shop.example.com/admin" are the
 * same. Only encrypted, since every request carries the password; plain only on this very machine. '': not usable.
 */
export function originOf(address: string): string {
  const [, scheme = 'https', host = ''] = ADDRESS.exec(address.trim()) ?? [];
  if (host === '') return '';
  if (scheme.toLowerCase() === 'http') return THIS_MACHINE.test(host) ? `http://${host}` : '';
  return `https://${host}`;
}

/** The site of a connection's settings and secrets. */
export function siteOf(settings: Readonly<Record<string, string>>, http: HttpClient): DecoSite {
  const origin = originOf(settings['address'] ?? '');
  return {
    origin,
    host: origin.replace(/^https?:\/\//, ''),
    username: settings['username'] ?? '',
    password: settings['password'] ?? '',
    http,
  };
}
