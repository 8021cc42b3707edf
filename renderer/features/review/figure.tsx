import type { ReactElement } from 'react';
import { ZERO, type Quantity } from '../../../shared/domain/quantity.ts';
import type { Figures } from './figures.ts';

/** A quantity in a column: its decimal point stands under the others, however many decimals each has. */
export function Figure(props: {
  figures: Figures;
  quantity: Quantity;
  decimals: number;
  signed?: boolean;
  blankZero?: boolean;
}): ReactElement | null {
  const { figures, quantity, decimals, signed = false, blankZero = false } = props;
  if (blankZero && quantity === ZERO) return null;
  const own = figures.decimals(quantity);
  // A missing point takes the room of one digit: the typeface is monospaced.
  const room = decimals === 0 ? 0 : own === 0 ? decimals + 1 : decimals - own;
  return (
    <span
      className={quantity === ZERO && signed ? 'figure zero' : 'figure'}
      style={room > 0 ? { paddingInlineEnd: `${room}ch` } : undefined}
    >
      {signed ? figures.signed(quantity) : figures.quantity(quantity)}
    </span>
  );
}
