import type { ReactElement } from 'react';

const PATHS = {
  count: 'M4 6v12M8 6v12M11 6v12M16 6v12M20 6v12',
  move: 'M3 12h14M13 7l5 5-5 5M21 5v14',
  stocktakes: 'M6 4h12v16H6zM9 8h6M9 12h6M9 16h4',
  review: 'M4 7h10M4 12h7M4 17h5M14 16l3 3 5-7',
  send: 'M4 12l16-8-5 16-3-7z',
  items: 'M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0M20 20l-4.5-4.5',
  laptops: 'M5 6h14v10H5zM2 19h20',
  settings: 'M4 7h8M18 7h2M4 17h2M12 17h8M18 7a3 3 0 1 1-6 0 3 3 0 0 1 6 0M12 17a3 3 0 1 1-6 0 3 3 0 0 1 6 0',
  person: 'M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0M4 20c1-4 4-6 8-6s7 2 8 6',
  taken: 'M4 12.5l5 5L20 6',
  look: 'M12 4v11M12 19v.5',
  stop: 'M6 6l12 12M18 6L6 18',
  back: 'M20 12H5M11 6l-6 6 6 6',
  scan: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M8 9v6M12 9v6M16 9v6',
  bin: 'M4 8h16v12H4zM4 8l2-4h12l2 4M10 12h4',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture beside a word; never instead of one, so a screen reader skips it. */
export function Icon({ name }: { name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
