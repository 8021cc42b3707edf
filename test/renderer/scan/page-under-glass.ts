import { typedBefore } from '../../../renderer/shelf/typed-quantity.ts';
import { createScanCapture, type ScanCapture } from '../../../renderer/scan/scan-capture.ts';
import type { Scanner } from '../../../shared/domain/scanner.ts';
import type { TimedKey } from './keyboards.ts';

export const PLACES = [
  'nowhere',
  'button',
  'link',
  'field',
  'number field',
  'bin field',
  'field in a form',
  'field in a dialog',
  'button in a dialog',
  'select',
  'checkbox',
] as const;
export type Where = (typeof PLACES)[number];

const HTML: Readonly<Record<Where, string>> = {
  nowhere: '<p>nothing</p>',
  button: '<button data-here>Approve</button>',
  link: '<a href="#x" data-here>Open</a>',
  field: '<input value="old" data-here>',
  'number field': '<input type="number" value="7" data-here>',
  'bin field': '<form><input data-codes data-here></form>',
  'field in a form': '<form><input value="old" data-here></form>',
  'field in a dialog': '<dialog open><form><input data-here></form></dialog>',
  'button in a dialog': '<dialog open><form><button data-here>Not here</button></form></dialog>',
  select: '<select data-here><option>One</option><option>2</option></select>',
  checkbox: '<input type="checkbox" data-here>',
};

/** What a screen does at once when it hears the key alone: the counting screen and the review in one. */
const HOT_KEYS = new Set('ARXHUJKN/+');

/** A page with a clock, on which keys act as a browser lets them act when nobody prevents it. */
export type Glass = {
  readonly scans: string[];
  readonly doubts: string[];
  readonly doubtsInFields: string[];
  /** Buttons, links, forms, hot keys and the Enter that sets a line. */
  readonly presses: string[];
  strip(): string;
  value(): string;
  /** Lets the keys come, each when it is delivered; timers run in between unless the page stalls. */
  send(keys: readonly TimedKey[], deliveredMs: readonly number[], stalledUntilMs?: number): void;
  /** Lets time go by until nothing is waiting. */
  settle(): void;
  now(): number;
  close(): void;
};

export function openGlass(where: Where, isKnown: (text: string) => boolean, scanners: readonly Scanner[] = []): Glass {
  document.body.innerHTML = HTML[where];
  const here = document.querySelector<HTMLElement>('[data-here]');
  here?.focus();
  const original = { set: window.setTimeout, clear: window.clearTimeout };
  const timers = new Map<number, { readonly atMs: number; readonly run: () => void }>();
  let nowMs = 1000;
  let ids = 0;
  let strip = '';
  const glass = { scans: [], doubts: [], doubtsInFields: [], presses: [] } as Pick<
    Glass,
    'scans' | 'doubts' | 'doubtsInFields' | 'presses'
  >;
  Object.assign(window, {
    setTimeout: (run: () => void, ms = 0) => {
      timers.set((ids += 1), { atMs: nowMs + ms, run });
      return ids;
    },
    clearTimeout: (id: number) => timers.delete(id),
  });

  const hasHotKeys = here?.closest('dialog') == null;
  const capture: ScanCapture = createScanCapture({
    target: window,
    now: () => nowMs,
    knowledge: {
      isKnown,
      scanners: () => scanners,
      isHotKey: (character) => hasHotKeys && (HOT_KEYS.has(character.toUpperCase()) || /^[\d*.,-]$/.test(character)),
    },
    onScan: (text, { doubt, letGo }) => {
      strip = typedBefore({ letGo }, strip);
      (doubt ? glass.doubts : glass.scans).push(text);
    },
    onDoubtInField: (text) => glass.doubtsInFields.push(text),
  });

  function screen(event: KeyboardEvent): void {
    const { target, key } = event;
    if (event.defaultPrevented || !hasHotKeys) return;
    if (target instanceof HTMLInputElement && target.type !== 'checkbox') return;
    if (/^[\d*.,-]$/.test(key) || (key === '+' && strip !== '')) strip += key;
    else if (HOT_KEYS.has(key.toUpperCase())) glass.presses.push(`hot ${key}`);
    else if (key === 'Enter' && strip !== '') glass.presses.push(`line set to ${strip}`);
  }
  const clicked = () => void glass.presses.push('click');
  const submitted = (event: Event) => {
    event.preventDefault();
    glass.presses.push('submit');
  };
  window.addEventListener('keydown', screen);
  document.body.addEventListener('click', clicked);
  document.body.addEventListener('submit', submitted);

  function press({ key, timeMs }: TimedKey): void {
    const target = document.activeElement ?? document.body;
    const code = /^\d$/.test(key) ? `Digit${key}` : /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
    const init = { key, code: key === '-' ? 'Minus' : code, shiftKey: /^[A-Z]$/.test(key) };
    const down = new KeyboardEvent('keydown', { ...init, bubbles: true, cancelable: true, composed: true });
    Object.defineProperty(down, 'timeStamp', { value: timeMs });
    if (target.dispatchEvent(down)) act(target, key);
  }

  function act(target: Element, key: string): void {
    const isText = target instanceof HTMLInputElement && target.type !== 'checkbox';
    if (key === 'Enter') {
      if (target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement) target.click();
      else if (isText) target.form?.requestSubmit();
    } else if (isText && key.length === 1 && (target.type !== 'number' || /[\d.+-]/.test(key))) {
      target.value += key;
      target.dispatchEvent(new InputEvent('input', { bubbles: true, data: key }));
    }
  }

  function runTimersUntil(untilMs: number): void {
    for (;;) {
      const due = [...timers].filter(([, { atMs }]) => atMs <= untilMs).toSorted((a, b) => a[1].atMs - b[1].atMs);
      const [next] = due;
      if (next === undefined) break;
      timers.delete(next[0]);
      nowMs = Math.max(nowMs, next[1].atMs);
      next[1].run();
    }
    nowMs = Math.max(nowMs, untilMs);
  }

  return {
    ...glass,
    strip: () => strip,
    value: () => (here instanceof HTMLInputElement ? here.value : ''),
    send(keys, deliveredMs, stalledUntilMs = 0) {
      for (const [at, key] of keys.entries()) {
        const deliverMs = deliveredMs[at] ?? key.timeMs;
        // A page that stalls runs no timers either; when it goes on, what is overdue runs before the keys come in.
        if (deliverMs === stalledUntilMs) nowMs = Math.max(nowMs, stalledUntilMs);
        runTimersUntil(deliverMs);
        press(key);
      }
    },
    settle: () => runTimersUntil(nowMs + 8000),
    now: () => nowMs,
    close() {
      capture.stop();
      window.removeEventListener('keydown', screen);
      document.body.removeEventListener('click', clicked);
      document.body.removeEventListener('submit', submitted);
      Object.assign(window, { setTimeout: original.set, clearTimeout: original.clear });
    },
  };
}
