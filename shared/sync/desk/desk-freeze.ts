import { skuKey } from '../../domain/item.ts';
import { ENGINE } from '../../domain/person.ts';
import type { HostInput } from '../../ports/host.ts';
import type { PlannedLine } from '../../ports/remote-inventory.ts';
import { ok } from '../../domain/result.ts';
import { driftFacts } from './decide-drift.ts';
import { refuse, type DeskTools, type Sealed, type Step } from './desk-ports.ts';
import { isUnderWay } from './desk-state.ts';
import { freezeAnew, linesAgain } from './freeze-again.ts';
import { frozenFacts } from './frozen-facts.ts';
import { judgePlan } from './judge-plan.ts';
import { isHeld } from '../outbox/open-lines.ts';
import { atTheirPresent } from '../seen/remote-clock.ts';

export type Freezing = {
  /** Freezes what a person has planned; see `judgePlan` for what is refused. */
  freeze(by: string, input: HostInput<'freezeRequests'>): Sealed;
  /** Puts the lines of a finished request that go again into new requests, as they were but for the key. */
  freezeAgain(input: Step): Sealed;
  decideDrift(by: string, input: HostInput<'decideDrift'>): Sealed;
};

/** The bins that planned lines have of an item; put together when it is first asked for, which is rare. */
function binsByItem(lines: readonly PlannedLine[]): (item: string) => readonly string[] {
  let bins: Map<string, string[]> | undefined;
  return (item) => {
    if (bins === undefined) {
      bins = new Map();
      for (const line of lines) addTo(bins, skuKey(line.item), line.bins);
    }
    return bins.get(skuKey(item)) ?? [];
  };
}

function addTo(lists: Map<string, string[]>, key: string, more: readonly string[]): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [...more]);
  else list.push(...more);
}

/**
 * The part of the desk that makes requests. Two freezes of one plan, asked for at once, do not both find it unfrozen.
 * One piece: the ways to freeze share one turn.
 */
export function createFreezing({ ports, seen, hearClock, seal }: DeskTools): Freezing {
  let last: Promise<unknown> = Promise.resolve();

  function inTurn(work: () => Sealed): Sealed {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function freeze(by: string, input: HostInput<'freezeRequests'>): Sealed {
    const { connection, batch, lines, stopped } = input;
    const isFile = input.delivery === 'file';
    const marks = await ports.marks({ connection, batch });
    if (!marks.ok) return marks;
    const elsewhere = await ports.elsewhere?.({ connection, batch });
    if (elsewhere?.ok === false) return elsewhere;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const { connector } = opened.value;
    if (connector.abilities.readOnly) return refuse('this remote is read only');
    if (isFile && connector.freezeFile === undefined) return refuse('this remote takes no files');
    await hearClock(connection, opened.value);
    // The same plan asked for twice freezes nothing twice.
    const open = lines.filter((line) => !isHeld(marks.value, connection, batch, line.ref));
    if (new Set(open.map((line) => line.ref)).size !== open.length) return refuse('a reference is named twice');
    const isOurs = isUnderWay(ports.state(), connection, { batch, binsOf: binsByItem(open) });
    const judged = judgePlan(marks.value, { connection, batch }, open, {
      isFile,
      beside: elsewhere?.value.beside ?? [],
      isUnderWay: (place) => isOurs(place) || elsewhere?.value.isUnderWay(place) === true,
      seen: (remoteItem, remoteLocation) => seen.figure(connection, remoteItem, remoteLocation),
    });
    if (!judged.ok) return judged;
    const known = (id: string) => marks.value.connections.get(connection)?.requests.has(id) === true;
    const stamped = atTheirPresent(open, { now: ports.now(), aheadMs: opened.value.clockAheadMs?.() });
    const requests = freezeAnew(connector, stamped, { known, ...(isFile && { delivery: 'file' as const }) });
    return requests.ok ? seal(by, frozenFacts({ connection, batch }, requests.value, stopped)) : requests;
  }

  async function freezeAgain({ connection, request: id }: Step): Sealed {
    const left = ports.state().left.get(id);
    if (left?.connection !== connection || left.delivery === 'file') return ok({ entries: [] });
    const { batch } = left;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const before = await ports.frozenBytes(id, left);
    if (!before.ok) return before;
    const marks = ports.state().decisions.has(batch) ? undefined : await ports.marks({ connection, batch });
    if (marks?.ok === false) return marks;
    const { connector } = opened.value;
    const lines = linesAgain(before.value, {
      again: ports.state().again.get(connection),
      marks: marks?.value,
      connection,
      batch,
      abilities: connector.abilities,
      // The lines bear times of the remote.
      now: new Date(ports.now() - (opened.value.clockAheadMs?.() ?? 0)).toISOString(),
    });
    const known = (other: string) =>
      ports.state().open.has(other) ||
      ports.state().left.has(other) ||
      marks?.value.connections.get(connection)?.requests.has(other) === true;
    const stamped = atTheirPresent(lines, { now: ports.now(), aheadMs: opened.value.clockAheadMs?.() });
    const requests = freezeAnew(connector, stamped, { known, halved: left.halved });
    return requests.ok ? seal(ENGINE, frozenFacts({ connection, batch }, requests.value, [])) : requests;
  }

  async function decideDrift(by: string, input: HostInput<'decideDrift'>): Sealed {
    const { connection, decision } = input;
    const elsewhere = await ports.elsewhere?.({ connection, batch: decision });
    if (elsewhere?.ok === false) return elsewhere;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const facts = driftFacts(input, {
      connector: opened.value.connector,
      state: ports.state(),
      isUnderWay: elsewhere?.value.isUnderWay ?? (() => false),
      seen: (remoteItem, remoteLocation) => seen.figure(connection, remoteItem, remoteLocation),
      now: ports.now(),
      aheadMs: opened.value.clockAheadMs?.(),
    });
    return facts.ok ? seal(by, facts.value) : facts;
  }

  return {
    freeze: (by, input) => inTurn(() => freeze(by, input)),
    freezeAgain: (input) => inTurn(() => freezeAgain(input)),
    decideDrift: (by, input) => inTurn(() => decideDrift(by, input)),
  };
}
