import { describe, expect, test } from 'vitest';
import type { KeyPress } from '../../../renderer/scan/key-meaning.ts';
import { learnScanner, type Learned } from '../../../renderer/scan/learn-scanner.ts';
import { recognise } from '../../../renderer/scan/learned.ts';
import { decode, LAYOUT_NAMES, layoutNamed, produce } from '../../../shared/domain/keyboard-layout.ts';
import { labelOf, type Scanner, TEST_CARD } from '../../../shared/domain/scanner.ts';

const GS = '\u001D';
const CARD = TEST_CARD.join(GS);
const US_SHIFTED: Readonly<Record<string, readonly [string, boolean]>> = {
  '-': ['Minus', false],
  _: ['Minus', true],
  '/': ['Slash', false],
  '?': ['Slash', true],
  ':': ['Semicolon', true],
  ';': ['Semicolon', false],
  '.': ['Period', false],
  '>': ['Period', true],
  '<': ['Comma', true],
  ',': ['Comma', false],
  "'": ['Quote', false],
  '"': ['Quote', true],
  '[': ['BracketLeft', false],
  '#': ['Digit3', true],
  '~': ['Backquote', true],
  '=': ['Equal', false],
  '+': ['Equal', true],
};
const SHIFTED_DIGITS = ')!@#$%^&*(';

/** Where a character lies on a US keyboard. */
function positionOf(character: string): readonly [string, boolean] {
  if (/^\d$/.test(character)) return [`Digit${character}`, false];
  if (/^[a-z]$/i.test(character)) return [`Key${character.toUpperCase()}`, /[A-Z]/.test(character)];
  const own = US_SHIFTED[character];
  if (own !== undefined) return own;
  const digit = SHIFTED_DIGITS.indexOf(character);
  return digit === -1 ? ['', false] : [`Digit${digit}`, true];
}

type Way = {
  readonly laptop?: string;
  readonly keyMs?: number;
  readonly end?: readonly string[];
  readonly positions?: boolean;
  readonly capsLock?: boolean;
  readonly jitter?: (at: number) => number;
  readonly fnc1?: 'ctrl' | 'F8' | 'itself' | 'lost' | '|';
};

/** The keys of a scanner with a US keyboard that sends `sent`, as a laptop with this layout sees them. */
function keysOf(sent: string, way: Way = {}): readonly KeyPress[] {
  const { laptop = 'us', keyMs = 8, end = ['Enter'], positions = true, capsLock = false, jitter = () => 0 } = way;
  const keys = [...Array.from(sent), ...end];
  const presses = keys.flatMap((character, at): KeyPress[] => {
    const blank = { timeMs: 1000 + at * keyMs + jitter(at), repeat: false, composing: false } as const;
    const none = { ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, editable: false, takesCodes: false };
    if (character === GS) {
      const ways: Readonly<Record<NonNullable<Way['fnc1']>, readonly KeyPress[]>> = {
        ctrl: [{ ...blank, ...none, key: ']', code: 'BracketRight', ctrlKey: true }],
        F8: [{ ...blank, ...none, key: 'F8', code: 'F8' }],
        itself: [{ ...blank, ...none, key: GS, code: '' }],
        lost: [],
        '|': [{ ...blank, ...none, key: '|', code: 'Backslash', shiftKey: true }],
      };
      return [...ways[way.fnc1 ?? 'ctrl']];
    }
    if (character.length > 1) return [{ ...blank, ...none, key: character, code: character }];
    const [code, shiftKey] = positionOf(character);
    const made = produce(character, laptop);
    const cased = capsLock ? (made === made.toUpperCase() ? made.toLowerCase() : made.toUpperCase()) : made;
    return [{ ...blank, ...none, key: cased === '' ? 'Dead' : cased, code: positions ? code : '', shiftKey }];
  });
  return presses;
}

function learn(presses: readonly KeyPress[]): Learned {
  const learned = learnScanner(presses);
  return learned.ok ? learned.value : expect.fail(learned.error.code);
}

const scanner = (learned: Learned, id = 's1'): Scanner => ({ ...learned, id, learnedAt: '2026-11-29T08:00:00.000Z' });
const textsOf = (presses: readonly KeyPress[]) => presses.map(({ key }) => (key === 'Dead' ? '' : key)).join('');

describe('scanner set-up', () => {
  test.each(LAYOUT_NAMES)('S511 one scan of the card tells the scanner from a laptop with the layout %s', (laptop) => {
    for (const positions of [true, false]) {
      const learned = learn(keysOf(CARD, { laptop, positions, keyMs: 95, end: ['Tab'] }));
      expect(learned).toMatchObject({ keyMs: 95, spreadMs: 0, ending: 'Tab', prefix: '', suffix: '', letters: 'kept' });
      expect(learned.separators).toEqual({ kind: 'sent' });
      const { keyboard } = learned;
      const named = 'layout' in keyboard ? (keyboard.layout ?? '') : 'us';
      // Layouts that differ only where the card has nothing have one name.
      expect(produce(CARD, named)).toBe(produce(CARD, laptop));
      // A bin label comes back, whatever the laptop makes of it.
      const label = 'A-17/04';
      const keys = keysOf(label, { laptop, positions, end: [] });
      const usText = positions ? label : textsOf(keys);
      expect(labelOf({ text: textsOf(keys), usText }, learned)).toBe(label);
    }
  });

  test.each(['de', 'fr', 'es', 'se'])(
    'S511 a scanner with the keyboard %s on an American laptop is learned too',
    (layout) => {
      // It looks for each character where its own keyboard has it; the laptop shows what lies there.
      const own = layoutNamed(layout) ?? expect.fail();
      const learned = learn(keysOf(decode(CARD, own)));
      expect(learned.keyboard).toMatchObject({ kind: 'scanner' });
      const shown = decode('Tally-04', own);
      expect(labelOf({ text: shown, usText: shown }, learned)).toBe('Tally-04');
    },
  );

  test('S511 prefix, suffix, the symbology in front, and each way that FNC1 arrives are told', () => {
    const learned = learn(keysOf(`~]C1${CARD}#`, { end: [], keyMs: 30 }));
    expect(learned).toMatchObject({ prefix: '~', suffix: '#', symbology: true, ending: 'none', keyMs: 30 });
    for (const [fnc1, separators] of [
      ['ctrl', { kind: 'sent' }],
      ['F8', { kind: 'sent' }],
      ['itself', { kind: 'sent' }],
      ['lost', { kind: 'lost' }],
      ['|', { kind: 'other', text: '|' }],
    ] as const)
      expect(learn(keysOf(CARD, { fnc1 })).separators).toEqual(separators);
    expect(learn(keysOf(CARD, { capsLock: true }))).toMatchObject({ keyboard: { kind: 'positions', capsLock: true } });
    expect(learn(keysOf(CARD, { capsLock: true, positions: false })).keyboard).toMatchObject({ capsLock: true });
    expect(learn(keysOf(CARD.toUpperCase())).letters).toBe('capitals');
    expect(learn(keysOf(CARD, { end: ['Enter', 'Enter'] })).ending).toBe('Enter');
  });

  test('S511 the pace is the middle of the gaps: what the laptop was busy for once is not in it', () => {
    const learned = learn(keysOf(CARD, { keyMs: 40, jitter: (at) => (at > 12 ? 120 : 0) + (at % 2) * 3 }));
    expect(learned.keyMs).toBeGreaterThanOrEqual(34);
    expect(learned.keyMs).toBeLessThanOrEqual(46);
    expect(learned.spreadMs).toBeLessThanOrEqual(8);
  });

  test('S512 another code, half of the card, a person, and a scanner slower than any teach nothing', () => {
    const problem = (presses: readonly KeyPress[]) => {
      const learned = learnScanner(presses);
      return learned.ok ? learned.value : learned.error;
    };
    expect(problem(keysOf('4006381333931'))).toEqual({ code: 'not_the_card', text: '4006381333931' });
    expect(problem(keysOf(TEST_CARD[1]))).toMatchObject({ code: 'not_the_card' });
    expect(problem([])).toEqual({ code: 'not_the_card', text: '' });
    expect(problem(keysOf(CARD, { keyMs: 400 }))).toEqual({ code: 'too_slow', keyMs: 400 });
    expect(problem(keysOf(CARD, { keyMs: 100, jitter: (at) => ((at * 37) % 11) * 14 }))).toEqual({ code: 'uneven' });
  });

  test('S515 a scan of a learned scanner is its label; one that nobody learned stays as it came', () => {
    const german = scanner(learn(keysOf(`*${CARD}`, { laptop: 'de', keyMs: 20, fnc1: 'lost' })));
    const came = { text: '(Yß17', usText: '*Z-17', gaps: [20, 20, 20, 20, 20], endedBy: 'Enter' } as const;
    expect(recognise(came, [german], () => false)).toEqual({
      text: 'Z-17',
      usText: 'Z-17',
      separators: { kind: 'lost' },
    });
    expect(recognise({ ...came, endedBy: 'Tab' }, [german], () => false)).toEqual({ text: '(Yß17', usText: '*Z-17' });
    expect(recognise({ ...came, text: 'Yß17', usText: 'Z-17' }, [german], () => false)).toEqual({
      text: 'Yß17',
      usText: 'Z-17',
    });
    expect(recognise({ ...came, gaps: [90, 90, 90, 90, 90] }, [german], () => false).text).toBe('(Yß17');
  });

  test('S516 of two scanners that may have sent a scan, a known code tells which, else the nearer pace', () => {
    const plain = scanner(learn(keysOf(CARD, { keyMs: 20, end: ['Tab'] })), 'plain');
    const marked = scanner(learn(keysOf(`A${CARD}`, { keyMs: 24, end: ['Tab'] })), 'marked');
    const came = { text: 'A12', usText: 'A12', gaps: [20, 20, 20], endedBy: 'Tab' } as const;
    const by = (known: string) => recognise(came, [plain, marked], (text) => text === known).text;
    expect([by('A12'), by('12'), by('')]).toEqual(['A12', '12', '12']);
    const other = { ...came, text: 'B12', usText: 'B12' };
    expect(recognise(other, [plain, marked], () => false).text).toBe('B12');
  });
});
