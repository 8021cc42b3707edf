import { useId, useLayoutEffect, useRef, type ReactElement, type ReactNode } from 'react';

export type DialogProps = {
  title: string;
  /** Esc, or the way back. Closing never discards anything. */
  onClose: () => void;
  /** Enter in the dialog, or its submit button. */
  onConfirm?: (() => void) | undefined;
  /** Buttons, the main one last; it should be `type="submit"` where `onConfirm` is given. */
  actions?: ReactNode;
  wide?: boolean;
  /** There may be more than fits, and nothing in it takes the focus: then the body itself does, to be scrolled by keys. */
  scrolls?: boolean;
  children: ReactNode;
};

/** A question in front of the screen: a native modal <dialog>. Focus goes back to where it was when it closes. */
export function Dialog({
  title,
  onClose,
  onConfirm,
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
      // The browser takes the first control; the one that asked for it goes first.
      element.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    }
    // Closing before the node goes is what gives the focus back.
    return () => element?.close();
  }, []);
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
      <form
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
