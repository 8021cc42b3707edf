import type { EntryOf, Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { binsOfPass, passesOf } from '../../../shared/domain/pass.ts';
import type { Role } from '../../../shared/domain/person.ts';
import { quantityOf } from '../../../shared/domain/quantity.ts';
import { findSheet, type Stocktake } from '../../../shared/domain/stocktake.ts';
import { newestStanding, voidOf } from '../../../renderer/ledger/undo.ts';
import { placeKey } from '../../../renderer/ledger/collections.ts';
import type { Random } from '../random.ts';
import type { Open, SiteLaptop } from './site-laptop.ts';
import { SENDER } from './site-sending.ts';

/** Somebody of the site. Everybody is known everywhere; `home` is the laptop that they are at, as a rule. */
export type SitePerson = { readonly id: string; readonly roles: readonly Role[]; readonly home: string };

export const ADMIN = 'ada';

/** An admin at the first laptop, and at each somebody who counts, somebody who leads, two who approve, one of whom counts as well. */
export function peopleOf(laptops: readonly string[]): readonly SitePerson[] {
  return [
    { id: ADMIN, roles: ['admin'], home: laptops[0] ?? '' },
    ...laptops.flatMap((home): SitePerson[] => [
      { id: `cora-${home}`, roles: ['counter'], home },
      { id: `lea-${home}`, roles: ['lead'], home },
      { id: `app-${home}`, roles: ['counter', 'approver'], home },
      { id: `boss-${home}`, roles: ['approver'], home },
    ]),
  ];
}

export type SiteScene = {
  readonly people: readonly SitePerson[];
  readonly bins: readonly string[];
  readonly items: readonly string[];
  /** Whether counts are posted at this laptop. */
  readonly mayPost: (laptop: SiteLaptop) => boolean;
  /** What lies in each bin of each item at first. */
  readonly opening: (bin: string) => string;
  /** Whether stock is moved and received: a site that sends leaves that to the remote. */
  readonly movesStock: boolean;
};

/** Signs in one of those who hold a role, mostly of those who are at home there; false when nobody is known there. */
export function signIn({ host }: Open, laptop: SiteLaptop, people: readonly SitePerson[], random: Random): boolean {
  // A first PIN would be its first word: nobody is there before.
  if (host.journal.sealedSeq() === 0) return false;
  const known = people.filter(({ id }) => host.ledger.state().people.get(id)?.active === true);
  const home = known.filter((person) => person.home === laptop.home);
  const some = home.length > 0 && random.chance(0.8) ? home : known;
  if (some.length === 0) return false;
  host.session.signIn(random.pick(some).id);
  return true;
}

const holding = (people: readonly SitePerson[], ...roles: readonly Role[]) =>
  people.filter((person) => person.roles.some((role) => roles.includes(role)));

/** What somebody does at a laptop next. What is refused is refused: nobody was told that it is saved. */
export async function doSomething(laptop: SiteLaptop, scene: SiteScene, random: Random): Promise<void> {
  const counting = [count, count, count, count, handIn, handIn, scene.movesStock ? move : count, takeBack] as const;
  const supervising = [...counting, decide, decide, decide, settle, undoDecision, takeBackOthers] as const;
  const all = scene.movesStock ? [...supervising, receive] : supervising;
  const some = laptop.role === 'counting' ? counting : all;
  const isPosting = scene.mayPost(laptop) && random.chance(0.15);
  const act = isPosting ? (random.chance(0.3) ? reverse : post) : random.pick(some);
  await laptop.act(act.name, (open) => act({ open, laptop, scene, random }));
}

type Doing = {
  readonly open: Open;
  readonly laptop: SiteLaptop;
  readonly scene: SiteScene;
  readonly random: Random;
};

function stocktakeOf({ open, random }: Doing): Stocktake | undefined {
  const all = [...open.page.state().stocktakes.values()].toSorted((left, right) => (left.id < right.id ? -1 : 1));
  return all.length === 0 ? undefined : random.pick(all);
}

/** A bin of a pass that can be counted. */
function placeOf(doing: Doing): { stocktake: string; pass: number; bin: string } | undefined {
  const stocktake = stocktakeOf(doing);
  if (stocktake === undefined) return undefined;
  const pass = doing.random.pick(passesOf(stocktake));
  const bins = binsOfPass(stocktake, pass).toSorted();
  const open = bins.filter((bin) => findSheet(stocktake, pass, bin)?.state !== 'submitted');
  return open.length === 0 ? undefined : { stocktake: stocktake.id, pass, bin: doing.random.pick(open) };
}

async function count(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const { commands } = open.page;
  const place = placeOf(doing);
  if (place === undefined || !signIn(open, laptop, holding(scene.people, 'counter', 'lead'), random)) return;
  if (!(await commands.openBin(place)).ok) return;
  for (let times = random.between(0, 3); times > 0; times -= 1) {
    const quantity = quantityOf(String(random.between(1, 9)));
    await commands.recordCount(place, { item: random.pick(scene.items), quantity, how: 'scan' });
    if (random.chance(0.15)) await commands.undo(place);
  }
  if (random.chance(0.15)) await commands.confirmEmpty(place);
  else if (random.chance(0.7)) await commands.finishBin(place);
}

async function handIn(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const stocktake = stocktakeOf(doing);
  if (stocktake === undefined || !signIn(open, laptop, holding(scene.people, 'counter', 'lead'), random)) return;
  await open.page.commands.submit(stocktake.id, random.pick(passesOf(stocktake)));
}

async function move({ open, laptop, scene, random }: Doing): Promise<void> {
  if (!signIn(open, laptop, holding(scene.people, 'counter', 'lead'), random)) return;
  const [from = '', to = ''] = random.shuffled(scene.bins);
  await open.page.commands.moveStock({ item: random.pick(scene.items), from, to, quantity: quantityOf('1') });
}

async function receive({ open, laptop, scene, random }: Doing): Promise<void> {
  if (!signIn(open, laptop, holding(scene.people, 'lead'), random)) return;
  const quantity = String(random.between(1, 5));
  const [item, bin] = [random.pick(scene.items), random.pick(scene.bins)];
  await open.page.append([{ kind: 'stock_changed', item, bin, quantity, reason: 'receipt' }]);
}

async function takeBack(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const place = placeOf(doing);
  if (place === undefined || !signIn(open, laptop, holding(scene.people, 'counter', 'lead'), random)) return;
  if (random.chance(0.7)) await open.page.commands.undo(place);
  else await open.page.commands.redo(place);
}

/** A lead takes back what somebody else had counted, wherever. */
async function takeBackOthers(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const place = placeOf(doing);
  if (place === undefined || !signIn(open, laptop, holding(scene.people, 'lead'), random)) return;
  const entries = await open.page.copy.byPlace(placeKey(place));
  const others = entries.filter((entry): entry is LedgerEntry & EntryOf<'counted'> => entry.fact.kind === 'counted');
  if (others.length === 0) return;
  const one = random.pick(others);
  const standing = newestStanding(entries, { person: one.by, device: one.device });
  if (standing !== undefined) await open.page.append([voidOf(standing)]);
}

function batchOf({ open, random }: Doing): string | undefined {
  const all = [...open.page.state().batches.keys()].toSorted();
  return all.length === 0 ? undefined : random.pick(all);
}

async function decide(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const batch = batchOf(doing);
  if (batch === undefined || !signIn(open, laptop, holding(scene.people, 'approver'), random)) return;
  const lines = open.page.review(batch).filter((line) => !line.posted && random.chance(0.8));
  if (lines.length === 0) return;
  const decision = random.pick(['approve', 'approve', 'approve', 'approve', 'recount', 'reject', 'hold'] as const);
  // What one may not approve oneself keeps the rest from nobody.
  const decided = await open.page.commands.decide(batch, lines, decision);
  if (!decided.ok && decided.error.code === 'own_count')
    for (const line of lines) await open.page.commands.decide(batch, [line], decision);
}

async function undoDecision(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const batch = batchOf(doing);
  if (batch === undefined || !signIn(open, laptop, holding(scene.people, 'approver'), random)) return;
  if (random.chance(0.4)) await open.page.commands.undoDecision(batch);
}

async function settle(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const batch = batchOf(doing);
  if (batch === undefined || !signIn(open, laptop, holding(scene.people, 'approver'), random)) return;
  const line = open.page.review(batch).find(({ people, posted }) => people.length > 1 && !posted);
  if (line === undefined) return;
  await open.page.commands.settleOverlap(batch, line, random.pick(line.people.map(({ person }) => person).toSorted()));
}

async function post(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const batch = batchOf(doing);
  if (batch === undefined || !signIn(open, laptop, holding(scene.people, 'approver'), random)) return;
  await open.page.commands.post(batch);
}

/** Somebody finds that a line should not have been posted. */
async function reverse(doing: Doing): Promise<void> {
  const { open, laptop, scene, random } = doing;
  const batch = batchOf(doing);
  if (batch === undefined || !signIn(open, laptop, holding(scene.people, 'approver'), random)) return;
  const lines = open.page.review(batch).filter((line) => line.posted && line.reversed === undefined);
  if (lines.length > 0) await open.page.commands.reverse(batch, [random.pick(lines)], { reason: 'other' });
}

/** At the end of a day somebody approves what is left, and posts it. */
export async function finishDay(laptop: SiteLaptop, scene: SiteScene, random: Random): Promise<void> {
  await laptop.act('finishes the day', async (open) => {
    for (const batch of [...open.page.state().batches.keys()].toSorted()) {
      if (!signIn(open, laptop, holding(scene.people, 'approver'), random)) return;
      for (const line of open.page.review(batch))
        if (!line.posted && line.decision === undefined) await open.page.commands.decide(batch, [line], 'approve');
      if (signIn(open, laptop, holding(scene.people, 'approver'), random)) await open.page.commands.post(batch);
    }
  });
}

/** What a site is founded with: its people, bins, stock and a count. */
export function firstFacts(scene: SiteScene, random: Random): { people: Fact[]; shop: Fact[] } {
  return {
    people: [...scene.people, { id: SENDER, roles: ['approver'] as const }].map(({ id, roles }) => ({
      kind: 'person_changed',
      person: id,
      name: id,
      roles: [...roles],
      active: true,
    })),
    shop: [
      ...scene.bins.flatMap((bin) =>
        scene.items.map((item): Fact => ({
          kind: 'stock_changed',
          item,
          bin,
          quantity: scene.opening(bin),
          reason: 'opening',
        })),
      ),
      {
        kind: 'stocktake_created',
        stocktake: 'take-1',
        name: 'Autumn',
        blind: random.chance(0.5),
        bins: [...scene.bins],
      },
    ],
  };
}
