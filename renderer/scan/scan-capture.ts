import { BURST_SETTINGS, type BurstOutcome, type BurstSettings, createBurst, type Scan } from './burst.ts';
import { type FieldSnapshot, insertText, restoreField, snapshotOf, textFieldOf } from './field.ts';
import { isCharacter, type KeyPress } from './key-meaning.ts';

export type ScanInfo = Omit<Scan, 'kind' | 'text' | 'firstLeaked'>;

export type ScanCaptureOptions = {
  readonly target: Window & typeof globalThis;
  /** Milliseconds on the clock of `event.timeStamp`, that is `performance.now`. */
  readonly now: () => number;
  readonly settings?: Partial<BurstSettings>;
  /** One scan, in the order of scanning, already out of every field. */
  readonly onScan: (raw: string, info: ScanInfo) => void;
  /**
   * A character typed by a person while no field had the focus: hot keys and the quantity strip. It comes up to 60 ms
   * after the key, because until then it could have been the start of a scan. Without it the key is sent again.
   */
  readonly onHumanKey?: (press: KeyPress) => void;
};

export type ScanCapture = {
  readonly stop: () => void;
  /** Whether keys are being held because they may be a scan. */
  readonly isBursting: () => boolean;
};

/** A timer that comes this much too late tells of a busy page, whose keys are still waiting to be seen. */
const LATE_MS = 20;

/**
 * Listens to the whole window before anything else does and takes scans out of the stream of keys, wherever the focus
 * is. Keys that may belong to a scan are held; those of a person are given back in order. A scan's Enter, Tab or
 * space never reaches a button, a form or a field.
 */
export function createScanCapture(options: ScanCaptureOptions): ScanCapture {
  const { target } = options;
  const burst = createBurst({ ...BURST_SETTINGS, ...options.settings });
  const held = new Set<string>();
  const replayed = new WeakSet<Event>();
  let origin: EventTarget | null = null;
  let snapshot: FieldSnapshot | null = null;
  let timer: number | undefined;
  let dueMs = 0;
  let swallowKeypress = false;

  function apply(outcomes: readonly BurstOutcome[]): void {
    for (const outcome of outcomes) {
      if (outcome.kind === 'typing') {
        giveBack(outcome.presses);
        continue;
      }
      if (outcome.firstLeaked && snapshot !== null) restoreField(snapshot);
      const { kind: _, text, firstLeaked: __, ...info } = outcome;
      options.onScan(text, info);
    }
  }

  function giveBack(presses: readonly KeyPress[]): void {
    const start = textFieldOf(origin);
    for (const press of presses) {
      // A hot key may have moved the focus into a field (search): what was typed after it belongs there.
      const field = start?.isConnected ? start : textFieldOf(target.document.activeElement);
      if (field !== null) {
        if (isCharacter(press.key) && !press.ctrlKey) insertText(field, press.key);
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

  function waitForMore(): void {
    target.clearTimeout(timer);
    const patience = burst.patienceMs();
    if (patience === null) return;
    dueMs = options.now() + patience;
    timer = target.setTimeout(rest, patience);
  }

  function rest(): void {
    if (options.now() - dueMs > LATE_MS) {
      // The keys that waited with us carry their own times, so nothing is lost by letting them go first.
      dueMs = options.now() + LATE_MS;
      timer = target.setTimeout(rest, LATE_MS);
      return;
    }
    apply(burst.rest());
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (replayed.has(event) || typeof event.key !== 'string') return;
    const field = textFieldOf(originOf(event));
    const { hold, outcomes } = burst.press(pressOf(event, field !== null));
    apply(outcomes);
    settle(event, hold);
  }

  /** Remembers where a new burst started, keeps the key from the page when it is held, and starts the wait. */
  function settle(event: KeyboardEvent, hold: boolean): void {
    if (burst.size() === 1) {
      origin = originOf(event);
      const field = textFieldOf(origin);
      snapshot = field === null ? null : snapshotOf(field);
    }
    swallowKeypress = hold;
    if (hold) {
      held.add(event.code);
      keepFromPage(event);
    } else {
      held.delete(event.code);
    }
    waitForMore();
  }

  function onKeyUp(event: KeyboardEvent): void {
    if (event.key === 'Alt') {
      const { hold, outcomes } = burst.releaseAlt(pressOf(event, textFieldOf(originOf(event)) !== null));
      apply(outcomes);
      if (hold) keepFromPage(event);
      if (burst.size() > 0) settle(event, hold);
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
      apply(burst.rest());
    },
    isBursting: () => burst.size() > 0,
  };
}

function originOf(event: Event): EventTarget | null {
  return event.composedPath()[0] ?? event.target;
}

function keepFromPage(event: Event): void {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function pressOf(event: KeyboardEvent, editable: boolean): KeyPress {
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
    editable,
  };
}
