import type { Laptop } from '../../../shared/ports/host.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { holdsIn } from '../../sync/accounts.ts';
import { isSilent } from '../../tallybook/team.ts';

/** Laptops that have said something here and were silent since. `now`: ISO. */
export function silentLaptops(laptops: readonly Laptop[], now: string): readonly (Laptop & { heardAt: string })[] {
  return laptops.flatMap((laptop) => (isSilent(laptop, now) ? [laptop] : []));
}

/** This laptop first, then the others by name, and last those that were revoked. */
export function sortLaptops(laptops: readonly Laptop[], language: string): readonly Laptop[] {
  const place = ({ isHere, state }: Laptop) => (isHere ? 0 : state === 'enrolled' ? 1 : 2);
  return laptops.toSorted((left, right) => place(left) - place(right) || left.name.localeCompare(right.name, language));
}

/** By laptop the names of the connections that it sends over; not those to an account that another one sends to. */
export function sendsOf(ledger: Pick<Ledger, 'sending'>): ReadonlyMap<string, readonly string[]> {
  const sending = ledger.sending();
  const names = new Map<string, string[]>();
  for (const { id, name, laptop } of sending.connections.values())
    if (holdsIn(sending, id, laptop)) names.set(laptop, [...(names.get(laptop) ?? []), name]);
  return names;
}
