import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { HostError, HostInput } from '../../shared/ports/host.ts';
import type { HttpClient } from '../../shared/ports/http-client.ts';
import type { RemoteConnector, RemoteError, RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import type { KnownConnection } from './authority-state.ts';
import { isSafeOrigin } from './http-client.ts';
import type { Ledger } from './ledger.ts';
import type { Vault } from './vault.ts';

/** The way to one origin. */
export type OpenHttp = (origin: string) => HttpClient;

/** A connection ready for use. */
export type OpenConnection = {
  readonly name: string;
  readonly connector: RemoteConnector;
  readonly remote: RemoteInventory;
};

export type Connections = {
  open(connection: string): Promise<Result<OpenConnection, HostError>>;
  /** Checks a form against its connector and keeps the secrets; answers with the id and what may go into the entry. */
  keep(
    input: HostInput<'saveConnection'>,
    newId: () => string,
  ): Promise<Result<{ connection: string; settings: Record<string, string> }, HostError>>;
};

type ConnectionsOptions = { connectors: readonly RemoteConnector[]; ledger: Ledger; vault: Vault; openHttp: OpenHttp };

function refuse(reason: string): { ok: false; error: HostError } {
  return err({ code: 'bad_request', reason });
}

/** What a remote's refusal is to the page: the connection's name, its code, and the words for a person. */
export function remoteFailed(name: string, error: RemoteError): HostError {
  return { code: 'remote_failed', remote: name, problem: error.code, detail: error.detail.slice(0, 500) };
}

/** The origin that a connection asks, as it is compared: lower case, no default port; '' when it cannot be read. */
function originOf(connector: RemoteConnector, settings: Readonly<Record<string, string>>): string {
  const said = connector.origin(settings);
  return URL.canParse(said) ? new URL(said).origin : '';
}

/** The way to the connection's one origin, so that an address in a remote's answer leads nowhere else. */
function heldToOneOrigin(openHttp: OpenHttp, origin: string): HttpClient {
  if (origin === '') return () => Promise.resolve(err({ code: 'not_allowed', detail: 'the address cannot be read' }));
  return openHttp(origin);
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
  const missing = connector.fields.find(
    (field) => field.required && ((field.secret ? secrets : settings)[field.name] ?? '') === '',
  );
  if (missing !== undefined) return `${missing.name} is missing`;
  return isSafeOrigin(originOf(connector, settings)) ? null : 'the address must begin with https://';
}

/** Connections with their secrets: the only place where the two meet. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { ledger, vault, openHttp } = options;
  const opened = new Map<string, { known: KnownConnection; secrets: string; open: OpenConnection }>();
  const connectorOf = (id: string) => options.connectors.find((connector) => connector.id === id);

  return {
    async open(connection) {
      const known = ledger.state().connections.get(connection);
      const connector = known === undefined ? undefined : connectorOf(known.remote);
      if (known === undefined || connector === undefined) return err({ code: 'not_found', what: 'connection' });
      const secrets = await vault.read(connection);
      if (!secrets.ok) return secrets;
      if (connector.fields.some((field) => field.secret && field.required && secrets.value[field.name] === undefined)) {
        return err({ code: 'not_found', what: 'secret' });
      }
      const text = JSON.stringify(secrets.value);
      const before = opened.get(connection);
      if (before?.known === known && before.secrets === text) return ok(before.open);
      const http = heldToOneOrigin(openHttp, originOf(connector, known.settings));
      const remote = connector.open({ ...known.settings, ...secrets.value }, http);
      const open = { name: known.name, connector, remote };
      opened.set(connection, { known, secrets: text, open });
      return ok(open);
    },

    async keep(input, newId) {
      const { settings } = input;
      const connector = connectorOf(input.remote);
      if (connector === undefined) return err({ code: 'not_found', what: 'remote' });
      const known = input.connection === undefined ? undefined : ledger.state().connections.get(input.connection);
      if (input.connection !== undefined && known === undefined) return err({ code: 'not_found', what: 'connection' });
      if (known !== undefined && known.remote !== input.remote) return refuse('a connection stays with its remote');
      const connection = input.connection ?? newId();
      const kept = known === undefined ? ok({}) : await vault.read(connection);
      if (!kept.ok) return kept;
      // Secrets given for one address never go to another without being asked for again.
      const isSameOrigin = known !== undefined && originOf(connector, known.settings) === originOf(connector, settings);
      const given = Object.fromEntries(Object.entries(input.secrets).filter(([, secret]) => secret !== ''));
      const secrets: Record<string, string> = { ...(isSameOrigin ? kept.value : {}), ...given };
      const problem = fieldProblem(connector, settings, secrets);
      if (problem !== null) return refuse(problem);
      const saved = await vault.save(connection, secrets);
      return saved.ok ? ok({ connection, settings }) : saved;
    },
  };
}
