import type { World } from '../world.ts';
import type { SiteLaptop } from './site-laptop.ts';
import { truthOf } from './site-oracle.ts';
import { approvePosted, CONNECTION, isLeft, judgeFigures, SENDER, type SiteRemote } from './site-sending.ts';

const HOUR = 3_600_000;
/** Once nothing fails any more, all that is posted is sent within this time. */
const DONE_WITHIN_MS = 96 * HOUR;

type Evening = {
  readonly world: World;
  readonly remote: SiteRemote;
  readonly laptops: readonly SiteLaptop[];
  readonly isSending: (laptop: SiteLaptop) => boolean;
  /** Nothing was sent before: of two who posted a line, who stands is known only now. */
  readonly isEvening: boolean;
  readonly isOver: () => boolean;
};

/**
 * Of two who post one line, the first in the order of the ledger has posted it: the oracle is told of that one, and of its
 * variance as it is once all that was counted before is known: somebody else may have posted an earlier count of the shelf.
 */
async function approveFirst({ remote, laptops }: Evening): Promise<void> {
  const held = await laptops[0]?.free()?.host.held();
  if (held === undefined) return;
  const { posted, variances, reversed } = truthOf(held.values());
  const stands = new Set([...posted, ...reversed.keys()]);
  const all = [...held.values()].flat();
  // What takes a line back is told after that line, whichever laptop said so.
  const postings = all.filter(({ fact }) => fact.kind === 'lines_posted');
  for (const entry of [...postings, ...all])
    approvePosted(remote, entry, {
      isMeant: (item, bin) => stands.has(`${entry.id} ${item} ${bin}`),
      varianceOf: (item, bin) => variances.get(`${entry.id} ${item} ${bin}`),
      stoodUnder: (item, bin) => reversed.get(`${entry.id} ${item} ${bin}`),
    });
}

/** All that is posted is sent, whoever has to look again for it; then each line must have taken effect once. */
export async function sendEverything(evening: Evening): Promise<void> {
  const { world, remote, laptops, isOver } = evening;
  const { timeline } = world;
  const { model, oracle } = remote;
  model.restoreToken();
  if (evening.isEvening) await approveFirst(evening);
  const senders = laptops.filter(evening.isSending);
  const isDone = () =>
    senders.every((laptop) => laptop.free()?.sender?.isQuiet() === true) && !oracle.lines().some(isLeft);
  const deadline = timeline.now() + DONE_WITHIN_MS;
  for (let looks = 0; looks === 0 || (timeline.now() < deadline && !isDone()); looks += 1) {
    for (const laptop of senders) {
      const open = laptop.free();
      open?.host.session.signIn(SENDER);
      const sender = open?.sender;
      void sender?.settleDoubts(CONNECTION, (refs) => oracle.findOut(CONNECTION, refs));
      if (looks > 0) void sender?.pull(CONNECTION);
      void sender?.sendOpen(CONNECTION, looks > 0);
    }
    await timeline.run(timeline.now() + HOUR, isOver);
    if (isOver()) return;
  }
  if (!isDone()) {
    const found = senders.map((laptop) => laptop.free()?.sender?.describe()).join('; ');
    world.violate('I10', `not sent within days: ${found}`);
  }
  oracle.judge();
  const open = laptops[0]?.free();
  if (open !== undefined) judgeFigures(world, remote, open);
}
