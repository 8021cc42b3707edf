import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Carrier, CarrierError, Login } from '../../../shared/ports/carrier.ts';
import type { Exchange, Host, HostError, HostInput, Mended, SiteServer } from '../../../shared/ports/host.ts';
import type { SiteServerRunner } from '../../../shared/ports/site-server.ts';
import { readServerFile, writeServerFile } from '../../../shared/team/server-file.ts';
import type { Disk } from '../disk/disk.ts';
import { createExchangeLoop, type LoopParts } from './exchange-loop.ts';
import { openExchangeSettings, type ExchangeChoice } from './exchange-settings.ts';
import type { LaptopKey } from './laptop-key.ts';
import { laptopKey } from './segments.ts';
import { createServing, servedLaptops } from './serving.ts';

type SiteRole = 'counting' | 'supervising';
/** A laptop as a server’s folder names it. */
type KnownThere = NonNullable<ExchangeChoice['laidOut']>['laptops'][number];

/** A folder where the laptops of a site exchange, as a person chose it, and what this laptop is: that says what it reads. */
export type FolderPlace = {
  readonly folder: string;
  readonly site: string;
  readonly laptop: string;
  readonly role: SiteRole;
};
/** A site's server, and what this laptop may do there. */
export type ServerPlace = {
  readonly addresses: readonly string[];
  readonly certificate: string;
  readonly site: string;
  readonly laptop: string;
  readonly role: SiteRole;
};
/** What a server asks of this laptop beside the place. */
export type ServerAccess = {
  readonly login: () => Promise<Login | null>;
  /** The lane of a laptop, by its id in names, whose stretches name none: what one that supervises says is the book. */
  readonly laneOf: (laptop: string) => 'book' | 'count';
};

export type ExchangeOptions = LoopParts & {
  readonly disk: Disk;
  readonly profile: string;
  readonly key: LaptopKey;
  readonly openCarrier: (place: FolderPlace) => Carrier;
  readonly openServer: (place: ServerPlace, access: ServerAccess) => Carrier;
  /** Runs a server on this laptop. */
  readonly server: SiteServerRunner;
  /** What others may reach this laptop by, without a port: names and addresses. */
  readonly ownAddresses: () => readonly string[];
  /** Asks the person for a folder; null when they think better of it. */
  readonly chooseFolder: () => Promise<string | null>;
  readonly saveFile: (suggestedName: string, content: string) => Promise<boolean>;
  readonly onMended: (mended: Mended) => void;
};

type ExchangeCalls = Pick<
  Host,
  | 'exchange'
  | 'shareFolder'
  | 'lookIntoFolder'
  | 'leaveFolder'
  | 'joinServer'
  | 'lookIntoServer'
  | 'leaveServer'
  | 'serveSite'
  | 'stopServing'
  | 'saveServerFile'
  | 'saveServerFolder'
>;

/** Why a folder cannot be shared, of what a folder may say. */
function folderProblem({ code }: CarrierError): HostError {
  const why = code === 'not_admitted' || code === 'other_server' ? 'failed' : code;
  return { code: 'folder_not_usable', why };
}

/** With a port; addresses of the sixth version stand in brackets. */
function withPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Keeps this laptop level with the others of its site: through a shared folder, through the site's server, or both, each for
 * itself. It is one piece because each call is a few lines over what a person chose.
 */
export async function createExchange(
  options: ExchangeOptions,
): Promise<{ readonly calls: ExchangeCalls; close(): Promise<void> }> {
  const { journal, ledger, taking, here, key, log } = options;
  const device = () => journal.status().device;
  const settings = await openExchangeSettings({ ...options, device });
  const { chosen, choose } = settings;

  /** The site and what this laptop is in it; null: it is none of it. */
  function standing(): { readonly site: string; readonly name: string; readonly role: SiteRole } | null {
    const { root, name } = ledger.team().trust;
    const role = here();
    return root === null || (role !== 'counting' && role !== 'supervising') ? null : { site: root.id, name, role };
  }

  function standsOn(): Result<NonNullable<ReturnType<typeof standing>>, HostError> {
    if (here() === 'revoked') return err({ code: 'laptop_revoked' });
    const stands = standing();
    return stands === null ? err({ code: 'no_site' }) : ok(stands);
  }

  const folderLoop = createExchangeLoop<FolderPlace>({
    ...options,
    place() {
      const { folder } = chosen();
      const stands = standing();
      if (folder === undefined || stands === null || journal.refusal() !== null) return null;
      return { folder, site: stands.site, laptop: laptopKey(device()), role: stands.role };
    },
    openCarrier: options.openCarrier,
  });

  /** What one that counts says is its count, what one that supervises says is the book; a laptop nobody knows is neither’s. */
  function laneOf(laptop: string): 'book' | 'count' {
    const { laptops } = ledger.team().trust;
    const found = [...laptops.values()].find((one) => laptopKey(one.laptop) === laptop);
    return found?.role === 'counting' ? 'count' : 'book';
  }

  const serverLoop = createExchangeLoop<ServerPlace>({
    ...options,
    place() {
      const { server } = chosen();
      const stands = standing();
      if (server === undefined || stands === null || journal.refusal() !== null) return null;
      return { ...server, site: stands.site, laptop: laptopKey(device()), role: stands.role };
    },
    openCarrier: (place) => options.openServer(place, { login: key.login, laneOf }),
  });

  const serving = createServing({
    ...options,
    isServing: () => chosen().serving ?? null,
    async onStarted({ port, certificate }) {
      const { server } = chosen();
      const addresses = [withPort('127.0.0.1', port), ...options.ownAddresses().map((host) => withPort(host, port))];
      if (JSON.stringify(server) === JSON.stringify({ addresses, certificate })) return serverLoop.look();
      await choose({ ...chosen(), server: { addresses, certificate } });
      return serverLoop.forget();
    },
  });

  function folderStatus(): Exchange | null {
    const { folder } = chosen();
    if (folder === undefined) return null;
    const { state, ...told } = folderLoop.status();
    // A folder admits everybody.
    return { folder, ...told, state: state === 'not_admitted' || state === 'other_server' ? 'failed' : state };
  }

  function serverStatus(): SiteServer | null {
    const { server } = chosen();
    const runs = serving.status();
    if (server === undefined && runs === null) return null;
    return { address: server?.addresses.at(-1) ?? '', serving: runs, laidOut: laidOut(), ...serverLoop.status() };
  }

  /** The folder that was saved here for the server in use, against the laptops there are now; null: it was none of ours. */
  function laidOut(): SiteServer['laidOut'] {
    const { server, laidOut: laid } = chosen();
    if (server === undefined || laid === undefined || server.certificate !== laid.certificate) return null;
    const { host, port } = laid;
    if (!server.addresses.includes(withPort(host, port))) return null;
    const served = servedLaptops(ledger);
    const isSame = (one: KnownThere, other: KnownThere) =>
      one.laptop === other.laptop && one.key === other.key && one.role === other.role;
    const names = new Map(
      [...ledger.team().trust.laptops.values()].map(({ laptop, name }) => [laptopKey(laptop), name]),
    );
    return {
      host,
      port,
      unknown: served.filter((one) => !laid.laptops.some((known) => isSame(known, one))).map(({ name }) => name),
      revoked: laid.laptops
        .filter(({ laptop }) => !served.some((one) => one.laptop === laptop))
        .map(({ laptop }) => names.get(laptop) ?? laptop),
    };
  }

  async function share(): Promise<Awaited<ReturnType<Host['shareFolder']>>> {
    const stands = standsOn();
    if (!stands.ok) return stands;
    const folder = await options.chooseFolder();
    if (folder === null) return ok({ outcome: 'cancelled' });
    const { site, role } = stands.value;
    const begun = await options.openCarrier({ folder, site, laptop: laptopKey(device()), role }).begin();
    if (!begun.ok) return err(folderProblem(begun.error));
    await choose({ ...chosen(), folder });
    folderLoop.forget();
    log('info', 'folder_shared');
    const told = folderStatus();
    return told === null ? ok({ outcome: 'cancelled' }) : ok({ outcome: 'chosen', exchange: told });
  }

  async function join({ text }: HostInput<'joinServer'>): Promise<Result<{ server: SiteServer | null }, HostError>> {
    const stands = standsOn();
    if (!stands.ok) return stands;
    const file = readServerFile(text);
    if (file === null) return err({ code: 'bad_server_file' });
    if (file.site !== stands.value.site) return err({ code: 'other_site', site: file.name });
    // Whoever serves the site is on its server.
    if (chosen().serving !== undefined) return err({ code: 'busy' });
    const { addresses, certificate } = file;
    await choose({ ...chosen(), server: { addresses: [...addresses], certificate } });
    serverLoop.forget();
    log('info', 'server_joined');
    return ok({ server: serverStatus() });
  }

  /** Everybody may join a server; who runs one for the others is a laptop that may read everything. */
  function maySetUp(): Result<{ readonly site: string; readonly name: string }, HostError> {
    const stands = standsOn();
    if (!stands.ok) return stands;
    return stands.value.role === 'supervising' ? stands : err({ code: 'laptop_may_not', kind: 'site server' });
  }

  return {
    calls: {
      exchange: async () => ok({ news: taking.news(), exchange: folderStatus(), server: serverStatus() }),
      shareFolder: share,
      async lookIntoFolder() {
        folderLoop.look();
        return ok({});
      },
      async leaveFolder(): Promise<Result<Record<string, never>, HostError>> {
        const { folder: _, ...rest } = chosen();
        await choose(rest);
        folderLoop.forget();
        log('info', 'folder_left');
        return ok({});
      },
      joinServer: join,
      async lookIntoServer() {
        serving.look();
        serverLoop.look();
        return ok({});
      },
      async leaveServer() {
        const { server: _, ...rest } = chosen();
        if (rest.serving !== undefined) return err({ code: 'busy' });
        await choose(rest);
        serverLoop.forget();
        log('info', 'server_left');
        return ok({});
      },
      async serveSite({ port }) {
        const may = maySetUp();
        if (!may.ok) return may;
        await choose({ ...chosen(), serving: { port } });
        const started = await serving.begin();
        if (!started.ok) {
          const { serving: _, ...rest } = chosen();
          await choose(rest);
          await serving.stop();
          return err({ code: 'server_not_started', why: started.error.code, detail: started.error.detail });
        }
        log('info', 'site_served');
        return ok({ server: serverStatus() });
      },
      async stopServing() {
        const { serving: _, ...rest } = chosen();
        await choose(rest);
        await serving.stop();
        log('info', 'site_not_served');
        return ok({ server: serverStatus() });
      },
      async saveServerFile() {
        const stands = standsOn();
        const { server } = chosen();
        if (!stands.ok) return stands;
        if (server === undefined) return err({ code: 'not_found', what: 'server' });
        const { site, name } = stands.value;
        // What means this laptop on this laptop means another one elsewhere.
        const others = server.addresses.filter((address) => !address.startsWith('127.'));
        const text = writeServerFile({
          ...server,
          addresses: others.length > 0 ? others : server.addresses,
          site,
          name,
        });
        const isSaved = await options.saveFile(`${name} server.json`, text);
        return ok({ outcome: isSaved ? ('saved' as const) : ('cancelled' as const) });
      },
      async saveServerFolder({ host, port }) {
        const may = maySetUp();
        if (!may.ok) return may;
        if (chosen().serving !== undefined) return err({ code: 'busy' });
        const folder = await options.chooseFolder();
        if (folder === null) return ok({ outcome: 'cancelled' as const });
        const { site, name } = may.value;
        const laid = await serving.layInto(folder, port);
        if (!laid.ok) return err({ code: 'file_not_written', detail: laid.error.detail });
        const { certificate } = laid.value;
        const laptops = laid.value.laptops.map(({ laptop, key: its, role }) => ({ laptop, key: its, role }));
        await choose({
          ...chosen(),
          server: { addresses: [withPort(host, port)], certificate },
          laidOut: { host, port, certificate, laptops },
        });
        serverLoop.forget();
        log('info', 'server_laid_out', { laptops: laptops.length });
        const text = writeServerFile({ site, name, addresses: [withPort(host, port)], certificate });
        return ok({ outcome: 'saved' as const, server: serverStatus(), file: text });
      },
    },
    async close() {
      await Promise.all([folderLoop.close(), serverLoop.close()]);
      await serving.close();
    },
  };
}
