import { useSyncExternalStore, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { hasRole, type Role } from '../../shared/domain/person.ts';
import { Icon, type IconName } from '../ui/icons.tsx';
import { needsOf } from '../sync/needs.ts';
import { useKeys } from '../ui/use-keys.ts';
import { useTallybook } from '../tallybook/tallybook-context.tsx';
import { useTeam } from '../tallybook/team.ts';

type Place = {
  readonly path: string;
  readonly name: 'count' | 'move' | 'stocktakes' | 'review' | 'send' | 'items' | 'laptops' | 'settings';
  readonly icon: IconName;
  readonly roles: readonly Role[];
};

const EVERYONE: readonly Role[] = ['counter', 'lead', 'approver', 'admin'];

/** What each role has on its rail (product table 5.3). */
const PLACES: readonly Place[] = [
  { path: '/count', name: 'count', icon: 'count', roles: ['counter', 'lead', 'approver'] },
  { path: '/move', name: 'move', icon: 'move', roles: ['counter', 'lead', 'approver'] },
  { path: '/stocktakes', name: 'stocktakes', icon: 'stocktakes', roles: ['lead', 'approver', 'admin'] },
  { path: '/review', name: 'review', icon: 'review', roles: ['approver'] },
  { path: '/send', name: 'send', icon: 'send', roles: ['approver', 'admin'] },
  { path: '/items', name: 'items', icon: 'items', roles: EVERYONE },
  { path: '/laptops', name: 'laptops', icon: 'laptops', roles: EVERYONE },
  { path: '/settings', name: 'settings', icon: 'settings', roles: EVERYONE },
];

/** The places a person may go, by role; Alt and a digit goes there. */
export function Rail(): ReactElement {
  const { t } = useTranslation('frame');
  const { ledger, person, signOut } = useTallybook();
  const [location, go] = useLocation();
  // Asked after every scan: only another number draws the rail again.
  const needs = useSyncExternalStore(ledger.subscribe, () => needsOf(ledger.sending()).length);
  const { team } = useTeam();
  const mayFound = hasRole(person, ['admin']);
  // A laptop that works alone has no others to show, except to whoever may set them up.
  const hasLaptops = mayFound || (team !== undefined && team.site !== null);
  const places = PLACES.filter(({ name, roles }) => hasRole(person, roles) && (name !== 'laptops' || hasLaptops));
  useKeys([
    ...places.map(({ path, name }, at) => ({ key: `Alt+${at + 1}`, label: t(`rail.${name}`), run: () => go(path) })),
    { key: 'Ctrl+L', label: t('rail.lock'), run: () => void signOut() },
  ]);
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      {places.map(({ path, name, icon }) => (
        <Link
          key={path}
          href={path}
          aria-current={location === path || location.startsWith(`${path}/`) ? 'page' : undefined}
          aria-description={name === 'send' && needs > 0 ? t('rail.needs', { count: needs }) : undefined}
        >
          <Icon name={icon} />
          {t(`rail.${name}`)}
          {name === 'send' && needs > 0 && (
            <span className="count" aria-hidden="true">
              {needs}
            </span>
          )}
        </Link>
      ))}
      <span className="gap" />
      <button type="button" onClick={() => void signOut()}>
        <Icon name="person" />
        <span className="name">{person.name}</span>
        <span className="small">{t('rail.lock')}</span>
      </button>
    </nav>
  );
}
