import type { ConnectorCard } from '../../../shared/ports/host.ts';
import type { KeyBelow } from '../../texts/keys.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** One thing that a remote can or cannot do, as a text of `send:ability`. */
export type AbilityWord = {
  readonly can: boolean;
  readonly word: KeyBelow<'send', 'ability'>;
  readonly values?: Readonly<Record<string, number>>;
};

/**
 * What a remote can and cannot do, every ability once, in the order in which a person meets it: what it takes, how it
 * takes it, what happens when an answer is lost, what it tells, how fast.
 */
export function abilityWords({
  abilities,
  maxLinesPerFile,
}: Pick<ConnectorCard, 'abilities' | 'maxLinesPerFile'>): readonly AbilityWord[] {
  return [
    ...(abilities.readOnly ? [{ can: false, word: 'readOnly' }] : writing({ abilities, maxLinesPerFile })),
    abilities.binLevel ? { can: true, word: 'bins' } : { can: false, word: 'locationsOnly' },
    ...(abilities.createsLocations ? [{ can: true, word: 'createsLocations' }] : []),
    ...(abilities.tracking ? [{ can: false, word: 'tracking' }] : []),
    abilities.movements ? { can: true, word: 'movements' } : { can: false, word: 'noMovements' },
    pace(abilities.pace),
  ];
}

function writing({
  abilities,
  maxLinesPerFile,
}: Pick<ConnectorCard, 'abilities' | 'maxLinesPerFile'>): readonly AbilityWord[] {
  const { backDatingMs, maxPrecision, maxLinesPerRequest } = abilities;
  return [
    abilities.absoluteCounts ? { can: true, word: 'absolute' } : { can: false, word: 'changesOnly' },
    backDatingMs > 0
      ? { can: true, word: 'backDating', values: { count: Math.round(backDatingMs / HOUR_MS) } }
      : { can: false, word: 'noBackDating' },
    { can: true, word: 'linesPerRequest', values: { count: maxLinesPerRequest } },
    maxPrecision > 0
      ? { can: true, word: 'decimals', values: { count: maxPrecision } }
      : { can: false, word: 'wholeOnly' },
    abilities.idempotencyKeys ? { can: true, word: 'keys' } : { can: false, word: `readBack.${abilities.readBack}` },
    ...(abilities.files
      ? [
          maxLinesPerFile === undefined
            ? { can: true, word: 'files' }
            : { can: true, word: 'filesUpTo', values: { count: maxLinesPerFile } },
        ]
      : []),
  ];
}

function pace({ requests, perMs }: ConnectorCard['abilities']['pace']): AbilityWord {
  const aSecond = Math.floor((requests * SECOND_MS) / perMs);
  if (aSecond >= 1) return { can: true, word: 'paceSecond', values: { count: aSecond } };
  return { can: true, word: 'paceMinute', values: { count: Math.max(1, Math.floor((requests * MINUTE_MS) / perMs)) } };
}
