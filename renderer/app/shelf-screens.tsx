import { CountBin } from '../features/count/count-bin.tsx';
import { CountScreen } from '../features/count/count-screen.tsx';
import { MyCounts } from '../features/count/my-counts.tsx';
import { MoveScreen } from '../features/move/move-screen.tsx';
import type { Screen } from './wiring.ts';

/** The screens used at the shelf. */
export const SHELF_SCREENS: readonly Screen[] = [
  { path: '/count', show: () => <MyCounts /> },
  { path: '/count/bin', show: () => <CountBin /> },
  { path: '/count/:stocktake/:pass/:bin?', show: () => <CountScreen /> },
  { path: '/move', show: () => <MoveScreen /> },
];
