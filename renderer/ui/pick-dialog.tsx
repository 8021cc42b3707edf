import { useId, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextInput } from './field.tsx';

export type Pickable = { key: string; name: ReactNode; detail?: ReactNode; end?: ReactNode };

export type PickDialogProps<Option extends Pickable> = {
  title: string;
  label: string;
  hint?: string;
  /** The choices for a typed text, best first; also asked for the empty text. */
  find: (text: string) => readonly Option[];
  /** Said when nothing is found; it may say of what. */
  nothing: string | ((text: string) => string);
  onPick: (option: Option) => void;
  onClose: () => void;
  /** Without a search field: the choices are few and all are shown. */
  plain?: boolean;
};

/**
 * Choose one of many: type to narrow, arrows to walk, Enter to take. The focus stays in the text field.
 * One piece: the field, the list and the keys share where one stands.
 */
export function PickDialog<Option extends Pickable>(props: PickDialogProps<Option>): ReactElement {
  const { title, label, hint, find, nothing, onPick, onClose, plain = false } = props;
  const { t } = useTranslation('ui');
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const listId = useId();
  const options = find(text);
  const current = Math.min(at, options.length - 1);

  function pick(option: Option | undefined): void {
    if (option !== undefined) onPick(option);
  }

  function press(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0 || options.length === 0) return;
    event.preventDefault();
    setAt((current + step + options.length) % options.length);
  }

  const list = (
    <div
      className="pick"
      role="listbox"
      id={listId}
      aria-label={label}
      // With no field to hold it, the list holds the focus.
      tabIndex={plain ? 0 : -1}
      data-autofocus={plain || undefined}
      aria-activedescendant={plain && current >= 0 ? `${listId}${current}` : undefined}
      onKeyDown={(event) => {
        press(event);
        if (event.key === 'Enter' && plain) {
          event.preventDefault();
          pick(options[current]);
        }
      }}
    >
      {options.map((option, index) => (
        <div
          key={option.key}
          id={`${listId}${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === current}
          onClick={() => pick(option)}
          onKeyDown={(event) => event.key === 'Enter' && pick(option)}
        >
          <span>
            {option.name}
            {option.detail !== undefined && <small>{option.detail}</small>}
          </span>
          {option.end !== undefined && <span>{option.end}</span>}
        </div>
      ))}
    </div>
  );

  return (
    <Dialog
      title={title}
      onClose={onClose}
      onConfirm={() => pick(options[current])}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('back')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={current < 0}>
            {t('choose')}
          </Button>
        </>
      }
    >
      {!plain && (
        <TextInput
          label={label}
          hint={hint}
          value={text}
          autoFocus
          data-codes
          role="combobox"
          aria-expanded={options.length > 0}
          aria-controls={options.length > 0 ? listId : undefined}
          aria-activedescendant={current >= 0 ? `${listId}${current}` : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      )}
      {options.length === 0 ? (
        <p className="muted" role="status">
          {typeof nothing === 'string' ? nothing : nothing(text)}
        </p>
      ) : (
        list
      )}
    </Dialog>
  );
}
