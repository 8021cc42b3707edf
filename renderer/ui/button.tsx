import type { ComponentProps, ReactElement } from 'react';

/** A small key cap: the key that does the same. Read aloud through `aria-keyshortcuts` of the button, not as text. */
export function Key({ children }: { children: string }): ReactElement {
  return (
    <kbd className="key" aria-hidden="true">
      {children}
    </kbd>
  );
}

export type ButtonProps = Omit<ComponentProps<'button'>, 'className'> & {
  /** `main`: the one obvious next thing of a screen. `quiet`: a link-like action. */
  variant?: 'main' | 'plain' | 'quiet';
  /** 36 px instead of 44 px, for screens where nobody scans. */
  compact?: boolean;
  /** The key that does the same, as it is printed on the keyboard: "F10", "Ctrl Z", "A". */
  keyCap?: string | undefined;
};

/** A button with its key on it. `type` is "button" unless said otherwise, so that Enter in a form never presses it by accident. */
export function Button({
  variant = 'plain',
  compact = false,
  keyCap,
  children,
  type = 'button',
  autoFocus = false,
  ...rest
}: ButtonProps): ReactElement {
  const shortcut =
    keyCap === undefined
      ? {}
      : { 'aria-keyshortcuts': keyCap.replaceAll(' ', '+').replace('Ctrl', 'Control').replace('Esc', 'Escape') };
  return (
    // oxlint-disable-next-line jsx-a11y/no-autofocus -- the one obvious next thing of a screen that just opened
    <button
      type={type}
      autoFocus={autoFocus}
      data-autofocus={autoFocus || undefined}
      className={`button ${variant}${compact ? ' compact' : ''}`}
      {...shortcut}
      {...rest}
    >
      {children}
      {keyCap !== undefined && <Key>{keyCap}</Key>}
    </button>
  );
}

export type Tone = 'plain' | 'ok' | 'look' | 'stop' | 'info';

/** A state in one word. Colour only repeats it. */
export function Tag({ tone = 'plain', children }: { tone?: Tone; children: string }): ReactElement {
  return <span className={`tag ${tone}`}>{children}</span>;
}
