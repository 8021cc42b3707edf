import { useParams } from 'wouter';
import { Import, Items } from '../features/catalogue/catalogue-screens.tsx';
import { ReviewScreen } from '../features/review/review-screen.tsx';
import { StocktakesScreen } from '../features/stocktakes/stocktakes-screen.tsx';
import { SHELF_SCREENS } from './shelf-screens.tsx';
import type { Screen } from './wiring.ts';

/** Every screen and where it lives. The rail shows those that the person's roles can use. */
export const screens: readonly Screen[] = [
  ...SHELF_SCREENS,
  { path: '/stocktakes/:stocktake?', show: () => <StocktakesRoute /> },
  { path: '/review/:batch?', show: () => <ReviewRoute /> },
  { path: '/items', show: () => <Items /> },
  { path: '/items/import', show: () => <Import /> },
];

function StocktakesRoute() {
  return <StocktakesScreen stocktake={useParams()['stocktake']} />;
}

function ReviewRoute() {
  return <ReviewScreen batch={useParams()['batch']} />;
}
