import { isCountedTwice, type Sheet } from '../../../shared/domain/stocktake.ts';
import type { Team } from '../../../shared/ports/host.ts';
import { isSilent, knownUpTo, laptopName } from '../../tallybook/team.ts';
import type { ZoneMap } from './bin-states.ts';

/** What is known of one laptop's part in a pass. `people`: their ids, who came first first; `bins`: how many they were in. */
export type LaptopShare = {
  readonly device: string;
  readonly name: string;
  readonly isHere: boolean;
  readonly isRevoked: boolean;
  readonly people: readonly string[];
  readonly bins: number;
  /** Up to when it is known what was counted on it, ISO; null: nothing of it is here, or it is this laptop. */
  readonly upTo: string | null;
  /** When something of it was taken in here last, ISO. */
  readonly heardAt: string | null;
  readonly isSilent: boolean;
};

type Part = { readonly people: Set<string>; bins: number };

function partsOf(maps: readonly ZoneMap[]): ReadonlyMap<string, Part> {
  const parts = new Map<string, Part>();
  for (const { cells } of maps) {
    for (const { sheet } of cells) {
      for (const device of new Set(sheet?.counters.map((one) => one.device))) {
        const part = parts.get(device) ?? { people: new Set(), bins: 0 };
        part.bins += 1;
        parts.set(device, part);
      }
      for (const { person, device } of sheet?.counters ?? []) parts.get(device)?.people.add(person);
    }
  }
  return parts;
}

/**
 * Every laptop that may be counting a pass, by device: the oldest knowledge first, this laptop last. A revoked one and this
 * one only if something was counted on it. None while this laptop works alone. `now`: ISO.
 */
export function laptopShares(
  team: Team | undefined,
  maps: readonly ZoneMap[],
  now: string,
): ReadonlyMap<string, LaptopShare> {
  if (team?.site == null) return new Map();
  const parts = partsOf(maps);
  const listed = team.laptops.filter(
    ({ laptop, isHere, state }) => parts.has(laptop) || (!isHere && state === 'enrolled'),
  );
  const known = new Map(team.laptops.map((laptop) => [laptop.laptop, laptop]));
  const devices = [...new Set([...listed.map(({ laptop }) => laptop), ...parts.keys()])];
  const shares = devices.map((device): LaptopShare => {
    const laptop = known.get(device);
    const isHere = laptop?.isHere === true;
    return {
      device,
      name: laptopName(team, device),
      isHere,
      isRevoked: laptop?.state === 'revoked',
      people: [...(parts.get(device)?.people ?? [])],
      bins: parts.get(device)?.bins ?? 0,
      upTo: laptop === undefined || isHere ? null : knownUpTo(laptop),
      heardAt: laptop?.heardAt ?? null,
      isSilent: laptop !== undefined && isSilent(laptop, now),
    };
  });
  if (shares.every(({ isHere }) => isHere)) return new Map();
  const age = ({ isHere, upTo }: LaptopShare): string => (isHere ? '~' : (upTo ?? ''));
  const sorted = shares.toSorted(
    (left, right) =>
      compare(age(left), age(right)) || compare(left.name, right.name) || compare(left.device, right.device),
  );
  return new Map(sorted.map((share) => [share.device, share]));
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** How old what is shown of one bin may be. */
export type BinAge = {
  /** The other laptops on which it was counted, the one of which least is known first. */
  readonly others: readonly LaptopShare[];
  /** On how many laptops it was counted, this one with them. */
  readonly laptops: number;
  readonly upTo: string | null;
  readonly isSilent: boolean;
};

/** Of a bin that was counted on another laptop: on which, and up to when that is known. Undefined: only here, or not at all. */
export function binAge(sheet: Sheet | undefined, shares: ReadonlyMap<string, LaptopShare>): BinAge | undefined {
  if (sheet === undefined || shares.size === 0) return undefined;
  const devices = new Set(sheet.counters.map(({ device }) => device));
  const others = [...shares.values()].filter(({ device, isHere }) => !isHere && devices.has(device));
  const [oldest] = others;
  if (oldest === undefined) return undefined;
  return { others, laptops: devices.size, upTo: oldest.upTo, isSilent: others.some((one) => one.isSilent) };
}

/** Whether a bin has a line that was counted by two people, or on two laptops, and nobody has said yet what stands. */
export function isDoubled(sheet: Sheet | undefined): boolean {
  return sheet !== undefined && [...sheet.lines.values()].some((line) => isCountedTwice(sheet, line));
}
