import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { hasCredentials } from '../../../shared/domain/address.ts';
import type { HostError, HostInput } from '../../../shared/ports/host.ts';
import type { HttpClient } from '../../../shared/ports/http-client.ts';
import {
  goesFor,
  type ConnectionField,
  type RemoteConnector,
  type RemoteMeans,
  type TokenStore,
} from '../../../shared/ports/remote-inventory.ts';
import type { OpenConnection } from '../../../shared/sync/desk/desk-ports.ts';
import { paced, type PaceClock } from '../../../shared/sync/seen/pace.ts';
import { createClockAhead, listening, type ClockAhead } from '../../../shared/sync/seen/remote-clock.ts';
import type { KnownConnection } from '../authority/state.ts';
import { isSafeOrigin } from './http-client.ts';
import { discreet } from './discreet-remote.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { Redaction } from '../secrets/redact.ts';
import type { Vault } from '../secrets/vault.ts';

/** The way to one origin. */
export type OpenHttp = (origin: string) => HttpClient;

export type Connections = {
  open(connection: string): Promise<Result<OpenConnection, HostError>>;
  /** The page at which a person signs in at the vendor. */
  beginSignIn(connection: string): Promise<Result<{ url: string }, HostError>>;
  finishSignIn(connection: string, answer: string): Promise<Result<null, HostError>>;
  /** Checks a form against its connector and keeps the secrets; answers with the id and what may go into the entry. */
  keep(
    input: HostInput<'saveConnection'>,
    newId: () => string,
  ): Promise<Result<{ connection: string; settings: Record<string, string> }, HostError>>;
};

type ConnectionsOptions = {
  connectors: readonly RemoteConnector[];
  ledger: Ledger;
  vault: Vault;
  openHttp: OpenHttp;
  /** Ms since 1970. */
  now: () => number;
  pace: PaceClock;
  randomBytes: (length: number) => Uint8Array;
  redaction: Pick<Redaction, 'answer' | 'words'>;
};

type Found = {
  readonly known: KnownConnection;
  readonly connector: RemoteConnector;
  readonly means: RemoteMeans;
  readonly settings: Readonly<Record<string, string>>;
};
type Opened = {
  readonly known: KnownConnection;
  readonly secrets: string;
  readonly found: Found;
  open?: OpenConnection;
};

function refuse(reason: string): { ok: false; error: HostError } {
  return err({ code: 'bad_request', reason });
}

/** Where a connection keeps its tokens: in the vault, beside its secrets and apart from them. */
function tokenPlace(connection: string): string {
  return `${connection}#tokens`;
}

/** The origins that a connection asks, as they are compared: lower case, no default port; none that cannot be read. */
function originsOf(connector: RemoteConnector, settings: Readonly<Record<string, string>>): readonly string[] {
  const said = connector.origins(settings).map((origin) => (URL.canParse(origin) ? new URL(origin).origin : ''));
  return said.includes('') ? [] : [...new Set(said)].toSorted();
}

/** The way to the connection's own origins, so that an address in a remote's answer leads nowhere else. */
function heldToOrigins(openWay: OpenHttp, origins: readonly string[]): HttpClient {
  const ways = new Map(origins.map((origin) => [origin, openWay(origin)]));
  return (request) => {
    const way = URL.canParse(request.url) ? ways.get(new URL(request.url).origin) : undefined;
    return way === undefined
      ? Promise.resolve(err({ code: 'not_allowed', detail: 'the address is none of the connection' }))
      : way(request);
  };
}

/** The settings of a form; what was left out is as the form would have begun with it. */
function withInitials(connector: RemoteConnector, settings: Record<string, string>): Record<string, string> {
  const open = connector.fields.filter(({ name, secret }) => !secret && settings[name] === undefined);
  const initials = open.flatMap(({ name, initial }) => (initial === undefined ? [] : [[name, initial] as const]));
  return { ...settings, ...Object.fromEntries(initials) };
}

/**
 * A setting that gives a secret away: settings stand in the journal for ever, in plain text. An address with a name or a
 * password in it, or a text that holds one of the secrets of the form.
 */
function tellingField(
  settings: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): string | undefined {
  const told = Object.values(secrets).filter((secret) => secret.length >= SHORTEST_SECRET);
  const isTelling = (value: string): boolean =>
    hasCredentials(value) ||
    told.some((secret) => [secret, encodeURIComponent(secret)].some((one) => value.includes(one)));
  return Object.entries(settings).find(([, value]) => isTelling(value))?.[0];
}

function fieldProblem(
  connector: RemoteConnector,
  settings: Record<string, string>,
  secrets: Record<string, string>,
): string | null {
  for (const name of Object.keys(settings)) {
    if (!connector.fields.some((field) => field.name === name && !field.secret))
      return `${name} is no setting of ${connector.id}`;
  }
  for (const name of Object.keys(secrets)) {
    if (!connector.fields.some((field) => field.name === name && field.secret))
      return `${name} is no secret of ${connector.id}`;
  }
  for (const { name, secret, required, choices, only } of connector.fields) {
    const value = (secret ? secrets : settings)[name] ?? '';
    if (required && value === '' && goesFor(only, settings)) return `${name} is missing`;
    if (value !== '' && choices !== undefined && !choices.includes(value)) return `${name} is none of its choices`;
  }
  const origins = originsOf(connector, settings);
  return origins.length > 0 && origins.every(isSafeOrigin) ? null : 'the address must begin with https://';
}

/** Shorter ones stand in ordinary words. */
const SHORTEST_SECRET = 6;

/** Letters and digits of which an unguessable text is made: 64, so that each byte gives one without favour. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Connections with their secrets: the only place where the two meet, and one closure, so that no opened secret leaves it. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { ledger, vault, openHttp } = options;
  const kept = new Map<string, Opened>();
  /** By connection: the pace outlives a change of settings, for it is the remote's own. */
  const ways = new Map<string, { origins: string; http: HttpClient }>();
  const clocks = new Map<string, ClockAhead>();
  const connectorOf = (id: string) => options.connectors.find((connector) => connector.id === id);

  function tokensOf(connection: string): TokenStore {
    return {
      async read() {
        const tokens = await vault.read(tokenPlace(connection));
        return tokens.ok ? tokens.value : {};
      },
      save: async (tokens) => (await vault.save(tokenPlace(connection), tokens)).ok,
    };
  }

  function wayOf(connection: string, connector: RemoteConnector, origins: readonly string[]): HttpClient {
    const known = ways.get(connection);
    if (known?.origins === origins.join(' ')) return known.http;
    const clock = createClockAhead({ now: options.now, steady: options.pace.now });
    clocks.set(connection, clock);
    // Each origin is a service of its own: getting a new token never stands behind what another one is asked.
    const openWay = (origin: string) =>
      paced(listening(openHttp(origin), options.now, clock.heard), connector.abilities.pace, options.pace);
    const http = heldToOrigins(openWay, origins);
    ways.set(connection, { origins: origins.join(' '), http });
    return http;
  }

  function secretText(length: number): string {
    return Array.from(options.randomBytes(length), (byte) => LETTERS[byte % LETTERS.length]).join('');
  }

  /** The connection with its secrets. `known` and secrets as before give the very same: tokens may change meanwhile. */
  async function find(connection: string): Promise<Result<Opened, HostError>> {
    const known = ledger.state().connections.get(connection);
    const connector = known === undefined ? undefined : connectorOf(known.remote);
    if (known === undefined || connector === undefined) return err({ code: 'not_found', what: 'connection' });
    const secrets = await vault.read(connection);
    if (!secrets.ok) return secrets;
    const text = JSON.stringify(secrets.value);
    const before = kept.get(connection);
    if (before?.known === known && before.secrets === text) return ok(before);
    const means: RemoteMeans = {
      http: wayOf(connection, connector, originsOf(connector, known.settings)),
      tokens: tokensOf(connection),
      now: options.now,
      secretText,
    };
    const found = { known, connector, means, settings: { ...known.settings, ...secrets.value } };
    const opened: Opened = { known, secrets: text, found };
    kept.set(connection, opened);
    return ok(opened);
  }

  return {
    async open(connection) {
      const opened = await find(connection);
      if (!opened.ok) return opened;
      const { known, connector, means, settings } = opened.value.found;
      const lacks = ({ name, secret, required, only }: ConnectionField) =>
        secret && required && goesFor(only, settings) && (settings[name] ?? '') === '';
      if (connector.fields.some(lacks)) return err({ code: 'not_found', what: 'secret' });
      opened.value.open ??= {
        name: known.name,
        connector,
        remote: discreet(connector.open(settings, means), options.redaction),
        clockAheadMs: () => clocks.get(connection)?.aheadMs(),
      };
      return ok(opened.value.open);
    },

    async beginSignIn(connection) {
      const opened = await find(connection);
      if (!opened.ok) return opened;
      const { connector, means, settings } = opened.value.found;
      if (connector.signIn === undefined) return refuse('there is no signing in at this vendor');
      const { url } = await connector.signIn.begin(settings, means);
      // Only a page of the vendor's own is ever opened in somebody's browser.
      const origin = URL.canParse(url) ? new URL(url).origin : '';
      return originsOf(connector, settings).includes(origin) && isSafeOrigin(origin)
        ? ok({ url })
        : refuse('the page is not the vendor’s');
    },

    async finishSignIn(connection, answer) {
      const opened = await find(connection);
      if (!opened.ok) return opened;
      const { known, connector, means, settings } = opened.value.found;
      if (connector.signIn === undefined) return refuse('there is no signing in at this vendor');
      const finished = await connector.signIn.finish(settings, means, answer);
      // What was opened before may remember that nobody was signed in.
      kept.delete(connection);
      if (finished.ok) return ok(null);
      const { code, detail } = finished.error;
      return err({
        code: 'remote_failed',
        remote: known.name,
        problem: code,
        detail: options.redaction.words(detail).slice(0, 500),
      });
    },

    async keep(input, newId) {
      const connector = connectorOf(input.remote);
      if (connector === undefined) return err({ code: 'not_found', what: 'remote' });
      const settings = withInitials(connector, input.settings);
      const known = input.connection === undefined ? undefined : ledger.state().connections.get(input.connection);
      if (input.connection !== undefined && known === undefined) return err({ code: 'not_found', what: 'connection' });
      if (known !== undefined && known.remote !== input.remote) return refuse('a connection stays with its remote');
      const connection = input.connection ?? newId();
      const before = known === undefined ? ok({}) : await vault.read(connection);
      if (!before.ok) return before;
      // Secrets given for one address never go to another without being asked for again.
      const sameOrigins =
        known !== undefined &&
        originsOf(connector, known.settings).join(' ') === originsOf(connector, settings).join(' ');
      const given = Object.fromEntries(Object.entries(input.secrets).filter(([, secret]) => secret !== ''));
      const secrets: Record<string, string> = { ...(sameOrigins ? before.value : {}), ...given };
      const telling = tellingField(settings, secrets);
      if (telling !== undefined) return err({ code: 'secret_in_settings', field: telling });
      const problem = fieldProblem(connector, settings, secrets);
      if (problem !== null) return refuse(problem);
      const saved = await vault.save(connection, secrets);
      if (!saved.ok) return saved;
      // Tokens were got with what was there before; with other secrets, or elsewhere, they may be somebody else's.
      const sameSecrets = JSON.stringify(sortedOf(before.value)) === JSON.stringify(sortedOf(secrets));
      if (known !== undefined && !(sameOrigins && sameSecrets)) {
        const dropped = await vault.save(tokenPlace(connection), {});
        if (!dropped.ok) return dropped;
      }
      return ok({ connection, settings });
    },
  };
}

function sortedOf(secrets: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(secrets).toSorted(([left], [right]) => (left < right ? -1 : 1));
}
