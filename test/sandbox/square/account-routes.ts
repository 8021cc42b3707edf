import { answered, refused, type Route } from './api-call.ts';
import { refuse } from './refusals.ts';
import { MERCHANT_ID } from './sign-in.ts';
import type { SquareState } from './state.ts';

const READ = 'MERCHANT_PROFILE_READ';

/** Locations (sorted by name, closed ones included, not paged) and the merchant. */
export function accountRoutes({ world }: SquareState): readonly Route[] {
  const locations = world.square.locations
    .map(({ id, name, status }) => ({
      id,
      name,
      status,
      merchant_id: MERCHANT_ID,
      timezone: 'Etc/UTC',
      type: 'PHYSICAL',
      currency: 'USD',
      country: 'US',
    }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  const merchant = {
    id: MERCHANT_ID,
    business_name: world.square.merchant,
    country: 'US',
    currency: 'USD',
    status: 'ACTIVE',
    main_location_id: world.square.locations[0]?.id,
  };
  return [
    { method: 'GET', path: /^\/v2\/locations$/, scope: READ, answer: () => answered({ locations }) },
    {
      method: 'GET',
      path: /^\/v2\/locations\/([^/]+)$/,
      scope: READ,
      answer(_, [id]) {
        const location = locations.find((one) => one.id === (id === 'main' ? merchant.main_location_id : id));
        return location ? answered({ location }) : refused(refuse(404, 'NOT_FOUND', `Location ${id} not found`));
      },
    },
    {
      method: 'GET',
      path: /^\/v2\/merchants\/(me|SANDBOX-MERCHANT)$/,
      scope: READ,
      answer: () => answered({ merchant }),
    },
  ];
}
