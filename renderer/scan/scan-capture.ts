import { BURST_SETTINGS, type BurstOutcome, type BurstSettings, createBurst, type Scan } from './burst.ts';
import { type FieldSnapshot, insertText, restoreField, snapshotOf, textFieldOf } from './field.ts';
import type { Knowledge } from './judge.ts';
import { isCharacter, type KeyPress } from './key-meaning.ts';
import { type Recognised, recognise } from './learned.ts';
import { gapsOf } from './rhythm.ts';
import { createWholeScanReader, WHOLE_SCAN_SILENCE_MS, type WholeScanReader } from './whole-scan.ts';

/** Text as a learned scanner means it; `separators`: what it makes of FNC1, where that was learned. */
export type ScanInfo = Omit<Scan, 'kind' | 'text' | 'presses'> & Pick<Recognised, 'separators'>;

export type ScanCaptureOptions = {
  readonly target: Window & typeof globalThis;
  /** Milliseconds on the clock of `event.timeStamp`, that is `performance.now`. */
  readonly now: () => number;
  readonly settings?: Partial<BurstSettings>;
  /** What the page knows of codes and keys; asked when a burst cannot be told by its speed. */
  readonly knowledge?: Knowledge;
  /** One scan, in the order of scanning, already out of every field. */
  readonly onScan: (raw: string, info: ScanInfo) => void;
  /**
   * A character typed by a person while no field had the focus: hot keys and the quantity strip. It comes up to 160 ms
   * after the key, because until then it could have been the start of a scan. Without it the key is sent again.
   */
  readonly onHumanKey?: (press: KeyPress) => void;
  /** What was pressed outside of fields and not given back yet, for the eye; '' when nothing is held. */
  readonly onHeld?: (text: string) => void;
  /** A known code that may be typed or scanned stands in a field, and its Enter was kept from it. */
  readonly onDoubtInField?: (text: string) => void;
};

export type ScanCapture = {
  readonly stop: () => void;
  /** Whether keys are being held because they may be a scan. */
  readonly isBursting: () => boolean;
  /**
   * Hands over the keys of whole scans of any speed, outside of fields, instead of judging them, until the answer is
   * called: for learning a scanner.
   */
  readonly readWhole: (listener: (presses: readonly KeyPress[]) => void) => () => void;
};

/** A timer that comes this much too late tells of a busy page, whose keys are still waiting to be seen. */
const LATE_MS = 20;
/** One more turn for keys that came while the page was busy: they are seen before this is over. */
const TURN_MS = 4;
/** Held keys are shown after this silence: the digits of a quick scan would flicker. */
const SHOW_MS = 60;

const KNOWS_NOTHING: Knowledge = { isKnown: () => false, isHotKey: () => true };

/**
 * Listens to the whole window before anything else does and takes scans out of the stream of keys, wherever the focus
 * is. Keys that may belong to a scan are held; those of a person are given back in order. A scan's Enter, Tab or
 * space never reaches a button, a form or a field.
 * One piece: its listeners share the keys that are held.
 */
export function createScanCapture(options: ScanCaptureOptions): ScanCapture {
  const { target } = options;
  const knowledge = options.knowledge ?? KNOWS_NOTHING;
  const burst = createBurst({ ...BURST_SETTINGS, ...options.settings }, knowledge);
  const held = new Set<string>();
  const replayed = new WeakSet<Event>();
  /** What each field held before a key of the burst changed it. */
  const before = new WeakMap<KeyPress, FieldSnapshot>();
  const origins = new WeakMap<KeyPress, EventTarget | null>();
  let timer: number | undefined;
  let showTimer: number | undefined;
  let sinceMs = 0;
  let dueMs = 0;
  let shown = '';
  let swallowKeypress = false;
  let whole:
    | { readonly reader: WholeScanReader; readonly listener: (presses: readonly KeyPress[]) => void }
    | undefined;

  function apply(outcomes: readonly BurstOutcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.kind === 'typing') {
        handBackPresses(outcome.presses);
        continue;
      }
      if (outcome.kind === 'doubt_in_field') {
        options.onDoubtInField?.(outcome.text);
        continue;
      }
      const { kind: _, text: _came, presses, ...info } = outcome;
      const snapshot = presses.map((press) => before.get(press)).find((one) => one !== undefined);
      if (snapshot !== undefined) restoreField(snapshot);
      const { text, ...right } = putRight(outcome);
      options.onScan(text, { ...info, ...right });
    }
    if (shown !== '' && burst.heldText() === '') show();
  }

  function putRight({ text, usText, presses, endedBy, endedAtMs }: Scan): Recognised {
    const times = presses.map(({ timeMs }) => timeMs);
    const isEnded = endedBy === 'Enter' || endedBy === 'Tab';
    const gaps = gapsOf(isEnded ? [...times, endedAtMs] : times);
    return recognise({ text, usText, gaps, endedBy }, knowledge.scanners?.() ?? [], knowledge.isKnown);
  }

  function handBackPresses(presses: readonly KeyPress[]): void {
    for (const press of presses) {
      const start = textFieldOf(origins.get(press) ?? null);
      // A hot key may have moved the focus into a field (search): what was typed after it belongs there.
      const field = start?.isConnected ? start : textFieldOf(target.document.activeElement);
      if (field !== null) {
        if (!isCharacter(press.key) || press.ctrlKey) continue;
        before.set(press, snapshotOf(field));
        insertText(field, press.key);
      } else if (options.onHumanKey === undefined) {
        replay(press);
      } else {
        options.onHumanKey(press);
      }
    }
  }

  function replay({ key, code, shiftKey, ctrlKey, altKey }: KeyPress): void {
    const event = new target.KeyboardEvent('keydown', {
      key,
      code,
      shiftKey,
      ctrlKey,
      altKey,
      bubbles: true,
      cancelable: true,
    });
    replayed.add(event);
    (target.document.activeElement ?? target.document.body).dispatchEvent(event);
  }

  function show(): void {
    const text = burst.heldText();
    if (text === shown) return;
    shown = text;
    options.onHeld?.(text);
  }

  function waitForMore(): void {
    target.clearTimeout(timer);
    target.clearTimeout(showTimer);
    const patience = burst.patienceMs();
    if (patience === null) return;
    sinceMs = options.now();
    wake(patience, lookAgain);
    if (options.onHeld !== undefined && burst.isHolding()) showTimer = target.setTimeout(show, SHOW_MS);
  }

  function wake(afterMs: number, run: () => void): void {
    target.clearTimeout(timer);
    dueMs = options.now() + afterMs;
    timer = target.setTimeout(run, afterMs);
  }

  /** The silence has lasted as long as it must, as far as the page can tell: then the keys that waited with it go first. */
  function lookAgain(): void {
    const waitedMs = options.now() - sinceMs;
    const patience = burst.patienceMs(waitedMs) ?? 0;
    if (patience - waitedMs >= 1) wake(patience - waitedMs, lookAgain);
    else wake(TURN_MS, rest);
  }

  function rest(): void {
    if (options.now() - dueMs > LATE_MS || hasKeysWaiting(target)) wake(LATE_MS, rest);
    else apply(burst.rest());
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (replayed.has(event) || typeof event.key !== 'string') return;
    const press = pressOf(event);
    if (whole !== undefined && !press.editable) {
      origins.set(press, originOf(event));
      holdOrPass(event, whole.reader.press(press));
      tellWhole(false);
      wake(WHOLE_SCAN_SILENCE_MS, endWhole);
      return;
    }
    const { hold, outcomes } = burst.press(press);
    apply(outcomes);
    settle(event, press, hold);
  }

  /** The run is over when nothing is waiting to be seen any more. */
  function endWhole(): void {
    if (options.now() - dueMs > LATE_MS || hasKeysWaiting(target)) {
      wake(LATE_MS, endWhole);
      return;
    }
    tellWhole(true);
  }

  function tellWhole(isOver: boolean): void {
    for (const { kind, presses } of whole?.reader.take(isOver) ?? []) {
      if (kind === 'scan') whole?.listener(presses);
      else handBackPresses(presses);
    }
  }

  function readWhole(listener: (presses: readonly KeyPress[]) => void): () => void {
    apply(burst.rest());
    const mine = { reader: createWholeScanReader(), listener };
    whole = mine;
    return () => {
      if (whole !== mine) return;
      whole = undefined;
      target.clearTimeout(timer);
      for (const { kind, presses } of mine.reader.take(true)) if (kind === 'typing') handBackPresses(presses);
    };
  }

  /** Remembers where a key went, keeps it from the page when it is held, and starts the wait. */
  function settle(event: KeyboardEvent, press: KeyPress, hold: boolean): void {
    const origin = originOf(event);
    origins.set(press, origin);
    const field = textFieldOf(origin);
    if (!hold && field !== null) before.set(press, snapshotOf(field));
    holdOrPass(event, hold);
    waitForMore();
  }

  function holdOrPass(event: KeyboardEvent, hold: boolean): void {
    swallowKeypress = hold;
    if (hold) {
      held.add(event.code);
      keepFromPage(event);
    } else {
      held.delete(event.code);
    }
  }

  function onKeyUp(event: KeyboardEvent): void {
    if (event.key === 'Alt') {
      const press = pressOf(event);
      if (whole !== undefined && !press.editable) {
        if (whole.reader.releaseAlt(press)) keepFromPage(event);
        return;
      }
      const { hold, outcomes } = burst.releaseAlt(press);
      apply(outcomes);
      if (hold) keepFromPage(event);
      if (burst.size() > 0) settle(event, press, hold);
    }
    // A button is pressed when space goes up, not down.
    if (held.delete(event.code)) keepFromPage(event);
  }

  function onKeyPress(event: KeyboardEvent): void {
    if (swallowKeypress) keepFromPage(event);
  }

  target.addEventListener('keydown', onKeyDown, true);
  target.addEventListener('keyup', onKeyUp, true);
  target.addEventListener('keypress', onKeyPress, true);

  return {
    stop() {
      target.removeEventListener('keydown', onKeyDown, true);
      target.removeEventListener('keyup', onKeyUp, true);
      target.removeEventListener('keypress', onKeyPress, true);
      target.clearTimeout(timer);
      target.clearTimeout(showTimer);
      apply(burst.rest());
    },
    isBursting: burst.isHolding,
    readWhole,
  };
}

/** Whether the browser says that keys were pressed which the page has not seen yet. */
function hasKeysWaiting({ navigator }: Window): boolean {
  const { scheduling } = navigator as Navigator & { readonly scheduling?: { isInputPending?: () => boolean } };
  return scheduling?.isInputPending?.() === true;
}

function originOf(event: Event): EventTarget | null {
  return event.composedPath()[0] ?? event.target;
}

function keepFromPage(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function pressOf(event: KeyboardEvent): KeyPress {
  const field = textFieldOf(originOf(event));
  return {
    key: event.key,
    code: event.code,
    timeMs: event.timeStamp,
    shiftKey: event.shiftKey,
    ctrlKey: event.ctrlKey,
    altKey: event.altKey,
    metaKey: event.metaKey,
    repeat: event.repeat,
    composing: event.isComposing,
    editable: field !== null,
    takesCodes: field?.dataset['codes'] !== undefined,
  };
}
