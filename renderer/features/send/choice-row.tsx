import { useId, type ReactElement, type ReactNode } from 'react';

/** One of a few, all in sight: native radio buttons in a row. */
export function ChoiceRow<Id extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string;
  choices: readonly { id: Id; name: string; count?: ReactNode }[];
  chosen: Id;
  onChoose: (id: Id) => void;
}): ReactElement {
  const group = useId();
  return (
    <fieldset className="choice-row">
      <legend className="unseen">{label}</legend>
      {choices.map(({ id, name, count }) => (
        <label key={id}>
          <input type="radio" name={group} checked={id === chosen} onChange={() => onChoose(id)} />
          <span>
            {name} {count !== undefined && <span className="num">{count}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
