import { useId, useLayoutEffect, useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';

export type DialogProps = {
  title: string;
  /** Esc, or the way back. Closing never discards anything. */
  onClose: () => void;
  /** Enter in the dialog, or its submit button. */
  onConfirm?: (() => void) | undefined;
  /** Enter, while the main button cannot be pressed: say what is missing. */
  onRefuse?: () => void;
  /** Buttons, the main one last; it should be `type="submit"` where `onConfirm` is given. */
  actions?: ReactNode;
  wide?: boolean;
  /** There may be more than fits, and nothing in it takes the focus: then the body itself does, to be scrolled by keys. */
  scrolls?: boolean;
  children: ReactNode;
};

/** What takes the focus first: what asks for it, a field, the main button; the way back only when there is nothing else. */
const FIRST = [
  '[data-autofocus]:enabled, [data-autofocus][tabindex]',
  '.body :is(input, textarea, select):enabled',
  '.body[tabindex]',
  '.actions [type="submit"]:enabled',
];
/** Enter means something of its own there: a button presses itself, and wears the key then. */
const OWN_ENTER = 'button, a[href], textarea, summary, [role="option"], [role="listbox"], [contenteditable="true"]';

/** Whether Enter pressed there confirms the dialog. */
export function confirms(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey' | 'metaKey' | 'shiftKey'>,
  target: EventTarget,
): boolean {
  if (event.key !== 'Enter' || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return false;
  return !(target instanceof Element) || target.closest(OWN_ENTER) === null;
}

/**
 * A question in front of the screen: a native modal <dialog>. Focus goes back to where it was when it closes. The
 * button that wears Enter is the one that Enter presses: the main one, or another button once it has the focus.
 */
export function Dialog({
  title,
  onClose,
  onConfirm,
  onRefuse,
  actions,
  wide = false,
  scrolls = false,
  children,
}: DialogProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element && !element.open) {
      element.showModal();
      // The browser takes the first control, which may be the way back.
      for (const selector of FIRST) {
        const first = element.querySelector<HTMLElement>(selector);
        if (first === null) continue;
        first.focus();
        break;
      }
    }
    // Closing before the node goes is what gives the focus back.
    return () => element?.close();
  }, []);
  function press(event: KeyboardEvent<HTMLFormElement>): void {
    if (event.defaultPrevented || event.nativeEvent.isComposing || !confirms(event, event.target)) return;
    event.preventDefault();
    const main = event.currentTarget.querySelector<HTMLButtonElement>('.actions [type="submit"]');
    if (event.repeat) return;
    if (main?.disabled === true) onRefuse?.();
    else event.currentTarget.requestSubmit(main);
  }

  return (
    <dialog
      ref={dialog}
      className={wide ? 'dialog wide' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Enter confirms from anywhere in it */}
      <form
        onKeyDown={press}
        onSubmit={(event) => {
          event.preventDefault();
          onConfirm?.();
        }}
      >
        <h2 id={titleId}>{title}</h2>
        <div className="body" {...(scrolls ? { tabIndex: 0, role: 'group', 'aria-labelledby': titleId } : {})}>
          {children}
        </div>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </form>
    </dialog>
  );
}
