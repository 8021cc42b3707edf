import { type KeyPress, meaningOf, usCharacter } from './key-meaning.ts';

/**
 * When keys are a scan. Durations in milliseconds. Only the mean gap of the whole burst decides: on a busy machine
 * single gaps of a real scanner reach 100 ms, and a limit for each gap loses the digits in front of it.
 */
export type BurstSettings = {
  readonly minCharacters: number;
  readonly meanGapMs: number;
  /** Silence after which a burst without Enter or Tab is over. */
  readonly silenceMs: number;
  /** Silence that a scanner known to send Enter or Tab is granted in the middle of a burst. */
  readonly abandonMs: number;
};

export const BURST_SETTINGS: BurstSettings = { minCharacters: 4, meanGapMs: 40, silenceMs: 60, abandonMs: 250 };

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
  /** The first character went into the focused field before anything could be known. */
  readonly firstLeaked: boolean;
  /** Characters that were let go as typing, outside of a field, before the rest of the scan came in late; '' nearly always. */
  readonly letGo: string;
};

/** Keys that a person pressed after all, in order, without the one that was let through. */
export type Typing = { readonly kind: 'typing'; readonly presses: readonly KeyPress[] };

export type BurstOutcome = Scan | Typing;

/** `outcomes` come before the key's own effect; `hold`: the page must not see this key. */
export type BurstVerdict = { readonly hold: boolean; readonly outcomes: readonly BurstOutcome[] };

export type Burst = {
  readonly press: (press: KeyPress) => BurstVerdict;
  /** Alt went up: the digits pressed with it were one character. */
  readonly releaseAlt: (press: KeyPress) => BurstVerdict;
  /** The patience is over: what there is becomes a scan or typing. */
  readonly rest: () => readonly BurstOutcome[];
  /** How long to wait for the next key before calling `rest`, in milliseconds; null when nothing is held. */
  readonly patienceMs: () => number | null;
  readonly size: () => number;
};

type Caught = { readonly press: KeyPress; readonly text: string; readonly leaked: boolean; readonly letGo: boolean };

/** Tells scans from typing, key by key. Holds state, reads no clock and no DOM. */
export function createBurst(settings: BurstSettings): Burst {
  let caught: Caught[] = [];
  // Keys that ran out of patience and were given back as typing. On a busy machine keys come late, and then the time
  // that the next one carries tells that they began a scan after all.
  let letGo: Caught[] = [];
  let controls: string[] = [];
  let lastSeenMs = 0;
  let altDigits = '';
  // A scanner is believed to end its scans with a key until one ends without.
  let endsWithKey = true;
  // A second terminator (CR LF), or one that comes late, belongs to the scan before it.
  let quietUntilMs = Number.NEGATIVE_INFINITY;

  function meanGapMs(): number {
    const first = caught[0]?.press.timeMs ?? 0;
    const last = caught.at(-1)?.press.timeMs ?? 0;
    return caught.length < 2 ? Number.POSITIVE_INFINITY : Math.max(0, last - first) / (caught.length - 1);
  }

  function patienceMs(): number | null {
    if (caught.length === 0) return null;
    if (caught.length === 1 || meanGapMs() > settings.meanGapMs) return settings.silenceMs;
    return endsWithKey || caught.length < settings.minCharacters ? settings.abandonMs : settings.silenceMs;
  }

  function finish(endedBy: Scan['endedBy'], endedAtMs: number): readonly BurstOutcome[] {
    const keys = caught;
    const found = controls;
    const isScan = keys.length >= settings.minCharacters && meanGapMs() <= settings.meanGapMs;
    caught = [];
    controls = [];
    if (!isScan) {
      const presses = keys.filter((key) => !key.leaked && !key.letGo).map(({ press }) => press);
      return presses.length === 0 ? [] : [{ kind: 'typing', presses }];
    }
    const byKey = endedBy === 'Enter' || endedBy === 'Tab';
    endsWithKey = byKey || endedBy === 'key';
    quietUntilMs = endedAtMs + (byKey ? settings.silenceMs : settings.abandonMs + 2 * settings.silenceMs);
    return [
      {
        kind: 'scan',
        text: keys.map(({ text }) => text).join(''),
        usText: keys.map(usTextOf).join(''),
        controls: found,
        endedBy,
        startedAtMs: keys[0]?.press.timeMs ?? endedAtMs,
        endedAtMs,
        firstLeaked: keys[0]?.leaked ?? false,
        letGo: keys
          .filter((key) => key.letGo && !key.leaked)
          .map(({ text }) => text)
          .join(''),
      },
    ];
  }

  function catchKey(press: KeyPress, text: string, outcomes: readonly BurstOutcome[]): BurstVerdict {
    const leaked = caught.length === 0 && press.editable;
    if (caught.length < MOST_CHARACTERS) caught.push({ press, text, leaked, letGo: false });
    // A long run that is too slow is a person; waiting for a pause would only make the field lag.
    const tooSlow = caught.length >= 2 * settings.minCharacters && meanGapMs() > settings.meanGapMs;
    return { hold: !leaked, outcomes: tooSlow ? [...outcomes, ...finish('silence', press.timeMs)] : outcomes };
  }

  function takeBack(belongs: boolean): void {
    if (belongs && caught.length === 0) caught = letGo;
    letGo = [];
  }

  function rest(): readonly BurstOutcome[] {
    const keys = caught;
    const outcomes = finish('silence', lastSeenMs);
    letGo = outcomes.some(({ kind }) => kind === 'scan') ? [] : keys.map((key) => ({ ...key, letGo: true }));
    return outcomes;
  }

  function takeAltCharacter(): string {
    const point = Number(altDigits);
    altDigits = '';
    return point > 0 && point < 256 ? String.fromCharCode(point) : '';
  }

  function press(key: KeyPress): BurstVerdict {
    const patience = patienceMs();
    const late = patience !== null && key.timeMs - lastSeenMs > patience;
    const before = late ? finish('silence', lastSeenMs) : [];
    const meaning = meaningOf(key);
    if (meaning.kind !== 'modifier')
      takeBack(meaning.kind === 'character' && key.timeMs - lastSeenMs <= settings.silenceMs);
    const inBurst = caught.length > 0;
    if (meaning.kind !== 'foreign') lastSeenMs = key.timeMs;
    switch (meaning.kind) {
      case 'character':
        // No label starts with a space, and on a button a space is a click.
        if (!inBurst && meaning.text === ' ') return { hold: false, outcomes: before };
        return catchKey(key, meaning.text, before);
      case 'separator_key':
        return inBurst ? catchKey(key, '\u001D', before) : pressForeign(key, before);
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
        return pressForeign(key, before);
    }
  }

  /** No scanner sends F7, an arrow or F8 by itself: what comes next is a person's, and its Enter is meant. */
  function pressForeign(key: KeyPress, before: readonly BurstOutcome[]): BurstVerdict {
    const found = finish('key', key.timeMs);
    quietUntilMs = Number.NEGATIVE_INFINITY;
    return { hold: false, outcomes: [...before, ...found] };
  }

  function pressControl(key: KeyPress, name: string, before: readonly BurstOutcome[]): BurstVerdict {
    const isLineEnd = name === '^J' || name === '^M';
    if (isLineEnd && (caught.length > 1 || key.timeMs <= quietUntilMs)) return pressEnd(key, 'Enter', before);
    // One key and then Ctrl+C is a person.
    if (caught.length < 2) return { hold: false, outcomes: [...before, ...finish('key', key.timeMs)] };
    controls.push(name);
    return { hold: true, outcomes: before };
  }

  function pressEnd(key: KeyPress, by: 'Enter' | 'Tab', before: readonly BurstOutcome[]): BurstVerdict {
    const found = finish(by, key.timeMs);
    const ends = found.some(({ kind }) => kind === 'scan');
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

  return { press, releaseAlt, rest, patienceMs, size: () => caught.length };
}

function usTextOf({ press, text }: Caught): string {
  return text === '\u001D' ? text : (usCharacter(press.code, press.shiftKey) ?? text);
}
