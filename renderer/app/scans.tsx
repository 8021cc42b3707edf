import { createContext, useContext, useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { createScanCapture } from '../scan/scan-capture.ts';

/**
 * What a scanner sent. `usText`: the same keys on a US keyboard, for a laptop with another layout. `letGo`: its first
 * characters, where they were taken for typing before the others came.
 */
export type CapturedScan = { readonly text: string; readonly usText: string; readonly letGo: string };

export type ScanListener = (scan: CapturedScan) => void;

type Stack = {
  add(listener: ScanListener): () => void;
  /** Hears of every scan and takes none. */
  hear(listener: ScanListener): () => void;
  /** Hands a scan to the listener that came last. */
  tell(scan: CapturedScan): void;
};

/** The listeners for scans, the newest on top: a dialog's listener takes what its screen would have taken. */
export function createScanStack(): Stack {
  const listeners: ScanListener[] = [];
  const hearing = new Set<ScanListener>();
  return {
    add(listener) {
      listeners.push(listener);
      return () => {
        const at = listeners.lastIndexOf(listener);
        if (at >= 0) listeners.splice(at, 1);
      };
    },
    hear(listener) {
      hearing.add(listener);
      return () => hearing.delete(listener);
    },
    tell(scan) {
      for (const listener of hearing) listener(scan);
      listeners.at(-1)?.(scan);
    },
  };
}

const ScansContext = createContext<Stack | null>(null);

/** Installs the one window-wide scan capture. */
export function ScansProvider({ children }: { children: ReactNode }): ReactElement {
  const [stack] = useState(createScanStack);
  useEffect(() => {
    const capture = createScanCapture({
      target: window,
      now: () => performance.now(),
      onScan: (text, { usText, letGo }) => stack.tell({ text, usText, letGo }),
    });
    return () => capture.stop();
  }, [stack]);
  return <ScansContext.Provider value={stack}>{children}</ScansContext.Provider>;
}

/** Takes every scan while mounted and `active`, whatever has the focus, unless something mounted later takes them. */
export function useScans(listener: ScanListener, active = true): void {
  const stack = useContext(ScansContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => (active ? stack?.add((scan) => latest.current(scan)) : undefined), [stack, active]);
}

/** Hears of every scan while mounted, whoever takes it. */
export function useHeardScans(listener: ScanListener): void {
  const stack = useContext(ScansContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => stack?.hear((scan) => latest.current(scan)), [stack]);
}
