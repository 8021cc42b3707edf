import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Carrier, CarrierError } from '../../../shared/ports/carrier.ts';
import type { ExchangeRefusal, HostError } from '../../../shared/ports/host.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import type { Clock } from '../disk/turns.ts';
import type { Journal } from '../journal/journal.ts';
import type { Chains } from './chains.ts';
import { askAgain, exchangeFiles, lookInto } from './exchange-files.ts';
import { forward, putOwn, removeSpare } from './exchange-put.ts';
import { createSeen, got, Stopped } from './exchange-seen.ts';
import { takeNew } from './exchange-take.ts';
import type { LaptopKey } from './laptop-key.ts';
import { laptopKey } from './segments.ts';
import type { Taking } from './taking.ts';
import { Unreadable } from './own-lines.ts';

export type RoundParts = {
  readonly carrier: Carrier;
  readonly journal: Journal;
  readonly ledger: Ledger;
  readonly chains: Chains;
  readonly key: Pick<LaptopKey, 'sign'>;
  readonly files: CatalogueFiles;
  readonly taking: Taking;
  readonly clock: Clock;
};

/** How a round ended that reached the carrier. */
export type Round = {
  /** There is more to take: the next round need not wait. */
  readonly isCutShort: boolean;
  /** Laptops of which something is there, and what comes before it is not. */
  readonly missing: readonly { readonly laptop: string; readonly fromSeq: number }[];
  /** What lies there and is not taken. */
  readonly refused: readonly ExchangeRefusal[];
  /** Why this laptop could not take or put what it should. */
  readonly problem: HostError | null;
};

type Site = { readonly id: string; readonly name: string };
const OPEN = 'open';

/** Rounds over one carrier; what was seen there is remembered between them. */
export type Rounds = {
  /** Takes what is new and puts what is missing; `withOwn`: also what was said here since. */
  run(withOwn: boolean): Promise<Result<Round, CarrierError>>;
  /** The sequence up to which the carrier had this laptop's own entries in the last round. */
  covered(): number;
};

/**
 * What one laptop does with a carrier, in this order: it takes, so that what it puts was said after what it heard; and it
 * looks into what others ask for before it puts, so that what is spoiled is put again at once.
 */
export function createRounds(parts: RoundParts): Rounds {
  const { journal, ledger } = parts;
  const { device: self } = journal.status();
  const own = laptopKey(self);
  const roleOf = (device: string) => ledger.team().trust.laptops.get(device)?.role;
  const isBlind = (): boolean => roleOf(self) === 'counting';
  const seen = createSeen({
    ...parts,
    isMeant: ({ laptop, lane }) => lane === (isBlind() && laptop !== own ? OPEN : undefined),
  });
  /** What lies there for laptops that count, looked at by those that lay it down. */
  const open = createSeen({ ...parts, isMeant: ({ lane }) => lane === OPEN });
  const all = { ...parts, seen, self };
  const allOpen = { ...all, seen: open };
  const looked = new Map<string, number>();
  const spareSince = new Map<string, number>();
  let covered = 0;

  const ended = (problem: HostError | null, isCutShort = false): Round => ({
    isCutShort,
    missing: seen.missing(),
    refused: seen.refusals(),
    problem,
  });

  /** Lays down what laptops that count may know, where there are some. */
  async function putOpen(site: Site, withOwn: boolean): Promise<HostError | null> {
    const { laptops } = ledger.team().trust;
    if (isBlind() || ![...laptops.values()].some(({ role }) => role === 'counting')) return null;
    for (const [, some] of open.stretches())
      for (const one of some) if (!open.isGood(one.name)) await open.compare(one);
    await lookInto(allOpen, looked);
    const notPut = withOwn ? await putOwn(allOpen, site, OPEN) : null;
    await forward(allOpen, site, { lane: OPEN, isMeant: (device) => roleOf(device) === 'supervising' });
    await removeSpare(allOpen, spareSince);
    return notPut;
  }

  async function run(site: Site, withOwn: boolean): Promise<Round> {
    const names = await got(parts.carrier.list());
    seen.look(names);
    open.look(names);
    const { isMore, problem: notTaken } = await takeNew(all, site);
    await lookInto(all, looked);
    // Where not everybody may read everything, what others said is forwarded by those who may.
    const mayForward = !parts.carrier.abilities.readRights || !isBlind();
    const noFile = await exchangeFiles({ ...all, mayPut: mayForward });
    // While there is more, what lies there is not all compared: nothing is put twice.
    const isCompared = !isMore && notTaken === null;
    // What lies there in this laptop's name and it never said: it goes on from an old copy, and says nothing more.
    const isOld = [...seen.notes()].some(([, { laptop, why }]) => laptop === own && why === 'fork');
    const notPut = withOwn && isCompared && !isOld ? await putOwn(all, site) : null;
    if (isCompared && mayForward)
      await forward(all, site, isBlind() ? { lane: OPEN, isMeant: () => true } : { isMeant: () => true });
    const notOpen = isCompared ? await putOpen(site, withOwn && !isOld) : null;
    await askAgain(all);
    await removeSpare(all, spareSince);
    covered = seen.coverage(own);
    return ended(notTaken ?? noFile ?? notPut ?? notOpen, isMore);
  }

  return {
    covered: () => covered,
    async run(withOwn) {
      const { root, name } = ledger.team().trust;
      if (root === null) return ok(ended({ code: 'no_site' }));
      try {
        return ok(await run({ id: root.id, name }, withOwn));
      } catch (problem) {
        if (problem instanceof Stopped) return err(problem.error);
        if (problem instanceof Unreadable) return ok(ended(problem.error));
        throw problem;
      }
    },
  };
}
