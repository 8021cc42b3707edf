import { useEffect, useRef, useSyncExternalStore, type ReactElement } from 'react';
import { announce } from './live.tsx';

type Noticed = { readonly text: string; readonly lastsMs: number | undefined; readonly warning: string };

let noticed: Noticed = { text: '', lastsMs: undefined, warning: '' };
let warned: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Long enough to read two lines. */
const READ_MS = 8000;

function put(text: string, lastsMs: number | undefined): void {
  change({ ...noticed, text, lastsMs });
}

function change(next: Noticed): void {
  noticed = next;
  for (const listener of listeners) listener();
}

/** Says a text in the one place at the foot that is seen over every screen and question, and to a screen reader. */
export function notify(text: string): void {
  put(text, READ_MS);
  announce(text);
}

/** The same, until something else is said or `clearNotice` is called: for what waits. */
export function notifyUntilCleared(text: string): void {
  put(text, undefined);
  announce(text);
}

/** Says what nothing else may take the place of while it is read: it stands above what `notify` says. */
export function warn(text: string): void {
  clearTimeout(warned);
  change({ ...noticed, warning: text });
  announce(text);
  warned = setTimeout(() => change({ ...noticed, warning: '' }), 2 * READ_MS);
}

/** Takes away what `notify` said. */
export function clearNotice(): void {
  if (noticed.text !== '') put('', undefined);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where `notify` speaks: over the status line, in front of dialogs, moving nothing. */
export function Notice(): ReactElement {
  const said = useSyncExternalStore(subscribe, () => noticed);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    // Shown anew it comes before a dialog that was opened since.
    element.hidePopover();
    if (said.text === '' && said.warning === '') return undefined;
    element.showPopover();
    if (said.text === '' || said.lastsMs === undefined) return undefined;
    const timer = setTimeout(clearNotice, said.lastsMs);
    return () => clearTimeout(timer);
  }, [said]);
  return (
    <div ref={place} popover="manual" className="notice" data-testid="notice">
      {said.warning !== '' && <p className="warning">{said.warning}</p>}
      {said.text}
    </div>
  );
}
