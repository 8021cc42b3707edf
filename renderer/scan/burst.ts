import { longestGapMs as longestLearnedMs } from './learned.ts';
import { judge, SURELY_A_BURST, type Knowledge } from './judge.ts';
import { type KeyPress, meaningOf, usCharacter } from './key-meaning.ts';
import { FAST_MEAN_MS, FAST_PAUSE_MS, isFast } from './rhythm.ts';

/** How long a burst is waited for, in milliseconds of the keys' own times. */
export type BurstSettings = {
  /** Silence after which a burst of a scanner that sends no Enter is over, and quick keys go into a field. */
  readonly silenceMs: number;
  /** What a page may stall: so long the rest of a burst is waited for that has come to no end. */
  readonly stallMs: number;
};

export const BURST_SETTINGS: BurstSettings = { silenceMs: 60, stallMs: 3500 };

/** A known code this long is whole: no longer code begins with it. */
const WHOLE_CODE = 8;
/** Characters kept of one scan; one more than any barcode may have, so that the reader can tell it is too long. */
const MOST_CHARACTERS = 4097;

export type Scan = {
  readonly kind: 'scan';
  readonly text: string;
  /** The same keys on a US keyboard: what the label says when the computer has another layout. */
  readonly usText: string;
  /** Control characters that were taken out, e.g. `^B`. */
  readonly controls: readonly string[];
  readonly endedBy: 'Enter' | 'Tab' | 'silence' | 'key';
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Digits of a known code that a person may have typed as well: somebody has to say which. */
  readonly doubt: boolean;
  /** Characters that were let go as typing, outside of a field, before the rest of the scan came in late; '' nearly always. */
  readonly letGo: string;
  /** It goes on where a scan was taken to have ended: that one was cut short. */
  readonly torn: boolean;
  /** The keys, in order. */
  readonly presses: readonly KeyPress[];
};

/** Keys that a person pressed after all, in order, without those that the page has seen. */
export type Typing = { readonly kind: 'typing'; readonly presses: readonly KeyPress[] };

/** A known code came into a field at a pace that a person may have too; its Enter or Tab is kept from the page. */
export type DoubtInField = { readonly kind: 'doubt_in_field'; readonly text: string };

export type BurstOutcome = Scan | Typing | DoubtInField;

/** `outcomes` come before the key's own effect; `hold`: the page must not see this key. */
export type BurstVerdict = { readonly hold: boolean; readonly outcomes: readonly BurstOutcome[] };

export type Burst = {
  readonly press: (press: KeyPress) => BurstVerdict;
  /** Alt went up: the digits pressed with it were one character. */
  readonly releaseAlt: (press: KeyPress) => BurstVerdict;
  /** No more keys are on their way: what there is becomes a scan or typing. */
  readonly rest: () => readonly BurstOutcome[];
  /**
   * How long to wait for the next key before calling `rest`, in milliseconds from the last one; null when there is nothing
   * to wait for. After `waitedMs` it may turn out to be more.
   */
  readonly patienceMs: (waitedMs?: number) => number | null;
  /** How many keys the run has so far. */
  readonly size: () => number;
  /** Whether keys are kept from the page, and which. */
  readonly isHolding: () => boolean;
  readonly heldText: () => string;
};

type Caught = {
  readonly press: KeyPress;
  readonly text: string;
  /** The page has seen it: it stands in a field, or was given back as typing. */
  readonly seen: boolean;
};

/**
 * Tells scans from typing, key by key and by the keys' own times. Holds state, reads no clock and no DOM.
 * One piece: its steps change one run of caught keys.
 */
export function createBurst(settings: BurstSettings, knowledge: Knowledge): Burst {
  let caught: Caught[] = [];
  // What was settled while no more keys seemed to come. On a busy machine keys come late, and then the time that the
  // next one carries tells that they go on with it after all.
  let settled: { readonly keys: readonly Caught[]; readonly asScan: boolean } | undefined;
  let controls: string[] = [];
  let lastSeenMs = 0;
  let altDigits = '';
  let torn = false;
  // A scanner is believed to end its scans with a key until one ends without, or was learned to.
  let endsWithKey: boolean | undefined;
  // A second terminator (CR LF), or one that comes late, belongs to the scan before it.
  let quietUntilMs = Number.NEGATIVE_INFINITY;

  const scanners = () => knowledge.scanners?.() ?? [];
  const timesOf = (keys: readonly Caught[]): readonly number[] => keys.map(({ press }) => press.timeMs);
  const textOf = (keys: readonly Caught[]): string => keys.map(({ text }) => text).join('');
  // Asked at every key, so the keys in between are left out.
  const spanMs = (): number => (caught.at(-1)?.press.timeMs ?? 0) - (caught[0]?.press.timeMs ?? 0);
  const isFastSoFar = (): boolean => caught.length > 1 && spanMs() <= FAST_MEAN_MS * (caught.length - 1);
  const isKnownSoFar = (): boolean => knowledge.isKnown(textOf(caught), caught.map(usTextOf).join(''));

  function awaitsKey(): boolean {
    return endsWithKey ?? !(scanners().length > 0 && scanners().every(({ ending }) => ending === 'none'));
  }

  /** The longest pause, by the keys' own times, after which a key still belongs to the run. */
  function longestGapMs(): number {
    if (!isFastSoFar()) return longestLearnedMs(scanners());
    return awaitsKey() || caught.length < SURELY_A_BURST ? FAST_PAUSE_MS : settings.silenceMs;
  }

  function patienceMs(waitedMs = 0): number | null {
    if (caught.length === 0) return null;
    const inField = caught[0]?.press.editable === true;
    if (!isFastSoFar())
      return caught.every(({ seen }) => seen) || !inField ? longestLearnedMs(scanners()) : settings.silenceMs;
    if (caught.length < SURELY_A_BURST) {
      if (inField) return settings.silenceMs;
      // Digits can be taken back from the strip; what a hot key did cannot.
      const isDigits = caught.every(({ text }) => /^\d$/.test(text));
      if (isDigits && !isFast(timesOf(caught), undefined)) return longestLearnedMs(scanners());
    }
    if (!awaitsKey()) return settings.silenceMs;
    if (waitedMs < FAST_PAUSE_MS) return FAST_PAUSE_MS;
    return caught.length >= WHOLE_CODE && isKnownSoFar() ? FAST_PAUSE_MS : settings.stallMs;
  }

  /** What the run comes to. `endMs`: when the Enter or Tab came that ends it. */
  function finish(endedBy: Scan['endedBy'], endMs: number | undefined): readonly BurstOutcome[] {
    const keys = caught;
    const [first] = keys;
    const found = controls;
    const goesOn = torn;
    caught = [];
    controls = [];
    torn = false;
    if (first === undefined) return [];
    const { typed, rest } = judge(
      {
        texts: keys.map(({ text }) => text),
        usTexts: keys.map(usTextOf),
        timesMs: timesOf(keys),
        endMs,
        endedBy,
        inField: first.press.editable,
        takesCodes: first.press.takesCodes,
      },
      knowledge,
    );
    const scanned = keys.slice(typed);
    const endedAtMs = endMs ?? lastSeenMs;
    if (rest !== 'typing' && endMs !== undefined) quietUntilMs = endMs + settings.silenceMs;
    if (rest === 'doubt' && first.press.editable) {
      return [...typingOf(keys), { kind: 'doubt_in_field', text: textOf(keys) }];
    }
    if (rest === 'typing') return typingOf(keys);
    if (rest === 'scan') {
      if (endMs === undefined) quietUntilMs = endedAtMs + FAST_PAUSE_MS + 2 * settings.silenceMs;
      if (scanned.length >= SURELY_A_BURST) endsWithKey = endMs !== undefined || endedBy === 'key';
    }
    const scan: Scan = {
      kind: 'scan',
      text: textOf(scanned),
      usText: scanned.map(usTextOf).join(''),
      controls: found,
      endedBy,
      startedAtMs: scanned[0]?.press.timeMs ?? endedAtMs,
      endedAtMs,
      doubt: rest === 'doubt',
      letGo: textOf(scanned.filter(({ seen, press }) => seen && !press.editable)),
      torn: goesOn,
      presses: scanned.map(({ press }) => press),
    };
    return [...typingOf(keys.slice(0, typed)), scan];
  }

  function typingOf(keys: readonly Caught[]): readonly Typing[] {
    const presses = keys.filter(({ seen }) => !seen).map(({ press }) => press);
    return presses.length === 0 ? [] : [{ kind: 'typing', presses }];
  }

  function catchKey(press: KeyPress, text: string, before: readonly BurstOutcome[]): BurstVerdict {
    const gapMs = press.timeMs - (caught.at(-1)?.press.timeMs ?? Number.NEGATIVE_INFINITY);
    // In a field a person sees every character at once; those of a scan are taken out again.
    const passes = press.editable && gapMs > FAST_MEAN_MS;
    const given = passes ? typingOf(caught) : [];
    if (passes) caught = caught.map((key) => ({ ...key, seen: true }));
    if (caught.length < MOST_CHARACTERS) caught.push({ press, text, seen: passes });
    return { hold: !passes, outcomes: [...before, ...given] };
  }

  /** Goes on with what was settled too early, when this key's own time says that it belongs to it. */
  function takeBack(timeMs: number): void {
    if (settled !== undefined && caught.length === 0) {
      caught = [...settled.keys];
      if (timeMs - lastSeenMs > longestGapMs()) caught = [];
      torn = settled.asScan && caught.length > 0;
    }
    settled = undefined;
  }

  function rest(): readonly BurstOutcome[] {
    const keys = caught.map((key) => ({ ...key, seen: true }));
    const outcomes = finish('silence', undefined);
    if (keys.length > 0) settled = { keys, asScan: outcomes.some(({ kind }) => kind === 'scan') };
    return outcomes;
  }

  function takeAltCharacter(): string {
    const point = Number(altDigits);
    altDigits = '';
    return point > 0 && point < 256 ? String.fromCharCode(point) : '';
  }

  function press(key: KeyPress): BurstVerdict {
    const meaning = meaningOf(key);
    const isOver = caught.length > 0 && meaning.kind !== 'modifier' && key.timeMs - lastSeenMs > longestGapMs();
    const before = isOver ? finish('silence', undefined) : [];
    if (meaning.kind === 'foreign') settled = undefined;
    else if (meaning.kind !== 'modifier') takeBack(key.timeMs);
    const inBurst = caught.length > 0;
    if (meaning.kind !== 'foreign' && meaning.kind !== 'modifier') lastSeenMs = key.timeMs;
    switch (meaning.kind) {
      case 'character':
        // No label starts with a space, and on a button a space is a click.
        if (!inBurst && meaning.text === ' ') return { hold: false, outcomes: before };
        return catchKey(key, meaning.text, before);
      case 'separator_key':
        return inBurst ? catchKey(key, '\u001D', before) : pressForeign(before);
      case 'dead':
        return inBurst ? catchKey(key, '', before) : { hold: false, outcomes: before };
      case 'alt_digit':
        altDigits += meaning.digit;
        return { hold: inBurst || !key.editable, outcomes: before };
      case 'control':
        return pressControl(key, meaning.name, before);
      case 'end':
        return pressEnd(key, meaning.by, before);
      case 'modifier':
        return { hold: inBurst && key.key === 'Alt', outcomes: before };
      case 'foreign':
        return pressForeign(before);
    }
  }

  /** No scanner sends F7, an arrow or F8 by itself: what comes next is a person's, and its Enter is meant. */
  function pressForeign(before: readonly BurstOutcome[]): BurstVerdict {
    const found = finish('key', undefined);
    quietUntilMs = Number.NEGATIVE_INFINITY;
    return { hold: false, outcomes: [...before, ...found] };
  }

  function pressControl(key: KeyPress, name: string, before: readonly BurstOutcome[]): BurstVerdict {
    const isLineEnd = name === '^J' || name === '^M';
    if (isLineEnd && (caught.length > 0 || key.timeMs <= quietUntilMs)) return pressEnd(key, 'Enter', before);
    // One key and then Ctrl+C is a person.
    if (caught.length < 2) return { hold: false, outcomes: [...before, ...finish('key', undefined)] };
    controls.push(name);
    return { hold: true, outcomes: before };
  }

  function pressEnd(key: KeyPress, by: 'Enter' | 'Tab', before: readonly BurstOutcome[]): BurstVerdict {
    // What was taken for a whole scan needs only its end.
    if (torn && caught.every(({ seen }) => seen)) {
      caught = [];
      torn = false;
      return { hold: true, outcomes: before };
    }
    const found = finish(by, key.timeMs);
    const ends = found.some(({ kind }) => kind !== 'typing');
    const trails = found.length === 0 && key.timeMs <= quietUntilMs;
    return { hold: ends || trails, outcomes: [...before, ...found] };
  }

  function releaseAlt(key: KeyPress): BurstVerdict {
    if (altDigits === '') return { hold: false, outcomes: [] };
    const text = takeAltCharacter();
    if (text === '') return { hold: false, outcomes: [] };
    lastSeenMs = key.timeMs;
    if (text < ' ' && text !== '\u001D') {
      controls.push(`^${String.fromCharCode(text.charCodeAt(0) + 64)}`);
      return { hold: true, outcomes: [] };
    }
    return catchKey({ ...key, key: text, code: '' }, text, []);
  }

  return {
    press,
    releaseAlt,
    rest,
    patienceMs,
    size: () => caught.length,
    isHolding: () => caught.some(({ seen }) => !seen),
    heldText: () => textOf(caught.filter(({ seen }) => !seen)),
  };
}

function usTextOf({ press, text }: Caught): string {
  return text === '\u001D' ? text : (usCharacter(press.code, press.shiftKey) ?? text);
}
