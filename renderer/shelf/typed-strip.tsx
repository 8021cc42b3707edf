import type { ComponentProps, ReactElement } from 'react';
import { QuantityStrip } from './quantity-strip.tsx';
import { useHeldText } from '../scan/scans.tsx';
import { typedWithHeld } from './typed-quantity.ts';

/** The quantity strip with the digits of a moment ago, which may still turn out to begin a scan. */
export function TypedStrip(props: ComponentProps<typeof QuantityStrip>): ReactElement {
  const held = useHeldText();
  return <QuantityStrip {...props} typed={typedWithHeld(props.typed, held)} />;
}
