import { useParams } from 'wouter';
import { Bins, Import, Items } from '../features/catalogue/catalogue-screens.tsx';
import { PeopleScreen } from '../features/people/people-screen.tsx';
import { ReviewScreen } from '../features/review/review-screen.tsx';
import { SendScreen } from '../features/send/send-screen.tsx';
import { ScannerScreen } from '../features/settings/scanner-screen.tsx';
import { SettingsScreen } from '../features/settings/settings-screen.tsx';
import { StocktakesScreen } from '../features/stocktakes/stocktakes-screen.tsx';
import { TeamScreen } from '../features/team/team-screen.tsx';
import { SHELF_SCREENS } from './shelf-screens.tsx';
import type { Screen } from './wiring.ts';

/** Every screen and where it lives. The rail shows those that the person's roles can use. */
export const screens: readonly Screen[] = [
  ...SHELF_SCREENS,
  { path: '/stocktakes/:stocktake?', show: () => <StocktakesRoute /> },
  { path: '/review/:batch?', show: () => <ReviewRoute /> },
  { path: '/send/:connection?/:part?', show: () => <SendRoute /> },
  { path: '/items', show: () => <Items /> },
  { path: '/items/bins', show: () => <Bins /> },
  { path: '/items/import', show: () => <Import /> },
  { path: '/laptops', show: () => <TeamScreen /> },
  { path: '/settings', show: () => <SettingsScreen /> },
  { path: '/settings/scanner', show: () => <ScannerScreen /> },
  { path: '/settings/people', show: () => <PeopleScreen /> },
];

function StocktakesRoute() {
  return <StocktakesScreen stocktake={useParams()['stocktake']} />;
}

function ReviewRoute() {
  return <ReviewScreen batch={useParams()['batch']} />;
}

function SendRoute() {
  const { connection, part } = useParams();
  return <SendScreen connection={connection} part={part} />;
}
