import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { verifyChain } from '../chain.ts';
import type { World } from '../world.ts';
import { difference, digestOf, figuresOf } from './digest.ts';
import type { Open, SiteLaptop } from './site-laptop.ts';
import { truthOf, unlike } from './site-oracle.ts';

type Seen = {
  readonly laptop: SiteLaptop;
  readonly open: Open;
  readonly held: ReadonlyMap<string, readonly LedgerEntry[]>;
  readonly figures: Readonly<Record<string, string>>;
  readonly refused: string;
};

/** What a laptop refuses, of every chain. */
function refusedOn({ host }: Open, held: Seen['held']): string {
  const status = host.status();
  const found = [{ device: status.device, refused: status.refused, refusedFrom: undefined }, ...(status.chains ?? [])];
  return found
    .flatMap(({ device, refused = [], refusedFrom = Infinity }) =>
      (held.get(device) ?? []).filter(({ seq }) => refused.includes(seq) || seq >= refusedFrom).map(({ id }) => id),
    )
    .toSorted()
    .join(' ');
}

async function look(laptop: SiteLaptop): Promise<Seen | undefined> {
  const open = laptop.free();
  if (open === undefined) return undefined;
  // A checkpoint is kept behind what a laptop does, and marked in its journal.
  await open.host.journal.idle();
  const held = await open.host.held();
  return { laptop, open, held, figures: figuresOf(open.page.state()), refused: refusedOn(open, held) };
}

/** Once everybody has heard everything: all hold the same, say the same, and it is what the oracle works out by itself. */
export async function judgeSite(
  world: World,
  laptops: readonly SiteLaptop[],
  everyone: readonly SiteLaptop[],
): Promise<void> {
  const seen: Seen[] = [];
  // The power may have gone when an admin had shut one out, before anybody was told.
  const known = laptops[0]?.free()?.host.ledger.team().trust.laptops;
  for (const laptop of laptops) laptop.isShut ||= known?.get(laptop.device)?.revokedAt !== undefined;
  for (const laptop of laptops.filter(({ isShut, isForked }) => !isShut && !isForked)) {
    const one = await look(laptop);
    if (one === undefined) return world.violate('I10', `${laptop.name} is not running at the end`);
    seen.push(one);
  }
  const isCounting = ({ laptop }: Pick<Seen, 'laptop'>): boolean => laptop.role === 'counting';
  const [first, ...others] = seen.filter((one) => !isCounting(one));
  if (first === undefined) return;
  for (const { laptop, held, open } of seen) {
    for (const of of everyone) {
      if (laptop.role === 'counting' && of.role === 'counting' && of !== laptop) {
        if (held.has(of.device)) return world.violate('I17', `${laptop.name} holds what ${of.name} counted`);
        continue;
      }
      for (const [seq, hash] of of.acknowledged) {
        const entry = held.get(of.device)?.[seq - 1];
        // What is sealed about the last files is news to everybody else.
        if (entry?.hash !== hash && !(entry === undefined && isLastWord(of, seq)))
          return world.violate('I2', `${laptop.name} does not hold entry ${seq} of ${of.name}, which was acknowledged`);
      }
      if (of.second.size > 0 && held.get(of.device)?.some(({ hash }) => of.second.has(hash)) === true)
        return world.violate('I14', `${laptop.name} holds what ${of.name} said after it was put back`);
    }
    const broken = await verifyChain(laptop.disk(), open.host.journal.sealedSeq());
    if (broken !== undefined) return world.violate('I8', `${laptop.name}: ${broken}`);
    const figures = await open.host.ledger.figuresNow();
    if (!figures.ok) return world.violate('I11', `${laptop.name} has no figures: ${figures.error.code}`);
    const own = figuresOf(figures.value.state);
    const page = figuresOf(open.page.state());
    if (digestOf(own) !== digestOf(page))
      return world.violate('I7', `${laptop.name}: host and page differ: ${difference(own, page)}`);
  }
  for (const other of others) {
    if (other.refused !== first.refused)
      return world.violate(
        'I11',
        `${first.laptop.name} refuses ${first.refused}, ${other.laptop.name} refuses ${other.refused}`,
      );
    if (digestOf(other.figures) !== digestOf(first.figures))
      return world.violate(
        'I11',
        `${first.laptop.name} and ${other.laptop.name} differ: ${difference(first.figures, other.figures)}`,
      );
  }
  for (const one of seen.filter(isCounting)) {
    const wrong = wrongOnCounting(one, first);
    if (wrong !== undefined) return world.violate('I17', `${one.laptop.name}${wrong}`);
  }
  const truth = truthOf(first.held.values());
  const refused = [...truth.refused].toSorted().join(' ');
  if (refused !== first.refused) return world.violate('I12', `${refused} must not count, ${first.refused} does not`);
  for (const wrong of unlike(truth, first.open.page.state())) return world.violate('I12', wrong);
  for (const wrong of truth.ownCounts) return world.violate('I15', wrong);
}

/** What a laptop that counts may know of others, written down once more. */
const TOLD: ReadonlySet<string> = new Set([
  'site_created',
  'laptop_enrolled',
  'laptop_named',
  'laptop_revoked',
  'person_changed',
  'person_key_added',
  'pin_set',
  'recovery_code_set',
  'heard',
  'connection_saved',
  'connection_held',
  'stocktake_created',
  'expected_named',
  'unknown_matched',
  'match_withdrawn',
  'veiled',
]);

/** A laptop that counts holds of others what it is told, as they said it, and is told what to count again. */
function wrongOnCounting({ laptop, held, open }: Seen, whole: Seen): string | undefined {
  for (const [device, entries] of held) {
    if (device === laptop.device) continue;
    for (const { seq, hash, fact } of entries) {
      const isRecount = fact.kind === 'lines_decided' && fact.lines.every(({ saw }) => saw === undefined);
      if (!TOLD.has(fact.kind) && !(isRecount && fact.decision !== 'approve'))
        return ` holds ${fact.kind} of ${device}, entry ${seq}`;
      const same = whole.held.get(device)?.[seq - 1];
      if (same !== undefined && same.hash !== hash) return ` holds another entry ${seq} of ${device}`;
    }
  }
  const { stocktakes } = open.page.state();
  for (const [id, { recounts }] of whole.open.page.state().stocktakes)
    for (const [pass, lines] of recounts)
      for (const line of lines)
        if (stocktakes.get(id)?.recounts.get(pass)?.has(line) !== true)
          return ` is not told to count ${line} once more in pass ${pass} of ${id}`;
  return undefined;
}

/** Whether an entry is among what a laptop sealed about the files that it took last. */
function isLastWord(laptop: SiteLaptop, seq: number): boolean {
  return laptop.housekeeping.has(seq);
}
