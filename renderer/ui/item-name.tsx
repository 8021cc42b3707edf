import type { ReactElement } from 'react';
import { nameText, type ItemName as Name } from '../../shared/domain/item-name.ts';

/** An item's name in a place that may be too narrow for it: what tells it from its siblings is never cut off. */
export function ItemName({ name }: { name: Name }): ReactElement {
  return (
    <span className="item-name" title={nameText(name)}>
      <span>{name.name}</span>
      {name.variant !== '' && <span className="variant">{` · ${name.variant}`}</span>}
    </span>
  );
}

/** The unit beside a figure, where it does not count pieces. */
export function UnitBeside({ unit }: { unit: string | undefined }): ReactElement | null {
  return unit === undefined ? null : <span className="unit">{` ${unit}`}</span>;
}
