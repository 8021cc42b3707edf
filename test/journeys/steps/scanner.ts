import type { CDPSession, Page } from '@playwright/test';

/** A key of a scanner: what it types, and when the keyboard says that it went down, ms from the first key. */
export type ScannerKey = { readonly key: string; readonly timeMs: number };

const SHIFTED: Readonly<Record<string, readonly [string, number]>> = {
  '-': ['Minus', 189],
  _: ['Minus', 189],
  '/': ['Slash', 191],
  ':': ['Semicolon', 186],
  '~': ['Backquote', 192],
};
const NAMED: Readonly<Record<string, readonly [string, number, string]>> = {
  Enter: ['Enter', 13, '\r'],
  Tab: ['Tab', 9, ''],
};
const SHIFT = 8;
const CTRL = 2;

/** What the browser's input queue is told of one key of a US keyboard; the group separator is Ctrl and ]. */
function described(key: string): Readonly<Record<string, string | number>> {
  const named = NAMED[key];
  if (named !== undefined) return { key, code: named[0], windowsVirtualKeyCode: named[1], text: named[2] };
  if (key === '\u001D') return { key: ']', code: 'BracketRight', windowsVirtualKeyCode: 221, modifiers: CTRL };
  const sign = SHIFTED[key];
  if (sign !== undefined) {
    const modifiers = /[_:~]/.test(key) ? SHIFT : 0;
    return { key, text: key, code: sign[0], windowsVirtualKeyCode: sign[1], modifiers };
  }
  const capital = key.toUpperCase();
  const isDigit = /\d/.test(key);
  const modifiers = !isDigit && key === capital ? SHIFT : 0;
  return {
    key,
    text: key,
    code: isDigit ? `Digit${key}` : `Key${capital}`,
    windowsVirtualKeyCode: capital.charCodeAt(0),
    modifiers,
  };
}

/** A keyboard that gives each key its own time, as a real one does. */
export type OwnTimes = {
  /**
   * Sends keys. They reach the page one by one at their times, or where the page is busy, when it is done; the next ones
   * come later than the last of these.
   */
  send(keys: readonly ScannerKey[]): Promise<void>;
};

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** From the last key of a scan to the first of the next, ms: where no Enter or Tab ends it, longer than a burst may pause. */
const AFTER_END_MS = 80;
const AFTER_SILENCE_MS = 300;
/** A test program is slower than a quick scanner. */
const TOGETHER_MS = 30;

/**
 * The keyboard of a page; its keys carry the times at which they are said to have gone down. Keys nearer than `togetherMs`
 * are sent in one heap when the last of them is due.
 */
export function ownTimes(page: Page, togetherMs = TOGETHER_MS): OwnTimes {
  const session = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, session);
  let freeFromMs = 0;
  return {
    async send(keys) {
      const cdp = await session;
      const begunMs = Math.max(Date.now(), freeFromMs);
      const answers: Promise<unknown>[] = [];
      let waiting: ScannerKey[] = [];
      for (const [at, one] of keys.entries()) {
        waiting.push(one);
        const next = keys[at + 1];
        if (next !== undefined && next.timeMs - one.timeMs < togetherMs) continue;
        const untilMs = begunMs + one.timeMs - Date.now();
        if (untilMs > 0) await new Promise((resolve) => setTimeout(resolve, untilMs));
        for (const { key, timeMs } of waiting) {
          const event = { ...described(key), timestamp: (begunMs + timeMs) / 1000 };
          answers.push(cdp.send('Input.dispatchKeyEvent', { ...event, type: 'keyDown' }));
          answers.push(cdp.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp', text: '' }));
        }
        waiting = [];
      }
      const last = keys.at(-1);
      const isEnded = last !== undefined && NAMED[last.key] !== undefined;
      freeFromMs = begunMs + (last?.timeMs ?? 0) + (isEnded ? AFTER_END_MS : AFTER_SILENCE_MS);
      await Promise.all(answers);
    },
  };
}

/** The keys of one scan at an even pace. */
export function scanKeys(text: string, keyMs: number, end?: 'Enter' | 'Tab'): readonly ScannerKey[] {
  // A pace of a real scanner: each gap up to 4 ms off.
  return [...Array.from(text), ...(end === undefined ? [] : [end])].map((key, at) => ({
    key,
    timeMs: at * keyMs + (keyMs > 8 ? (at * 7) % 5 : 0),
  }));
}
