import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { ConnectionHolder, Host, HostError } from '../../../shared/ports/host.ts';
import { maySayHolder } from '../../../shared/team/trust.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { Session } from '../authority/session.ts';
import type { Log } from '../log/log.ts';
import type { Holding } from './holding.ts';
import type { LeftOver } from './left-over.ts';

type HoldingCalls = Pick<Host, 'connectionHolders' | 'holdConnection' | 'takeOverRequests'>;
type HoldingCallsOptions = {
  ledger: Pick<Ledger, 'state' | 'team' | 'record'>;
  holding: Holding;
  leftOver: LeftOver;
  session: Session;
  device: () => string;
  log: Log;
};

/** The calls about who sends: asked, given to another laptop, taken from one that was revoked. */
export function createHoldingCalls(options: HoldingCallsOptions): HoldingCalls {
  const { ledger, holding, leftOver, session, device, log } = options;

  /** What others left behind, laptop by laptop. */
  async function leftOf(connection: string): Promise<Result<ConnectionHolder['left'], HostError>> {
    const found = await leftOver.of(connection);
    if (!found.ok) return found;
    const lines = new Map<string, number>();
    for (const { laptop, doubtful } of found.value) lines.set(laptop, (lines.get(laptop) ?? 0) + doubtful.length);
    return ok([...lines].map(([laptop, count]) => ({ name: holding.nameOf(laptop), lines: count })));
  }

  async function holderOf(connection: string, laptop: string): Promise<Result<ConnectionHolder, HostError>> {
    const { trust } = ledger.team();
    const left = await leftOf(connection);
    if (!left.ok) return left;
    const says = (to: string) =>
      trust.root !== null && maySayHolder(trust, device(), { kind: 'connection_held', connection, laptop: to });
    const isHere = laptop === device();
    const others = [...trust.laptops.keys()].filter((to) => to !== laptop && to !== device());
    const first = holding.stopped(connection);
    const stoppedBy = first === undefined ? undefined : trust.holders.get(first);
    return ok({
      connection,
      laptop,
      name: holding.nameOf(laptop),
      isHere,
      here: device(),
      mayTake: !isHere && says(device()),
      mayGive: isHere ? others.filter(says).map((to) => ({ laptop: to, name: holding.nameOf(to) })) : [],
      stoppedBy:
        first === undefined || stoppedBy === undefined
          ? null
          : {
              connection: first,
              name: ledger.state().connections.get(first)?.name ?? '',
              laptop: holding.nameOf(stoppedBy.laptop),
            },
      left: left.value,
    });
  }

  return {
    async connectionHolders() {
      const all: ConnectionHolder[] = [];
      for (const [connection, { laptop }] of ledger.team().trust.holders) {
        const holder = await holderOf(connection, laptop);
        if (!holder.ok) return holder;
        all.push(holder.value);
      }
      return ok(all);
    },

    async holdConnection({ connection, laptop }) {
      const person = session.require();
      if (!person.ok) return person;
      const known = ledger.team().trust.holders.get(connection);
      if (known === undefined) return err({ code: 'not_found', what: 'connection' });
      if (known.laptop === laptop) return ok({ entries: [] });
      const sealed = await ledger.record(person.value.id, [{ kind: 'connection_held', connection, laptop }]);
      if (!sealed.ok) return sealed;
      log('warn', 'connection_held', { connection, laptop, by: person.value.id });
      if (laptop !== device()) return ok({ entries: [...sealed.value] });
      const taken = await leftOver.takeOver(connection);
      // It is held here all the same: what was left behind is shown, and taken over by hand.
      return ok({ entries: [...sealed.value, ...(taken.ok ? taken.value : [])] });
    },

    async takeOverRequests({ connection }) {
      const taken = await leftOver.takeOver(connection);
      return taken.ok ? ok({ entries: [...taken.value] }) : taken;
    },
  };
}
