import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { ConnectorCard, Host, HostError } from '../../../shared/ports/host.ts';
import type { RemoteConnector, RemoteError, RemoteInventory } from '../../../shared/ports/remote-inventory.ts';
import type { Desk } from '../../../shared/sync/desk/desk.ts';
import type { Connections } from './connections.ts';
import type { Holding } from './holding.ts';
import type { OurFigures } from './our-figures.ts';
import type { History } from '../journal/history.ts';
import type { Session } from '../authority/session.ts';

type RemoteCalls = Pick<
  Host,
  | 'connectors'
  | 'testConnection'
  | 'beginVendorSignIn'
  | 'finishVendorSignIn'
  | 'remoteLocations'
  | 'createRemoteLocation'
  | 'remoteItems'
  | 'startTracking'
  | 'freezeRequests'
  | 'freezeAgain'
  | 'startFileJob'
  | 'abortFileJob'
  | 'decideDrift'
  | 'pushRequest'
  | 'readBackRequest'
  | 'pullCounts'
  | 'pullMovements'
>;

type RemoteCallsOptions = {
  connectors: readonly RemoteConnector[];
  connections: Connections;
  sending: Desk;
  session: Session;
  history: Pick<History, 'refusal'>;
  ours: OurFigures;
  holding: Pick<Holding, 'whyNotBegin' | 'whyNotFinish'>;
  /** Whether a request was frozen here and has not come to its end, or left lines behind. */
  isOurs: (request: string) => boolean;
  /** Whether a decision on differences was sealed. */
  isDecided: (decision: string) => boolean;
  openExternal: ((url: string) => Promise<void>) | undefined;
};

function cardOf(connector: RemoteConnector): ConnectorCard {
  const { id, title, abilities, fields, reasons, signIn, maxLinesPerFile } = connector;
  return {
    id,
    title,
    abilities,
    fields: fields.map(({ choices, ...field }) => ({ ...field, ...(choices && { choices: [...choices] }) })),
    reasons: typeof reasons === 'string' ? reasons : [...reasons],
    ...(signIn && { signIn: signIn.only ? { only: signIn.only } : {} }),
    ...(maxLinesPerFile === undefined ? {} : { maxLinesPerFile }),
  };
}

/** The calls that meet remotes; the contract says who may make them. */
export function createRemoteCalls(options: RemoteCallsOptions): RemoteCalls {
  const { connections, sending, session, history, holding } = options;

  function asking<Value>(
    connection: string,
    question: (remote: RemoteInventory) => Promise<Result<Value, RemoteError>>,
  ): Promise<Result<Value, HostError>> {
    return sending.ask(connection, question);
  }

  async function approving<Value>(
    work: (by: string) => Promise<Result<Value, HostError>>,
  ): Promise<Result<Value, HostError>> {
    const person = session.require();
    return person.ok ? undoubted(() => work(person.value.id)) : person;
  }

  /** What would tell a remote anything waits while it is not known which history is the true one. */
  async function undoubted<Value>(work: () => Promise<Result<Value, HostError>>): Promise<Result<Value, HostError>> {
    const refused = history.refusal();
    return refused === null ? work() : err(refused);
  }

  /** Begins something new over a connection, where it is held here. */
  async function held<Value>(
    connection: string,
    work: () => Promise<Result<Value, HostError>>,
  ): Promise<Result<Value, HostError>> {
    const refused = holding.whyNotBegin(connection);
    return refused === null ? work() : err(refused);
  }

  /** Goes on with what was frozen here; what another laptop froze is its own to finish. */
  async function finishing<Value>(
    { connection, request }: { connection: string; request: string },
    work: () => Promise<Result<Value, HostError>>,
  ): Promise<Result<Value, HostError>> {
    if (options.isOurs(request)) return work();
    return held(connection, work);
  }

  return {
    connectors: async () => ok(options.connectors.map(cardOf)),
    testConnection: (input) =>
      asking(input.connection, async (remote) => {
        const tested = await remote.test();
        return tested.ok ? ok({ account: tested.value.account }) : tested;
      }),
    async beginVendorSignIn(input) {
      const begun = await connections.beginSignIn(input.connection);
      if (begun.ok) await options.openExternal?.(begun.value.url);
      return begun;
    },
    async finishVendorSignIn(input) {
      const finished = await connections.finishSignIn(input.connection, input.answer);
      return finished.ok ? ok({}) : finished;
    },
    remoteLocations: (input) =>
      asking(input.connection, async (remote) => {
        const page = await remote.locations(input.cursor);
        if (!page.ok) return page;
        const { locations, cursor } = page.value;
        return ok({ locations: [...locations], ...(cursor === undefined ? {} : { cursor }) });
      }),
    createRemoteLocation: (input) =>
      asking(input.connection, async (remote) => {
        const made = await remote.createLocation?.({ name: input.name, site: input.site });
        if (made === undefined) return err({ code: 'rejected', detail: 'this remote makes no places', refs: [] });
        return made.ok ? ok({ location: made.value }) : made;
      }),
    remoteItems: (input) =>
      asking(input.connection, async (remote) => {
        const page = await remote.items(input.cursor);
        if (!page.ok) return page;
        const { items, cursor } = page.value;
        return ok({
          items: items.map(({ cases, ...item }) => ({ ...item, ...(cases && { cases: [...cases] }) })),
          ...(cursor === undefined ? {} : { cursor }),
        });
      }),
    startTracking: (input) => sending.startTracking(input),
    freezeRequests: (input) => held(input.connection, () => approving((by) => sending.freeze(by, input))),
    startFileJob: (input) => finishing(input, () => approving((by) => sending.startFile(by, input))),
    abortFileJob: (input) => finishing(input, () => sending.abortFile(input)),
    decideDrift: (input) =>
      held(input.connection, () =>
        approving(async (by) => {
          // What was decided has changed the figures it stood on: asked for twice, it is not judged by the new ones.
          const refused = options.isDecided(input.decision) ? null : await options.ours.judge(input);
          return refused === null ? sending.decideDrift(by, input) : err(refused);
        }),
      ),
    // What an approver has frozen is sent, and figures are read, whoever stands at the laptop.
    freezeAgain: (input) => held(input.connection, () => undoubted(() => sending.freezeAgain(input))),
    pushRequest: (input) => finishing(input, () => undoubted(() => sending.push(input))),
    readBackRequest: (input) => finishing(input, () => sending.readBack(input)),
    pullCounts: (input) => sending.pull(input),
    pullMovements: (input) => held(input.connection, () => sending.pullMovements(input)),
  };
}
