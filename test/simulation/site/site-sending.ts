import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { inOrderOf } from '../../../shared/domain/ledger-state.ts';
import { ok } from '../../../shared/domain/result.ts';
import type { Ledger } from '../../../renderer/ledger/ledger.ts';
import type { Desk } from '../../../shared/sync/desk/desk.ts';
import type { HostSide } from '../host-side.ts';
import { keyOf } from '../keys.ts';
import { createOracle, isIdle, type ApprovedLine, type Oracle } from '../oracle.ts';
import { openPage, type Page } from '../page.ts';
import { DRAWN, REMOTES, type RemoteId } from '../remotes/remotes.ts';
import type { RemoteModel, RemoteThing } from '../remotes/remote-model.ts';
import { shelvesOf } from '../run-seed.ts';
import type { Shelf } from '../staff.ts';
import { stepsOf, textOf } from '../steps.ts';
import type { World } from '../world.ts';
import type { Open, SiteLaptop } from './site-laptop.ts';

/** The one connection of a site. */
export const CONNECTION = 'k1';
/** Whoever plans and sends; they never count, and stay what they are. */
export const SENDER = 'approver';

/** A remote that a site sends to, and the oracle that watches it. */
export type SiteRemote = {
  readonly id: RemoteId;
  readonly model: RemoteModel;
  readonly oracle: Oracle;
  readonly things: readonly RemoteThing[];
  readonly shelves: readonly Shelf[];
  /** Posted lines that the oracle was told of. */
  readonly approved: Set<string>;
};

export function createSiteRemote(world: World, wanted: RemoteId | undefined): SiteRemote {
  const { faults } = world;
  const id = wanted ?? world.chance('site remote').pick(DRAWN);
  const model = REMOTES[id]({
    random: world.chance('remote'),
    now: world.timeline.now,
    isOdd: faults.rate('odd_remote') > 0,
    hasLateRequests: faults.rate('late') > 0 || faults.rate('duplicate') > 0,
    hasGhost: false,
    hasBare: false,
  });
  const things = model.things.slice(0, 2);
  const shelves = shelvesOf(model, true).slice(0, 4);
  const oracle = createOracle(
    world,
    (_, { item, bin }) => {
      const thing = things.find(({ sku }) => sku === item);
      const shelf = shelves.find((one) => one.bin === bin);
      return thing && shelf
        ? { key: keyOf(thing, shelf.place), canArrive: !model.connector.abilities.readOnly }
        : undefined;
    },
    () => ({ ours: model.opening, theirs: model.opening }),
    () => true,
  );
  return { id, model, oracle, things, shelves, approved: new Set() };
}

/** What the remote calls our items and places. */
export function mappingOf({ model, things, shelves }: SiteRemote) {
  const { binLevel } = model.connector.abilities;
  const sites = new Map(shelves.map(({ site, place }) => [site, place]));
  return [
    {
      kind: 'connection_saved' as const,
      connection: CONNECTION,
      remote: model.connector.id,
      name: CONNECTION,
      settings: {},
    },
    {
      kind: 'mapping_set' as const,
      connection: CONNECTION,
      items: things.map(({ sku, remoteItem, precision }) => ({ item: sku, remoteItem, precision })),
      sites: binLevel ? [] : [...sites].map(([site, remoteLocation]) => ({ site, remoteLocation })),
      ...(binLevel && { bins: shelves.map(({ bin, place }) => ({ bin, remoteLocation: place })) }),
    },
  ];
}

/** The page's side of sending on a laptop that is open. */
export async function openSending(
  world: World,
  remote: SiteRemote,
  laptop: SiteLaptop,
  open: Omit<Open, 'sender'> & { readonly desk: Desk },
): Promise<Page> {
  const { host, page, life, desk } = open;
  const { model, shelves } = remote;
  const own = async () => (await host.held()).get(laptop.device) ?? [];
  const side: HostSide = {
    desk,
    device: laptop.device,
    entries: own,
    sealed: () => [],
    record: host.record,
    post: async () => [],
    reverse: async () => [],
    hasPosted: () => false,
    hasReversed: () => false,
    judge: async () => undefined,
  };
  const used = {
    sending: page.sending,
    state: page.state,
    catalogue: () => ({ bin: (code: string) => shelves.find((shelf) => shelf.bin === code) }),
    countedBlind: () => new Set<string>(),
    movementsOf: async (item: string) =>
      inOrderOf(page.state(), await page.copy.bySubject(item)).filter(
        ({ fact }) => fact.kind === 'stock_changed' || fact.kind === 'stock_moved',
      ),
    takeIn: page.takeIn,
    appendFacts: page.append,
    async catchUp() {
      const caught = await page.catchUp();
      return caught.ok ? ok(caught.value) : caught;
    },
  };
  return await openPage({
    ...remote,
    world,
    name: laptop.name,
    connections: [CONNECTION],
    opened: () => ({ ours: model.opening, theirs: model.opening }),
    mutant: undefined,
    host: side,
    life,
    label: () => new Date(laptop.now()).toISOString(),
    books: () => ({ changes: [], held: [] }),
    sold: () => ({ binOf: () => undefined, heard: () => undefined }),
    // Sending asks no more of the page's ledger than this.
    pageLedger: { ledger: used as unknown as Ledger, sending: page.sending },
  });
}

/** A line that could arrive and is left where it is until somebody sends it again. */
export function isLeft(line: ApprovedLine): boolean {
  const { believed, canArrive, variance, isForgiven, applied } = line;
  if (!canArrive || variance === 0 || isForgiven || isIdle(line)) return false;
  return believed !== 'arrived' || applied === 0;
}

/** I3: what the remote holds is what the books say, once everything is sent. */
export function judgeFigures(world: World, { model, oracle, things, shelves }: SiteRemote, open: Open): void {
  if (model.connector.abilities.readOnly) return;
  const { lines } = open.page.state().books;
  for (const thing of things)
    for (const place of new Set(shelves.map((shelf) => shelf.place))) {
      const key = keyOf(thing, place);
      if (oracle.lines().some((line) => line.key === key && line.isForgiven)) continue;
      const bins = shelves.flatMap((shelf) => (shelf.place === place ? [shelf.bin] : []));
      const ours = [...lines.values()]
        .filter((line) => line.item === thing.sku && bins.includes(line.bin))
        .reduce((sum, line) => {
          const last = line.counts.at(-1);
          return sum + Number(last === undefined ? line.moved : last.counted + line.moved - last.movedBefore);
        }, 0);
      const theirs = model.figure(thing, place) - oracle.drift(key);
      if (ours !== theirs) world.violate('I3', `${key}: ours ${ours / 100_000}, theirs ${theirs / 100_000}`);
    }
}

/**
 * What of an entry is told, and under which batch a line stood that it takes back. `varianceOf`: in steps, where more is known
 * than when it was posted.
 */
type ToldOnly = {
  isMeant(item: string, bin: string): boolean;
  varianceOf(item: string, bin: string): number | undefined;
  stoodUnder(item: string, bin: string): string | undefined;
};

const ALL: ToldOnly = { isMeant: () => true, varianceOf: () => undefined, stoodUnder: () => undefined };

/** A line is posted for good, and to be sent once; told again nothing follows. `isMeant`: of what is posted only that. */
export function approvePosted(
  { oracle, approved }: SiteRemote,
  { id, at, fact }: LedgerEntry,
  { isMeant, varianceOf, stoodUnder }: ToldOnly = ALL,
): void {
  if (fact.kind !== 'lines_posted' && fact.kind !== 'lines_reversed') return;
  const lines = fact.lines.filter(({ item, bin }) => isMeant(item, bin) && !approved.has(`${id} ${item} ${bin}`));
  for (const { item, bin } of lines) approved.add(`${id} ${item} ${bin}`);
  const told = lines.map((line) => {
    const variance = textOf(varianceOf(line.item, line.bin) ?? stepsOf(line.variance));
    return { ...line, variance, trueAt: Date.parse(at) };
  });
  if (fact.kind === 'lines_posted') oracle.approve(CONNECTION, fact.batch, told);
  else
    for (const line of told)
      oracle.reverse(CONNECTION, fact.batch, stoodUnder(line.item, line.bin) ?? fact.reverses, line);
}

/** Tells the oracle what a laptop has sealed about sending. */
export function tellOracle({ oracle }: SiteRemote, entry: LedgerEntry): void {
  const { fact } = entry;
  if ('connection' in fact) oracle.hear(entry);
}
