import { useId, type ComponentProps, type ReactElement, type ReactNode } from 'react';

export type FieldProps = {
  label: string;
  hint?: string | undefined;
  /** What is wrong and what to do, in one sentence. */
  error?: string | undefined;
  children: (props: FieldControl) => ReactNode;
};

/** What ties a control to its label, hint and error: spread onto the control. */
export type FieldControl = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true };

/** Label, control, hint and error in one fixed order. */
export function Field({ label, hint, error, children }: FieldProps): ReactElement {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(
    (part) => part !== '',
  );
  const control: FieldControl = {
    id,
    ...(described.length > 0 ? { 'aria-describedby': described.join(' ') } : {}),
    ...(error === undefined ? {} : { 'aria-invalid': true as const }),
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(control)}
      {hint !== undefined && (
        <span className="field-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {error !== undefined && (
        <span className="field-error" id={`${id}-error`} role="alert">
          {error}
        </span>
      )}
    </div>
  );
}

type Labelled = Pick<FieldProps, 'label' | 'hint' | 'error'>;

export type TextInputProps = Labelled & Omit<ComponentProps<'input'>, 'className' | 'id'> & { mono?: boolean };

/** One line of text with its label. The wheel never changes it: numbers are text too (`inputMode="decimal"`). */
export function TextInput({
  label,
  hint,
  error,
  mono = false,
  autoFocus = false,
  ...rest
}: TextInputProps): ReactElement {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <input
          className={mono ? 'input mono' : 'input'}
          autoComplete="off"
          spellCheck={false}
          autoFocus={autoFocus}
          data-autofocus={autoFocus || undefined}
          {...rest}
          {...control}
        />
      )}
    </Field>
  );
}

export type SelectProps = Labelled &
  Omit<ComponentProps<'select'>, 'className' | 'id' | 'onChange'> & {
    options: readonly { value: string; label: string }[];
    onChange: (value: string) => void;
  };

/** A native choice of one. */
export function Select({ label, hint, error, options, onChange, ...rest }: SelectProps): ReactElement {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <select className="input" onChange={(event) => onChange(event.target.value)} {...rest} {...control}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export type CheckboxProps = Omit<ComponentProps<'input'>, 'type' | 'onChange' | 'className'> & {
  label: string;
  onChange: (checked: boolean) => void;
};

/** Yes or no, the whole line being the target. */
export function Checkbox({ label, onChange, ...rest }: CheckboxProps): ReactElement {
  return (
    <label className="check">
      <input type="checkbox" onChange={(event) => onChange(event.target.checked)} {...rest} />
      <span>{label}</span>
    </label>
  );
}
