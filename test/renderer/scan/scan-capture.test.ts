// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createScanCapture, type ScanCapture } from '../../../renderer/scan/scan-capture.ts';

const EAN = '3017620422003';
const seen: string[] = [];
const human: string[] = [];
let capture: ScanCapture;

/** A page under glass: keys act as a browser lets them act when nobody prevents it. */
function press(key: string, init: KeyboardEventInit = {}): boolean {
  const target = document.activeElement ?? document.body;
  const event = new KeyboardEvent('keydown', {
    key,
    bubbles: true,
    cancelable: true,
    composed: true,
    code: codeOf(key),
    ...init,
  });
  Object.defineProperty(event, 'timeStamp', { value: performance.now() });
  const allowed = target.dispatchEvent(event);
  if (allowed && (key === 'Enter' || key === ' ') && target instanceof HTMLButtonElement) target.click();
  if (allowed && key === 'Enter' && target instanceof HTMLInputElement) target.form?.requestSubmit();
  if (
    allowed &&
    key.length === 1 &&
    !init.ctrlKey &&
    (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)
  ) {
    const at = target.selectionStart ?? target.value.length;
    const end = target.selectionEnd ?? target.value.length;
    target.value = target.value.slice(0, at) + key + target.value.slice(end);
    if (target.selectionStart !== null) target.setSelectionRange(at + 1, at + 1);
    target.dispatchEvent(new InputEvent('input', { bubbles: true, data: key }));
  }
  const up = new KeyboardEvent('keyup', { key, bubbles: true, cancelable: true, code: codeOf(key), ...init });
  if (target.dispatchEvent(up)) upsSeen.push(key);
  return allowed;
}

const upsSeen: string[] = [];

function codeOf(key: string): string {
  return /^\d$/.test(key)
    ? `Digit${key}`
    : /^[a-z]$/i.test(key)
      ? `Key${key.toUpperCase()}`
      : key === ' '
        ? 'Space'
        : key;
}

function type(text: string, gapMs: number): void {
  for (const character of text) {
    press(character);
    vi.advanceTimersByTime(gapMs);
  }
}

function scan(code: string, gapMs = 8): void {
  type(code, gapMs);
  press('Enter');
}

function field(html: string): HTMLInputElement {
  document.body.innerHTML = html;
  const found = document.querySelector('input');
  if (found === null) throw new Error('no field');
  found.focus();
  return found;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  document.body.innerHTML = '';
  seen.length = human.length = upsSeen.length = 0;
  capture = createScanCapture({
    target: window,
    now: () => performance.now(),
    onScan: (raw) => seen.push(raw),
    onHumanKey: ({ key }) => human.push(key),
  });
});

afterEach(() => {
  capture.stop();
  vi.useRealTimers();
});

const places: readonly (readonly [string, () => void])[] = [
  ['nowhere', () => undefined],
  ['a field', () => field('<input value="7">')],
  ['a number field', () => field('<input type="number" value="7">')],
  ['a field in a dialog', () => field('<dialog open><form><input></form></dialog>')],
  [
    'a button',
    () => {
      document.body.innerHTML = '<button>Approve</button>';
      document.querySelector('button')?.focus();
    },
  ],
];

describe('scan capture', () => {
  test.each(places)('S50 five hundred scans with the focus on %s are five hundred scans in order', (_, place) => {
    place();
    const before = document.querySelector('input')?.value;
    let clicks = 0;
    document.body.addEventListener('click', () => (clicks += 1));
    document.body.addEventListener('submit', () => (clicks += 1));
    const codes = Array.from({ length: 500 }, (_unused, at) => `A-${String(at).padStart(4, '0')}/*+R`);
    for (const code of codes) {
      scan(code);
      vi.advanceTimersByTime(40);
    }
    expect(seen).toEqual(codes);
    expect(human).toEqual([]);
    expect(clicks).toBe(0);
    expect(document.querySelector('input')?.value).toBe(before);
  });

  test('S59 the character that leaked into a field is rolled back, caret included, and listeners hear of it', () => {
    const input = field('<input value="12345">');
    input.setSelectionRange(1, 3);
    const values: string[] = [];
    input.addEventListener('input', () => values.push(input.value));
    scan(EAN);
    expect(input.value).toBe('12345');
    expect([input.selectionStart, input.selectionEnd]).toEqual([1, 3]);
    expect(values).toEqual(['1345', '12345']);
  });

  test('S51 a person typing in a field sees every character, at any speed', () => {
    for (const gap of [45, 58, 90, 200]) {
      const input = field('<input>');
      type('half a dozen', gap);
      vi.advanceTimersByTime(300);
      expect(input.value).toBe('half a dozen');
    }
    expect(seen).toEqual([]);
    expect(human).toEqual([]);
  });

  test('S51 characters held in a field come back where the caret is, in place of what was selected', () => {
    const input = field('<input value="abXXcd">');
    input.setSelectionRange(2, 4);
    type('123', 50);
    vi.advanceTimersByTime(300);
    expect(input.value).toBe('ab123cd');
    expect(input.selectionStart).toBe(5);
  });

  test('S54 digits typed with no field in focus reach the quantity strip, in order and before the Enter', () => {
    const order: string[] = [];
    document.addEventListener('keydown', ({ key }) => order.push(`${key} after ${human.join('')}`));
    type('245', 90);
    press('Enter');
    expect(human).toEqual(['2', '4', '5']);
    expect(order).toEqual(['Enter after 245']);
  });

  test('S54 hot keys do not fire while a scan may be starting', () => {
    press('/');
    vi.advanceTimersByTime(30);
    expect(human).toEqual([]);
    expect(capture.isBursting()).toBe(true);
    vi.advanceTimersByTime(135);
    expect(human).toEqual(['/']);
    expect(capture.isBursting()).toBe(false);
  });

  test('S54 what follows a hot key that opens a field is typed into that field', () => {
    document.body.innerHTML = '<input>';
    const input = document.querySelector('input');
    capture.stop();
    capture = createScanCapture({
      target: window,
      now: () => performance.now(),
      onScan: (raw) => seen.push(raw),
      onHumanKey: () => input?.focus(),
    });
    type('/cup', 50);
    vi.advanceTimersByTime(300);
    expect(input?.value).toBe('cup');
  });

  test('S60 the Enter, Tab and space of a scan press nothing; those of a person do', () => {
    document.body.innerHTML = '<button>Approve</button>';
    const button = document.querySelector('button');
    let clicks = 0;
    button?.addEventListener('click', () => (clicks += 1));
    button?.focus();
    scan('BIN A 01');
    expect(upsSeen).toEqual([]);
    type(EAN, 8);
    expect(press('Tab')).toBe(false);
    expect([clicks, seen]).toEqual([0, ['BIN A 01', EAN]]);
    vi.advanceTimersByTime(500);
    press('Enter');
    press(' ');
    expect(clicks).toBe(2);
    expect(upsSeen).toEqual(['Enter', ' ']);
  });

  test('S60 a scan in a form submits nothing; the Enter of a person does', () => {
    const input = field('<form><input></form>');
    let submits = 0;
    input.form?.addEventListener('submit', (event) => {
      event.preventDefault();
      submits += 1;
    });
    scan(EAN);
    vi.advanceTimersByTime(500);
    expect(submits).toBe(0);
    type('24', 90);
    press('Enter');
    expect([submits, input.value]).toEqual([1, '24']);
  });

  test('S53 without a terminator the silence ends the scan', () => {
    type(EAN, 8);
    vi.advanceTimersByTime(300);
    type(EAN, 8);
    vi.advanceTimersByTime(60);
    expect(seen).toEqual([EAN, EAN]);
  });

  test('S52 keys that waited for a busy page are told apart by their own times', () => {
    // Every key gets the time at which the machine saw it; the page handles all of them at once, much later.
    const codes = [EAN, 'A-01-02', '96385074'];
    let timeMs = 0;
    for (const code of codes) {
      for (const key of [...code.split(''), 'Enter']) {
        const event = new KeyboardEvent('keydown', { key, code: codeOf(key), bubbles: true, cancelable: true });
        Object.defineProperty(event, 'timeStamp', { value: timeMs });
        document.body.dispatchEvent(event);
        timeMs += 8;
      }
      timeMs += 40;
    }
    expect(seen).toEqual(codes);
  });

  test('S52 a timer that comes late on a busy page waits for the keys behind it', () => {
    type(EAN.slice(0, 6), 8);
    const frozenMs = performance.now();
    // The page stops for a second: the timer is overdue, the keys of that second are still queued.
    const late = vi.spyOn(performance, 'now').mockReturnValue(frozenMs + 1000);
    vi.advanceTimersByTime(245);
    expect(seen).toEqual([]);
    late.mockRestore();
    for (const [at, key] of [...EAN.slice(6).split(''), 'Enter'].entries()) {
      const event = new KeyboardEvent('keydown', { key, code: codeOf(key), bubbles: true, cancelable: true });
      Object.defineProperty(event, 'timeStamp', { value: frozenMs + at * 8 });
      document.body.dispatchEvent(event);
    }
    expect(seen).toEqual([EAN]);
  });

  test('S55 a GS1 label scanned through Ctrl+] keeps its separators and triggers no shortcut', () => {
    const shortcuts: string[] = [];
    document.addEventListener('keydown', ({ key, ctrlKey }) => ctrlKey && shortcuts.push(key));
    type('0107032069804988100329', 4);
    press(']', { ctrlKey: true, code: 'BracketRight' });
    scan('15210526', 4);
    expect(seen).toEqual(['0107032069804988100329\u001D15210526']);
    expect(shortcuts).toEqual([]);
  });

  test('S61 scans and typing mixed stay apart', () => {
    const input = field('<input>');
    scan(EAN);
    vi.advanceTimersByTime(300);
    type('12', 90);
    scan('A-01-02');
    vi.advanceTimersByTime(300);
    type('3', 90);
    expect(seen).toEqual([EAN, 'A-01-02']);
    expect(input.value).toBe('123');
  });

  test('S61 without a taker the keys of a person are sent again, once', () => {
    capture.stop();
    capture = createScanCapture({ target: window, now: () => performance.now(), onScan: (raw) => seen.push(raw) });
    const heard: string[] = [];
    const listen = ({ key }: KeyboardEvent): number => heard.push(key);
    document.addEventListener('keydown', listen);
    type('/', 170);
    document.removeEventListener('keydown', listen);
    expect(heard).toEqual(['/']);
  });

  test('S61 after stop every key goes its own way, and what was held is given back', () => {
    press('1');
    capture.stop();
    expect(human).toEqual(['1']);
    expect(press('2')).toBe(true);
  });
});
