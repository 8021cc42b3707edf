import {
  createContext,
  useContext,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';
import { createScanCapture } from '../scan/scan-capture.ts';
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
};

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

type Scans = Stack & {
  readonly isKnown: KnownCodes;
  /** Asks this one from now on, until told to stop. */
  knowBy(known: KnownCodes): () => void;
  /** What is held and not given to the page yet. */
  readonly held: () => string;
  hold(text: string): void;
  subscribe(listener: () => void): () => void;
};

function createScans(): Scans {
  const listeners = new Set<() => void>();
  let current: KnownCodes = () => false;
  let held = '';
  return {
    ...createScanStack(),
    isKnown: (text, usText) => current(text, usText),
    knowBy(known) {
      current = known;
      return () => {
        if (current === known) current = () => false;
      };
    },
    held: () => held,
    hold(text) {
      held = text;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const ScansContext = createContext<Scans | null>(null);

/** Installs the one window-wide scan capture. `onDoubtInField`: the Enter of a code was kept from the field it stands in. */
export function ScansProvider({
  onDoubtInField,
  children,
}: {
  onDoubtInField?: (text: string) => void;
  children: ReactNode;
}): ReactElement {
  const [scans] = useState(createScans);
  const doubt = useRef(onDoubtInField);
  useEffect(() => {
    doubt.current = onDoubtInField;
  });
  useEffect(() => {
    const capture = createScanCapture({
      target: window,
      now: () => performance.now(),
      knowledge: { isKnown: scans.isKnown, isHotKey },
      onScan: (text, { usText, letGo, doubt: doubtful, endedBy }) =>
        scans.tell({ text, usText, letGo, doubt: doubtful, endedBy }),
      onHeld: scans.hold,
      onDoubtInField: (text) => doubt.current?.(text),
    });
    return () => capture.stop();
  }, [scans]);
  return <ScansContext.Provider value={scans}>{children}</ScansContext.Provider>;
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
