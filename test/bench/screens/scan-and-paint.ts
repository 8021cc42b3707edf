/** One scan, and what the screen must say once it is taken. */
export type PaintedScan = { readonly code: string; readonly total: string };

export type ScanAndPaintInput = {
  readonly scans: readonly PaintedScan[];
  /** Between two keys of a scan. */
  readonly keyMs: number;
  /** A scan begins so long after the one before it, painted or not; absent: when the one before it is painted. */
  readonly everyMs?: number;
};

export type ScanAndPaintFigures = {
  /** From Enter's own time stamp to the frame after the total stood in the card, for each scan. */
  readonly painted: readonly number[];
  /** Scans that the screen did not count in the end. */
  readonly lost: number;
  /** Longest time between two frames meanwhile. */
  readonly longestFrame: number;
  /** What the card and the count said in the end. */
  readonly saw: string;
};

/**
 * Scans in front of the real counting screen, and of the peers' pages, which have the same two places to look at. Runs in
 * the page, so it stands alone: nothing outside of it may be used.
 */
export async function scanAndPaint({ scans, keyMs, everyMs }: ScanAndPaintInput): Promise<ScanAndPaintFigures> {
  const GIVE_UP_MS = 20_000;
  const textOf = (testId: string): string => document.querySelector(`[data-testid="${testId}"]`)?.textContent ?? '';
  const counted = (): number => Number(/[\d,]+/.exec(textOf('scan-count'))?.[0].replaceAll(',', '') ?? '0');
  // One channel for all: a new one for each wait leaves more garbage than the page that is measured.
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.addEventListener('message', () => waiting.shift()?.());
  port1.start();
  const task = (): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
  const until = async (time: number): Promise<void> => {
    const left = time - performance.now();
    if (left > 20) await new Promise<void>((resolve) => setTimeout(resolve, left - 15));
    while (performance.now() < time) await task();
  };

  const before = counted();
  const entered: number[] = [];
  const painted: number[] = [];
  let longestFrame = 0;
  let lastFrame = 0;
  let isOver = false;
  let wake = (): void => undefined;
  const frame = (): void => {
    const now = performance.now();
    if (lastFrame > 0) longestFrame = Math.max(longestFrame, now - lastFrame);
    lastFrame = now;
    if (!isOver) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);

  // The card and the count stand: the frame after that is what a person sees.
  const observer = new MutationObserver(() => {
    const taken = Math.min(counted() - before, entered.length);
    const last = scans[taken - 1];
    if (last === undefined || painted.length >= taken || textOf('hero-total') !== last.total) return;
    requestAnimationFrame(() => {
      void task().then(() => {
        const now = performance.now();
        for (let at = painted.length; at < taken; at += 1) painted.push(now - (entered[at] ?? now));
        wake();
      });
    });
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });

  // A key carries the time at which the scanner sent it, however late this page comes to it.
  const send = (kind: string, key: string, timeStamp: number): void => {
    const code = /^\d$/.test(key) ? `Digit${key}` : key;
    const event = new KeyboardEvent(kind, { key, code, bubbles: true, cancelable: true, composed: true });
    Object.defineProperty(event, 'timeStamp', { value: timeStamp });
    (document.activeElement ?? document.body).dispatchEvent(event);
  };
  let begin = performance.now();
  for (const [at, { code }] of scans.entries()) {
    let next = performance.now();
    for (const key of [...code.split(''), 'Enter']) {
      await until(next);
      if (key === 'Enter') entered.push(next);
      send('keydown', key, next);
      send('keyup', key, next);
      next += keyMs;
    }
    begin += everyMs ?? 0;
    const isInTurn = everyMs === undefined;
    // Nothing of ours runs while the page is at work: it only wakes us.
    if (isInTurn && painted.length <= at)
      await new Promise<void>((resolve) => {
        const giveUp = setTimeout(resolve, GIVE_UP_MS);
        wake = () => {
          if (painted.length <= at) return;
          clearTimeout(giveUp);
          resolve();
        };
      });
    if (isInTurn && painted.length <= at) break;
    // A hand takes a while to the next label: what follows from a scan is not put on the next one. It comes at any time of
    // a frame: after a fixed while, forty ms and thirteen keys, each scan would end just as the screen begins to draw.
    await until(isInTurn ? performance.now() + 40 + ((at * 7) % 17) : begin);
  }
  const giveUp = performance.now() + GIVE_UP_MS;
  while (painted.length < entered.length && performance.now() < giveUp) await until(performance.now() + 50);
  observer.disconnect();
  port1.close();
  isOver = true;
  return {
    painted,
    lost: entered.length - (counted() - before),
    longestFrame,
    saw: `${textOf('hero')}, ${textOf('scan-count')} ${document.querySelector('dialog')?.textContent ?? ''}`,
  };
}
