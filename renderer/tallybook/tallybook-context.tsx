import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Person } from '../../shared/domain/person.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Sounds } from '../sound/sounds.ts';
import type { Sending } from '../sync/sending.ts';

/** What every screen may use. */
export type Tallybook = {
  readonly host: Host;
  readonly ledger: Ledger;
  readonly sounds: Sounds;
  readonly sending: Sending;
  /** The person who is signed in; screens are shown only then. */
  readonly person: Person;
  readonly people: readonly Person[];
  readonly laptop: string;
  signOut(): Promise<void>;
  /** Asks the host again who there is, after a person was saved. */
  reloadPeople(): Promise<void>;
};

export const TallybookContext = createContext<Tallybook | null>(null);

/** The page's host, ledger and signed-in person. */
export function useTallybook(): Tallybook {
  const tallybook = useContext(TallybookContext);
  if (!tallybook) throw new Error('useTallybook outside of TallybookContext');
  return tallybook;
}

/** A live question to the ledger: asked again after every change. `ask` may be an inline function. */
export function useLedger<Value>(ask: (ledger: Ledger) => Value): Value {
  const { ledger } = useTallybook();
  useSyncExternalStore(ledger.subscribe, ledger.version);
  return ask(ledger);
}
