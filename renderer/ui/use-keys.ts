import { useEffect, useRef } from 'react';

export type HotKey = {
  /** "A" (without Shift), "Shift+A", "Ctrl+Z", "Ctrl+Shift+Z", "F10", "Escape", "Enter", "Space", "ArrowDown", "?", "/". */
  key: string;
  /** What it does, for the key list; absent: the key works and is not listed. */
  label?: string | undefined;
  run: (event: KeyboardEvent) => void;
};

/** The name of a pressed key as `HotKey.key` writes it. Ctrl stands for Command on a Mac. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const letter = /^\p{L}$/u.test(event.key);
  const base = letter ? event.key.toUpperCase() : event.key === ' ' ? 'Space' : event.key;
  // A sign such as "?" already tells whether Shift was needed for it.
  const shift = event.shiftKey && (letter || base.length > 1) ? 'Shift+' : '';
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${shift}${base}`;
}

/** Whether a key pressed there belongs to the element itself: typing in a field, Enter or Space on a button. */
export function belongsToTarget(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('dialog')) return true;
  // Nothing is typed into a choice: letters mean the screen's action there, and only what moves it is its own.
  if (target.closest('input[type="radio"], input[type="checkbox"]')) return /^(Space|Enter|Arrow\w+)$/.test(key);
  const editable = target.closest('input, textarea, select, [contenteditable="true"]');
  // These type nothing, so they mean the screen's action from inside a field too.
  if (editable) return !/^(F\d+|Escape|Alt\+\d|Ctrl\+L)$/.test(key);
  return (key === 'Enter' || key === 'Space') && target.closest('button, a[href], summary, [role="option"]') !== null;
}

type Registered = { readonly current: readonly HotKey[] };
const registered = new Set<Registered>();

/** Every labelled key that works right now, for the key list. */
export function listKeys(): readonly { key: string; label: string }[] {
  return [...registered].flatMap(({ current }) =>
    current.flatMap(({ key, label }) => (label === undefined ? [] : [{ key, label }])),
  );
}

/** Whether the character pressed alone does something right now. */
export function isHotKey(character: string): boolean {
  if (document.querySelector('dialog[open]')) return false;
  const names = [character, character.toUpperCase(), `Shift+${character}`];
  return [...registered].some(({ current }) => current.some(({ key }) => names.includes(key)));
}

/**
 * Keys of a screen, wherever the focus is. They rest while a dialog is open and while a person types in a field. A
 * scanner's burst never gets here: the scan capture stops those events first.
 */
export function useKeys(keys: readonly HotKey[]): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    registered.add(latest);
    function press(event: KeyboardEvent): void {
      if (event.defaultPrevented || event.isComposing) return;
      const name = keyName(event);
      if (document.querySelector('dialog[open]') || belongsToTarget(event.target, name)) return;
      const found = latest.current.find(({ key }) => key === name);
      if (!found) return;
      event.preventDefault();
      found.run(event);
    }
    window.addEventListener('keydown', press);
    return () => {
      registered.delete(latest);
      window.removeEventListener('keydown', press);
    };
  }, []);
}
