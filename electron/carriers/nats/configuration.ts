import type { ServedLaptop } from '../../../shared/ports/site-server.ts';
import { nkeyOf } from './nkey.ts';
import { rightsOf } from './subjects.ts';

/** What the files are called in the server's folder. */
export const CONFIGURATION_FILE = 'server.conf';
export const LAPTOPS_FILE = 'laptops.conf';
export const CERTIFICATE_FILE = 'server.crt';
export const KEY_FILE = 'server.key';

const quoted = (text: string) => JSON.stringify(text);
const list = (texts: readonly string[]) => `[\n${texts.map((text) => `        ${quoted(text)}\n`).join('')}      ]`;

/** The server's configuration. Paths are in its own folder, which it is started in. */
export function configuration(site: string, port: number): string {
  return `# Written by Tallybook: the site server of ${site.slice(0, 16)}. Start it in this folder: nats-server -c ${CONFIGURATION_FILE}
listen: "0.0.0.0:${port}"
server_name: ${quoted(`tallybook-${site.slice(0, 16)}`)}
max_payload: 2MB
tls {
  cert_file: "./${CERTIFICATE_FILE}"
  key_file: "./${KEY_FILE}"
  handshake_first: true
  timeout: 10
}
jetstream {
  store_dir: "./store"
  # What the server has acknowledged is on its disk.
  sync_interval: always
}
include "./${LAPTOPS_FILE}"
`;
}

/** Who may come in, and what each may do: the laptops of the site that were not revoked. There has to be one: none would let in everybody. */
export function admission(site: string, laptops: readonly ServedLaptop[]): string {
  if (laptops.length === 0) throw new Error('a server without laptops would let in everybody');
  const users = laptops.map(({ laptop, name, key, role }) => {
    const { publish, subscribe } = rightsOf(site, laptop, role);
    // A name goes into a comment: it must not end it.
    return `  # ${name.replaceAll(/[^\p{L}\p{N} ._-]/gu, '?')} (${role})
  {
    nkey: ${quoted(nkeyOf(key))}
    permissions {
      publish { allow: ${list(publish)} }
      subscribe { allow: ${list(subscribe)} }
    }
  }`;
  });
  return `# Written by Tallybook: the laptops of the site and what each may do. Write it anew when a laptop joins or is revoked.
authorization {
  users: [
${users.join('\n')}
  ]
}
`;
}
