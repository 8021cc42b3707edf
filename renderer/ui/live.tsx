import { useSyncExternalStore, type ReactElement } from 'react';

type Said = { readonly turn: number; readonly text: string };

let said: Said = { turn: 0, text: '' };
const listeners = new Set<() => void>();

/** Says `text` to a screen reader, politely, after what it is saying now. The same text twice is said twice. */
export function announce(text: string): void {
  said = { turn: said.turn + 1, text };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The one polite live region of the app. Two places take turns, so that a repeated text is a change. */
export function Live(): ReactElement {
  const { turn, text } = useSyncExternalStore(subscribe, () => said);
  return (
    <div className="unseen" data-testid="live">
      <div aria-live="polite">{turn % 2 === 0 ? text : ''}</div>
      <div aria-live="polite">{turn % 2 === 1 ? text : ''}</div>
    </div>
  );
}
