import { LAYOUT_NAMES, learnLayout, produce } from '../../shared/domain/keyboard-layout.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import { type KeyedText, meantBy, type Scanner, SLOWEST_KEY_MS, TEST_CARD } from '../../shared/domain/scanner.ts';
import { type KeyPress, meaningOf, usCharacter } from './key-meaning.ts';
import { gapsOf } from './rhythm.ts';

/** What one scan of the test card tells; the rest of a `Scanner` is who and when. */
export type Learned = Omit<Scanner, 'id' | 'learnedAt'>;

export type LearnProblem =
  /** Another code, or the card in a spelling that no keyboard gives. */
  | { readonly code: 'not_the_card'; readonly text: string }
  | { readonly code: 'too_slow'; readonly keyMs: number }
  /** The card's text with the pauses of a person, or of a laptop that was busy. */
  | { readonly code: 'uneven' };

type Key = { readonly text: string; readonly usText: string; readonly timeMs: number };

const GS = '\u001D';
/** A machine’s gaps do not lie farther from the middle one, in parts of it, and ms on top for the laptop. */
const UNEVEN = 0.35;
const LAPTOP_MS = 12;

/** Learns a scanner from the keys of one scan of the test card, in their order, its Enter or Tab included. Pure. */
export function learnScanner(presses: readonly KeyPress[]): Result<Learned, LearnProblem> {
  const keys = keysOf(presses);
  const found = findCard(keys);
  if (found === undefined) return err({ code: 'not_the_card', text: textOf(keys) });
  const ends = presses.flatMap((press) => endOf(press));
  const [end] = ends;
  const gaps = gapsOf([...keys.map(({ timeMs }) => timeMs), ...ends.slice(0, 1).map(({ timeMs }) => timeMs)]);
  const keyMs = middleOf(gaps);
  if (keyMs > SLOWEST_KEY_MS) return err({ code: 'too_slow', keyMs: Math.round(keyMs) });
  const spreadMs = nineOfTen(gaps.map((gap) => Math.abs(gap - keyMs)));
  if (spreadMs > keyMs * UNEVEN + LAPTOP_MS) return err({ code: 'uneven' });
  return ok({ ...found, keyMs: tenth(keyMs), spreadMs: tenth(spreadMs), ending: end?.by ?? 'none' });
}

function keysOf(presses: readonly KeyPress[]): readonly Key[] {
  return presses.flatMap((press): Key[] => {
    const meaning = meaningOf(press);
    const { timeMs } = press;
    if (meaning.kind === 'separator_key') return [{ text: GS, usText: GS, timeMs }];
    if (meaning.kind !== 'character' && meaning.kind !== 'dead') return [];
    const text = meaning.kind === 'dead' ? '' : meaning.text;
    return [{ text, usText: text === GS ? GS : (usCharacter(press.code, press.shiftKey) ?? text), timeMs }];
  });
}

function endOf(press: KeyPress): readonly { readonly by: 'Enter' | 'Tab'; readonly timeMs: number }[] {
  const meaning = meaningOf(press);
  if (meaning.kind === 'end') return [{ by: meaning.by, timeMs: press.timeMs }];
  const isLineEnd = meaning.kind === 'control' && (meaning.name === '^J' || meaning.name === '^M');
  return isLineEnd ? [{ by: 'Enter', timeMs: press.timeMs }] : [];
}

type Found = Omit<Learned, 'keyMs' | 'spreadMs' | 'ending'>;

function findCard(keys: readonly Key[]): Found | undefined {
  const keyed: KeyedText = {
    text: textOf(keys),
    usText: keys.map(({ usText }) => usText).join(''),
  };
  const ways = keyboards(keys);
  for (const [letters, spell] of SPELLINGS) {
    const card = TEST_CARD.map(spell);
    for (const keyboard of ways) {
      const parts = cardIn(keyed, keyboard, card);
      if (parts !== undefined) return { keyboard, letters, ...affixesOf(parts) };
    }
  }
  return undefined;
}

function affixesOf({ before, between, after }: Parts): Pick<Found, 'prefix' | 'suffix' | 'symbology' | 'separators'> {
  const symbology = /\]C\d$/i.exec(before)?.[0] ?? '';
  return {
    prefix: before.slice(0, before.length - symbology.length),
    suffix: after,
    symbology: symbology !== '',
    separators:
      between === '' ? { kind: 'lost' } : between === GS ? { kind: 'sent' } : { kind: 'other', text: between },
  };
}

/** Every way in which keys come about, the likeliest first. */
function keyboards(keys: readonly Key[]): readonly Scanner['keyboard'][] {
  return [
    positionsOf(keys),
    { kind: 'fits' },
    ...LAYOUT_NAMES.flatMap((layout) =>
      [false, true].map((capsLock): Scanner['keyboard'] => ({ kind: 'laptop', layout, capsLock })),
    ),
    ...LAYOUT_NAMES.map((layout): Scanner['keyboard'] => ({ kind: 'scanner', layout })),
  ];
}

/** The laptop’s layout has a name where its text of the card is one that we know. */
function positionsOf(keys: readonly Key[]): Scanner['keyboard'] {
  const us = keys.map(({ usText }) => usText || ' ').join('');
  const received = (field: string): string => {
    const at = us.indexOf(field);
    return at === -1 ? '' : textOf(keys.slice(at, at + field.length));
  };
  for (const [, spell] of SPELLINGS) {
    const card = TEST_CARD.map(spell);
    const learned = learnLayout(card.join(''), card.map(received).join(''));
    if (learned.ok && learned.value.name !== 'learnt')
      return { kind: 'positions', layout: learned.value.name, capsLock: learned.value.capsLock };
  }
  return { kind: 'positions', capsLock: false };
}

const SPELLINGS: readonly (readonly [Scanner['letters'], (field: string) => string])[] = [
  ['kept', (field) => field],
  ['swapped', swapCase],
  ['capitals', (field) => field.toUpperCase()],
  ['small', (field) => field.toLowerCase()],
];

function textOf(keys: readonly Key[]): string {
  return keys.map(({ text }) => text).join('');
}

function swapCase(text: string): string {
  return Array.from(text, (one) => (one === one.toUpperCase() ? one.toLowerCase() : one.toUpperCase())).join('');
}

/** A layout may swallow characters of the card; so what it makes of the card is looked for, not the card in what came. */
function cardIn(keyed: KeyedText, keyboard: Scanner['keyboard'], card: readonly string[]): Parts | undefined {
  if (keyboard.kind !== 'laptop') return partsOf(meantBy(keyed, { keyboard }), card);
  const { layout, capsLock } = keyboard;
  const made = card.map((field) => (capsLock ? swapCase(produce(field, layout)) : produce(field, layout)));
  const parts = partsOf(keyed.text, made);
  const label = (text: string): string => meantBy({ text, usText: text }, { keyboard });
  return parts && { before: label(parts.before), between: label(parts.between), after: label(parts.after) };
}

type Parts = { readonly before: string; readonly between: string; readonly after: string };

function partsOf(text: string, [first = '', second = '']: readonly string[]): Parts | undefined {
  const from = text.indexOf(first);
  const to = text.indexOf(second, from + first.length);
  if (from === -1 || to === -1) return undefined;
  return {
    before: text.slice(0, from),
    between: text.slice(from + first.length, to),
    after: text.slice(to + second.length),
  };
}

function middleOf(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function nineOfTen(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor((sorted.length - 1) * 0.9)] ?? 0;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
