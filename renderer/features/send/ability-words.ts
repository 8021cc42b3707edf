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

const can = (word: AbilityWord['word'], count?: number): AbilityWord => ({
  can: true,
  word,
  ...(count !== undefined && { values: { count } }),
});
const cannot = (word: AbilityWord['word']): AbilityWord => ({ can: false, word });

/**
 * What a remote can and cannot do, every ability once, in the order in which a person meets it: what it takes, how it
 * takes it, what happens when an answer is lost, what it tells, how fast.
 */
export function abilityWords({
  abilities,
  maxLinesPerFile,
}: Pick<ConnectorCard, 'abilities' | 'maxLinesPerFile'>): readonly AbilityWord[] {
  return [
    ...(abilities.readOnly ? [cannot('readOnly')] : writing({ abilities, maxLinesPerFile })),
    abilities.binLevel ? can('bins') : cannot('locationsOnly'),
    ...(abilities.createsLocations ? [can('createsLocations')] : []),
    ...(abilities.tracking ? [cannot('tracking')] : []),
    abilities.movements ? can('movements') : cannot('noMovements'),
    pace(abilities.pace),
  ];
}

function writing({
  abilities,
  maxLinesPerFile,
}: Pick<ConnectorCard, 'abilities' | 'maxLinesPerFile'>): readonly AbilityWord[] {
  const { backDatingMs, maxPrecision, maxLinesPerRequest } = abilities;
  return [
    abilities.absoluteCounts ? can('absolute') : cannot('changesOnly'),
    backDatingMs > 0 ? can('backDating', Math.round(backDatingMs / HOUR_MS)) : cannot('noBackDating'),
    can('linesPerRequest', maxLinesPerRequest),
    maxPrecision > 0 ? can('decimals', maxPrecision) : cannot('wholeOnly'),
    abilities.idempotencyKeys ? can('keys') : cannot(`readBack.${abilities.readBack}`),
    ...(abilities.files ? [maxLinesPerFile === undefined ? can('files') : can('filesUpTo', maxLinesPerFile)] : []),
  ];
}

function pace({ requests, perMs }: ConnectorCard['abilities']['pace']): AbilityWord {
  const aSecond = Math.floor((requests * SECOND_MS) / perMs);
  if (aSecond >= 1) return can('paceSecond', aSecond);
  return can('paceMinute', Math.max(1, Math.floor((requests * MINUTE_MS) / perMs)));
}
