import { useEffect, useRef } from 'react';
import type { Host } from '../../shared/ports/host.ts';
import { watchIdle, type Clock, type IdleWatch } from './idle-lock.ts';
import { useHeardScans } from '../scan/scans.tsx';

const TOUCHES = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

/** The wall's clock, by which a laptop that slept has been away. */
const WALL: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Locks after the host's `lockAfterMs` without a key, a pointer or a scan, while `active`. The host does the same by itself. */
export function useIdleLock(host: Host, active: boolean, onIdle: () => void): void {
  const watch = useRef<IdleWatch>(undefined);
  const latest = useRef(onIdle);
  useEffect(() => {
    latest.current = onIdle;
  });
  // The scan capture keeps a scanner's keys to itself, so scans are heard of on their own.
  useHeardScans(() => watch.current?.touch());
  useEffect(() => {
    if (!active) return undefined;
    let wanted = true;
    const touch = (): void => watch.current?.touch();
    void host.whoIsHere({}).then((started) => {
      if (!wanted || !started.ok || started.value.lockAfterMs <= 0) return;
      watch.current = watchIdle(started.value.lockAfterMs, WALL, () => latest.current());
    });
    for (const kind of TOUCHES) window.addEventListener(kind, touch, { capture: true, passive: true });
    return () => {
      wanted = false;
      watch.current?.stop();
      watch.current = undefined;
      for (const kind of TOUCHES) window.removeEventListener(kind, touch, { capture: true });
    };
  }, [host, active]);
}
