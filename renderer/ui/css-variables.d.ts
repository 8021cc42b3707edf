import 'react';

declare module 'react' {
  /** Style attributes may set our own CSS variables. */
  interface CSSProperties {
    [name: `--${string}`]: string | number | undefined;
  }
}
