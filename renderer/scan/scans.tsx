import {
  createContext,
  useContext,
  useEffect,
  useRef,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { Scanner } from '../../shared/domain/scanner.ts';
import type { KeyPress } from './key-meaning.ts';
import { createScanCapture } from './scan-capture.ts';
import { isHotKey } from '../ui/use-keys.ts';

/**
 * What a scanner sent. `usText`: the same keys on a US keyboard, for a laptop with another layout. `letGo`: its first
 * characters, where they were taken for typing before the others came. `doubt`: digits of a known code that may have been
 * typed as a quantity just as well. `endedBy`: Enter means that a typed quantity was to be set.
 */
export type CapturedScan = {
  readonly text: string;
  readonly usText: string;
  readonly letGo: string;
  readonly doubt?: boolean;
  readonly endedBy?: 'Enter' | 'Tab' | 'silence' | 'key';
  /** What this scanner makes of the FNC1 of GS1 labels, where it was set up. */
  readonly separators?: Scanner['separators'] | undefined;
};

/**
 * What has to be said beside the scans. `doubt_in_field`: the Enter of a code was kept from the field it stands in. `torn`:
 * a scan was told in two pieces, its beginning first and then all of it.
 */
export type ScanNews =
  | { readonly kind: 'doubt_in_field'; readonly text: string }
  | { readonly kind: 'torn'; readonly part: string; readonly text: string };

export type ScanListener = (scan: CapturedScan) => void;

/** Whether a text is a code that somebody or something bears; `usText` as in `CapturedScan`. */
export type KnownCodes = (text: string, usText: string) => boolean;

type Stack = {
  add(listener: ScanListener): () => void;
  /** Takes what nobody else takes. */
  addLast(listener: ScanListener): () => void;
  /** Hears of every scan and takes none. */
  hear(listener: ScanListener): () => void;
  /** Hands a scan to the listener that came last. Nobody listens yet: it waits for the first that does. */
  tell(scan: CapturedScan): void;
};

/** The listeners for scans, the newest on top: a dialog's listener takes what its screen would have taken. */
export function createScanStack(): Stack {
  const listeners: ScanListener[] = [];
  const hearing = new Set<ScanListener>();
  const early: CapturedScan[] = [];

  function begin(listener: ScanListener): () => void {
    for (const scan of early.splice(0)) listener(scan);
    return () => {
      const at = listeners.lastIndexOf(listener);
      if (at >= 0) listeners.splice(at, 1);
    };
  }

  return {
    add(listener) {
      listeners.push(listener);
      return begin(listener);
    },
    addLast(listener) {
      listeners.unshift(listener);
      return begin(listener);
    },
    hear(listener) {
      hearing.add(listener);
      return () => hearing.delete(listener);
    },
    tell(scan) {
      for (const listener of hearing) listener(scan);
      const top = listeners.at(-1);
      if (top === undefined) early.push(scan);
      else top(scan);
    },
  };
}

export type Scans = Stack & {
  readonly isKnown: KnownCodes;
  /** Asks this one from now on, until told to stop. */
  knowBy(known: KnownCodes): () => void;
  /** What is held and not given to the page yet. */
  readonly held: () => string;
  subscribe(listener: () => void): () => void;
  /** Hands over the keys of whole scans of any speed instead of telling them, until told to stop. */
  readWhole(listener: (presses: readonly KeyPress[]) => void): () => void;
  /** What has to be said beside the scans; what came before anybody listened is said first. */
  onNews(listener: (news: ScanNews) => void): () => void;
  /** Listens to the window no longer. */
  stop(): void;
};

/** Listens to every key of the window from now on. Scans wait until a screen listens, so this comes before anything is drawn. */
export function startScans(target: Window & typeof globalThis, scanners: () => readonly Scanner[]): Scans {
  const stack = createScanStack();
  const listeners = new Set<() => void>();
  const earlyNews: ScanNews[] = [];
  let sayNews = (news: ScanNews): void => void earlyNews.push(news);
  let current: KnownCodes = () => false;
  let held = '';
  const isKnown: KnownCodes = (text, usText) => current(text, usText);

  const capture = createScanCapture({
    target,
    now: () => target.performance.now(),
    knowledge: { isKnown, isHotKey, scanners },
    onScan: (text, { usText, letGo, doubt, endedBy, separators, torn }) => {
      // What was let go of a torn scan was told as a scan; nothing of it stands on the strip.
      stack.tell({ text, usText, letGo: torn ? '' : letGo, doubt, endedBy, separators });
      if (torn) sayNews({ kind: 'torn', part: letGo, text });
    },
    onHeld(next) {
      held = next;
      for (const listener of listeners) listener();
    },
    onDoubtInField: (text) => sayNews({ kind: 'doubt_in_field', text }),
  });

  return {
    ...stack,
    isKnown,
    knowBy(known) {
      current = known;
      return () => {
        if (current === known) current = () => false;
      };
    },
    held: () => held,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    readWhole: capture.readWhole,
    onNews(listener) {
      sayNews = listener;
      for (const news of earlyNews.splice(0)) listener(news);
      return () => {
        if (sayNews === listener) sayNews = (news) => void earlyNews.push(news);
      };
    },
    stop: capture.stop,
  };
}

const ScansContext = createContext<Scans | null>(null);

/** Gives the screens the scans of the window. */
export function ScansProvider({
  scans,
  onNews,
  children,
}: {
  scans: Scans;
  onNews?: (news: ScanNews) => void;
  children: ReactNode;
}): ReactElement {
  const latest = useRef(onNews);
  useEffect(() => {
    latest.current = onNews;
  });
  useEffect(() => scans.onNews((news) => latest.current?.(news)), [scans]);
  return <ScansContext.Provider value={scans}>{children}</ScansContext.Provider>;
}

/** While mounted and `active`, hands over the keys of whole scans of any speed; nothing else hears of those. */
export function useWholeScans(listener: (presses: readonly KeyPress[]) => void, active: boolean): void {
  const scans = useContext(ScansContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => (active ? scans?.readWhole((presses) => latest.current(presses)) : undefined), [scans, active]);
}

/** Takes every scan while mounted and `active`, whatever has the focus, unless something mounted later takes them. */
export function useScans(listener: ScanListener, active = true): void {
  const scans = useContext(ScansContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => (active ? scans?.add((scan) => latest.current(scan)) : undefined), [scans, active]);
}

/** Takes the scans that no screen takes. */
export function useUnusedScans(listener: ScanListener): void {
  const scans = useContext(ScansContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => scans?.addLast((scan) => latest.current(scan)), [scans]);
}

/** Hears of every scan while mounted, whoever takes it. */
export function useHeardScans(listener: ScanListener): void {
  const scans = useContext(ScansContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => scans?.hear((scan) => latest.current(scan)), [scans]);
}

/** Tells the capture what is a code: where speed leaves a doubt, a known code is none that was typed. */
export function useKnownCodes(known: KnownCodes): void {
  const scans = useContext(ScansContext);
  useEffect(() => scans?.knowBy(known), [scans, known]);
}

const NOTHING_HELD = { subscribe: () => () => undefined, held: () => '' };

/** Keys that are held because they may begin a scan, for the eye: they are typed a moment later. */
export function useHeldText(): string {
  const scans = useContext(ScansContext);
  return useSyncExternalStore(scans?.subscribe ?? NOTHING_HELD.subscribe, scans?.held ?? NOTHING_HELD.held);
}
