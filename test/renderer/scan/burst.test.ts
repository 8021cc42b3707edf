import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BURST_SETTINGS, type BurstOutcome, createBurst } from '../../../renderer/scan/burst.ts';
import type { Knowledge } from '../../../renderer/scan/judge.ts';
import { type KeyPress, usCharacter } from '../../../renderer/scan/key-meaning.ts';

const EAN = '3017620422003';
const NOTHING: Knowledge = { isKnown: () => false, isHotKey: () => true };

function key(text: string, timeMs: number, change: Partial<KeyPress> = {}): KeyPress {
  const code = /^[a-z]$/i.test(text) ? `Key${text.toUpperCase()}` : /^\d$/.test(text) ? `Digit${text}` : '';
  return {
    key: text,
    code,
    timeMs,
    shiftKey: /^[A-Z]$/.test(text),
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    repeat: false,
    composing: false,
    editable: false,
    takesCodes: false,
    ...change,
  };
}

/** Presses keys and lets the patience run out between them as a clock would. */
function run(presses: readonly KeyPress[], burst = createBurst(BURST_SETTINGS, NOTHING)) {
  const outcomes: BurstOutcome[] = [];
  const holds: boolean[] = [];
  let lastMs = 0;
  for (const press of presses) {
    const patience = burst.patienceMs();
    if (patience !== null && press.timeMs - lastMs > patience) outcomes.push(...burst.rest());
    const verdict = burst.press(press);
    outcomes.push(...verdict.outcomes);
    holds.push(verdict.hold);
    lastMs = press.timeMs;
  }
  outcomes.push(...burst.rest());
  const scans = outcomes.flatMap((outcome) => (outcome.kind === 'scan' ? [outcome.text] : []));
  const typed = outcomes.flatMap((outcome) =>
    outcome.kind === 'typing' ? outcome.presses.map(({ key: one }) => one) : [],
  );
  return { outcomes, holds, scans, typed: typed.join('') };
}

function keys(text: string, startMs: number, gapMs: number, change: Partial<KeyPress> = {}): KeyPress[] {
  return Array.from(text, (character, at) => key(character, startMs + at * gapMs, change));
}

describe('bursts', () => {
  test('S50 five hundred scans at 8 ms a key and 40 ms between them arrive in order', () => {
    const codes = Array.from({ length: 500 }, (_, at) => `30176204${String(at).padStart(5, '0')}`);
    const presses: KeyPress[] = [];
    let timeMs = 0;
    for (const code of codes) {
      presses.push(...keys(code, timeMs, 8), key('Enter', timeMs + code.length * 8));
      timeMs += code.length * 8 + 40;
    }
    const { scans, typed, holds } = run(presses);
    expect(scans).toEqual(codes);
    expect(typed).toBe('');
    expect(holds.every(Boolean)).toBe(true);
  });

  test('S51 thirteen digits typed at 60 to 140 ms a key are no scan, and none is lost', () => {
    const presses = Array.from(EAN, (digit, at) => key(digit, at * 90 + (at % 3) * 25));
    const { scans, typed } = run([...presses, key('Enter', 13 * 90)]);
    expect(scans).toEqual([]);
    expect(typed).toBe(EAN);
  });

  test('S51 nothing a person types is lost, doubled or put in another order', () => {
    const human = fc.array(
      fc.record({ text: fc.constantFrom(...'0123456789abcXYZ*+/'.split('')), gap: fc.integer({ min: 41, max: 900 }) }),
    );
    fc.assert(
      fc.property(human, fc.boolean(), (strokes, editable) => {
        let timeMs = 0;
        const presses = strokes.map(({ text, gap }) => key(text, (timeMs += gap), { editable }));
        const { scans, outcomes, holds } = run(presses);
        expect(scans).toEqual([]);
        const passed = presses.filter((_, at) => !holds[at]);
        const given = outcomes.flatMap((outcome) => (outcome.kind === 'typing' ? outcome.presses : []));
        expect(passed.length + given.length).toBe(presses.length);
        expect(new Set([...passed, ...given]).size).toBe(presses.length);
        expect(editable || given.length === presses.length).toBe(true);
        expect(given).toEqual(presses.filter((press) => given.includes(press)));
      }),
    );
  });

  test('S52 only the mean gap counts: a stutter in a burst loses no digit', () => {
    const first = keys(EAN.slice(0, 3), 0, 2);
    const rest = keys(EAN.slice(3), 150, 2);
    expect(run([...first, ...rest, key('Enter', 180)]).scans).toEqual([EAN]);
  });

  test('S52 keys that arrive in one heap with equal times are still a scan', () => {
    expect(run([...keys(EAN, 5, 0), key('Enter', 5), ...keys('A-01-02', 5, 0), key('Enter', 5)]).scans).toEqual([
      EAN,
      'A-01-02',
    ]);
  });

  test.each([1, 2, 3])(
    'S62 the first %i keys of a scan, given back because the others came late, are part of it all the same',
    (early) => {
      const burst = createBurst(BURST_SETTINGS, NOTHING);
      const presses = keys(EAN, 1000, 30);
      for (const press of presses.slice(0, early)) burst.press(press);
      const given = burst.rest();
      expect(given.flatMap((outcome) => (outcome.kind === 'typing' ? outcome.presses : []))).toEqual(
        presses.slice(0, early),
      );
      const { outcomes } = run([...presses.slice(early), key('Enter', 1390)], burst);
      expect(outcomes).toEqual([expect.objectContaining({ kind: 'scan', text: EAN, letGo: EAN.slice(0, early) })]);
    },
  );

  test('S62 keys of a person that came late are given back once', () => {
    const burst = createBurst(BURST_SETTINGS, NOTHING);
    burst.press(key('2', 1000));
    const first = burst.rest();
    const { scans, typed } = run([key('4', 1050)], burst);
    expect([first.length, scans, typed]).toEqual([1, [], '4']);
  });

  test('S53 a scan ends with Enter, with Tab or with silence', () => {
    const { outcomes } = run([
      ...keys(EAN, 0, 8),
      key('Tab', 110),
      ...keys('A-01-02', 200, 8),
      ...keys(EAN, 1000, 8),
      key('Enter', 1110),
    ]);
    expect(outcomes.map((outcome) => (outcome.kind === 'scan' ? [outcome.text, outcome.endedBy] : []))).toEqual([
      [EAN, 'Tab'],
      ['A-01-02', 'silence'],
      [EAN, 'Enter'],
    ]);
  });

  test('S53 a scanner that sends no Enter is soon waited for only 60 ms', () => {
    const burst = createBurst(BURST_SETTINGS, NOTHING);
    run(keys(EAN, 0, 8), burst);
    for (const press of keys(EAN, 1000, 8)) burst.press(press);
    expect(burst.patienceMs()).toBe(60);
    run([...keys(EAN, 5000, 8), key('Enter', 5100)], burst);
    for (const press of keys(EAN, 6000, 8)) burst.press(press);
    expect(burst.patienceMs(250)).toBe(BURST_SETTINGS.stallMs);
  });

  test('S53 a line feed after the Enter, and an Enter that comes late, belong to the scan', () => {
    const crLf = run([...keys(EAN, 0, 8), key('Enter', 104), key('j', 106, { ctrlKey: true }), key('Enter', 108)]);
    expect(crLf.holds.slice(-3)).toEqual([true, true, true]);
    const late = run([...keys(EAN, 0, 8), key('Enter', 96 + 300)]);
    expect(late.scans).toEqual([EAN]);
    expect(late.holds.at(-1)).toBe(true);
    const person = run([...keys(EAN, 0, 8), key('Enter', 104), key('Enter', 900)]);
    expect(person.holds.at(-1)).toBe(false);
  });

  test('S54 a number typed before a scan stays apart from it', () => {
    const { scans, typed } = run([...keys('12*', 0, 90), ...keys(EAN, 270, 2), key('Enter', 300)]);
    expect(scans).toEqual([EAN]);
    expect(typed).toBe('12*');
  });

  test('S55 FNC1 is understood as Ctrl+], as F8, as Alt+029 and as itself', () => {
    const head = '10LOT';
    const tail = '15210526';
    const ways: ((timeMs: number) => KeyPress[])[] = [
      (timeMs) => [key(']', timeMs, { ctrlKey: true, code: 'BracketRight' })],
      (timeMs) => [key('+', timeMs, { ctrlKey: true, code: 'BracketRight' })],
      (timeMs) => [key('F8', timeMs, { code: 'F8' })],
      (timeMs) => [key('\u001D', timeMs)],
    ];
    for (const way of ways) {
      const presses = [...keys(head, 0, 8), ...way(40), ...keys(tail, 48, 8), key('Enter', 120)];
      expect(run(presses).scans).toEqual([`${head}\u001D${tail}`]);
    }
    const burst = createBurst(BURST_SETTINGS, NOTHING);
    for (const press of keys(head, 0, 8)) burst.press(press);
    const alt = [
      key('Alt', 42),
      ...['0', '2', '9'].map((digit, at) => key(digit, 44 + at, { altKey: true, code: `Numpad${digit}` })),
    ];
    expect(alt.map((press) => burst.press(press).hold)).toEqual([true, true, true, true]);
    expect(burst.releaseAlt(key('Alt', 48)).hold).toBe(true);
    expect(run([...keys(tail, 52, 8), key('Enter', 120)], burst).scans).toEqual([`${head}\u001D${tail}`]);
  });

  test('S55 F8 and Ctrl+C alone stay what they are to a person', () => {
    expect(run([key('F8', 0), key('c', 500, { ctrlKey: true }), key('ArrowDown', 900)]).holds).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('S56 other control characters are taken out and reported', () => {
    const { outcomes } = run([
      ...keys('84', 0, 4),
      key('b', 8, { ctrlKey: true }),
      ...keys('029G', 12, 4),
      key('\u0003', 30),
      key('Enter', 34),
    ]);
    expect(outcomes).toMatchObject([{ kind: 'scan', text: '84029G', controls: ['^B', '^C'] }]);
  });

  test('S56 a stuck key cannot fill the memory', () => {
    const { outcomes } = run([...keys('x'.repeat(6000), 0, 1), key('Enter', 6001)]);
    expect(outcomes).toHaveLength(1);
    expect(outcomes[0]?.kind === 'scan' && outcomes[0].text.length).toBe(4097);
  });

  test('S57 the positions of the keys tell the label whatever layout the computer has', () => {
    const azerty: readonly (readonly [string, string])[] = [
      ['"', 'Digit3'],
      ['à', 'Digit0'],
      ['&', 'Digit1'],
      ['Q', 'KeyA'],
      [')', 'Minus'],
    ];
    const presses = azerty.map(([text, code], at) => key(text, at * 5, { code, shiftKey: text === 'Q' }));
    const { outcomes } = run([...presses, key('Enter', 30)]);
    expect(outcomes).toMatchObject([{ kind: 'scan', text: '"à&Q)', usText: '301A-' }]);
    expect(usCharacter('Digit8', true)).toBe('*');
    expect(usCharacter('Numpad7', false)).toBe('7');
    expect(usCharacter('F13', false)).toBeNull();
  });

  test('S58 a held key, an input method and shortcuts are left alone', () => {
    const alone = [
      key('a', 0, { repeat: true }),
      key('a', 1, { composing: true }),
      key('Process', 2),
      key('a', 3, { metaKey: true }),
      key('a', 4, { altKey: true }),
      key('z', 5, { ctrlKey: true }),
      key(' ', 6),
      key('Tab', 7, { shiftKey: true }),
    ];
    const { holds, outcomes } = run(alone);
    expect(holds.some(Boolean)).toBe(false);
    expect(outcomes).toEqual([]);
  });

  test('S63 the Enter after a key that no scanner sends is a person’s, however soon after a scan', () => {
    const scan = keys(EAN, 100, 4);
    const end = 100 + EAN.length * 4;
    const again = run([...scan, key('Enter', end), key('Enter', end + 10)]);
    expect(again.holds.at(-1)).toBe(true);
    // F8 too: within a scan it may stand for a separator, by itself it is the key that leaves a bin out.
    for (const own of ['F7', 'F8', 'ArrowDown']) {
      const meant = run([...scan, key('Enter', end), key(own, end + 10), key('Enter', end + 20)]);
      expect(meant.scans).toEqual([EAN]);
      expect({ own, holds: meant.holds.slice(-2) }).toEqual({ own, holds: [false, false] });
    }
  });

  const KNOWN: Knowledge = { isKnown: (text) => ['123', 'A2', '101', 'Z05LBL'].includes(text), isHotKey: () => true };
  const slowly = (text: string, gapMs: number, change: Partial<KeyPress> = {}) =>
    run(
      [...keys(text, 0, gapMs, change), key('Enter', text.length * gapMs, change)],
      createBurst(BURST_SETTINGS, KNOWN),
    );

  test.each(['5', '24', '101', 'A2', 'A-3'])(
    'S502 %s at 4 ms a key is a scan, and its Enter presses nothing',
    (code) => {
      const { scans, typed, holds } = run([...keys(code, 0, 4), key('Enter', code.length * 4)]);
      expect([scans, typed, holds.at(-1)]).toEqual([[code], '', true]);
    },
  );

  test.each(['A2', 'Z05LBL'])('S502 %s at 90 ms a key is a scan when it is known: letters are no quantity', (code) => {
    const { scans, typed, holds } = slowly(code, 90);
    expect([scans, typed, holds.at(-1)]).toEqual([[code], '', true]);
  });

  test('S504 digits of a known code at a pace that both have are in doubt, and their Enter presses nothing', () => {
    const { outcomes, holds } = slowly('123', 90);
    expect(outcomes).toMatchObject([{ kind: 'scan', text: '123', doubt: true, endedBy: 'Enter' }]);
    expect(holds.at(-1)).toBe(true);
    expect(slowly('124', 90)).toMatchObject({ scans: [], typed: '124' });
  });

  test('S505 in a field a known code at such a pace stays, and only its Enter is kept back', () => {
    const { outcomes, holds } = slowly('123', 90, { editable: true });
    expect(outcomes).toMatchObject([{ kind: 'doubt_in_field', text: '123' }]);
    expect(holds).toEqual([false, false, false, true]);
    expect(slowly('124', 90, { editable: true }).holds.at(-1)).toBe(false);
    expect(slowly('123', 90, { editable: true, takesCodes: true }).holds.at(-1)).toBe(false);
  });

  test.each([1, 2, 3, 4, 9, 11])('S503 a scan torn after %i of 12 keys is one scan once the rest has come', (early) => {
    const burst = createBurst(BURST_SETTINGS, NOTHING);
    const presses = keys('301762042983', 1000, 1);
    for (const press of presses.slice(0, early)) burst.press(press);
    // The page waits as long as it must, and then believes that nothing more will come.
    const given = burst.rest();
    const { outcomes, holds } = run([...presses.slice(early), key('Enter', 1012)], burst);
    expect(outcomes).toMatchObject([{ kind: 'scan', text: '301762042983', torn: given[0]?.kind === 'scan' }]);
    expect(holds.at(-1)).toBe(true);
  });

  test('S503 the rest of a burst that surely comes from a scanner is waited for as long as a page may stall', () => {
    const burst = createBurst(BURST_SETTINGS, KNOWN);
    for (const press of keys('123', 1000, 1)) burst.press(press);
    expect(burst.patienceMs(250)).toBe(BURST_SETTINGS.stallMs);
  });
});
