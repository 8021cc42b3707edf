import { useEffect, useRef, useSyncExternalStore, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from './live.tsx';

/** A sentence, made anew in the language of the moment. */
type Say = () => string;
type Noticed = { readonly say: Say | undefined; readonly lastsMs: number | undefined; readonly warn: Say | undefined };

let noticed: Noticed = { say: undefined, lastsMs: undefined, warn: undefined };
let warned: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Long enough to read two lines. */
const READ_MS = 8000;

function put(say: Say | undefined, lastsMs: number | undefined): void {
  change({ ...noticed, say, lastsMs });
}

function change(next: Noticed): void {
  noticed = next;
  for (const listener of listeners) listener();
}

/** Says something in the one place at the foot that is seen over every screen and question, and to a screen reader. */
export function notify(say: Say): void {
  put(say, READ_MS);
  announce(say());
}

/** The same, until something else is said or `clearNotice` is called: for what waits. */
export function notifyUntilCleared(say: Say): void {
  put(say, undefined);
  announce(say());
}

/** Says what nothing else may take the place of while it is read: it stands above what `notify` says. */
export function warn(say: Say): void {
  clearTimeout(warned);
  change({ ...noticed, warn: say });
  announce(say());
  warned = setTimeout(() => change({ ...noticed, warn: undefined }), 2 * READ_MS);
}

/** Takes away what `notify` said. */
export function clearNotice(): void {
  if (noticed.say !== undefined) put(undefined, undefined);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where `notify` speaks: above the status line and the strip of a shelf screen, in front of dialogs, moving nothing. */
export function Notice(): ReactElement {
  // Another language says it again.
  useTranslation();
  const said = useSyncExternalStore(subscribe, () => noticed);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    // Shown anew it comes before a dialog that was opened since.
    element.hidePopover();
    if (said.say === undefined && said.warn === undefined) return undefined;
    element.showPopover();
    if (said.say === undefined || said.lastsMs === undefined) return undefined;
    const timer = setTimeout(clearNotice, said.lastsMs);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div ref={place} popover="manual" className="notice" data-testid="notice">
      {said.warn !== undefined && <p className="warning">{said.warn()}</p>}
      {said.say?.()}
    </div>
  );
}
