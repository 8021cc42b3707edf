import type { HttpClient } from '../../ports/http-client.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { ZettleHosts } from './hosts.ts';
import type { Generation } from './ids.ts';

/** One merchant's account: where it is, which generation its places are listed in, and the way there. */
export type ZettleAccount = {
  readonly hosts: ZettleHosts;
  readonly generation: Generation;
  readonly http: HttpClient;
  readonly tokens: AccessTokens;
};
