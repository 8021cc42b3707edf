import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import type { CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import { hasRole } from '../../../shared/domain/person.ts';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { ImportScreen } from './import-screen.tsx';
import { ItemsScreen } from './items-screen.tsx';

/** `/items`: the items screen, tied to the ledger. */
export function Items(): ReactElement {
  const { ledger, person } = useTallybook();
  const [, go] = useLocation();
  const errorText = useErrorText();
  const catalogue = useLedger((asked) => asked.catalogue());

  async function say(fact: CatalogueFact): Promise<void> {
    const said = await ledger.appendFacts([fact]);
    if (said.ok) await ledger.reloadCatalogue();
    else announce(errorText(said.error));
  }

  return (
    <ItemsScreen
      catalogue={catalogue}
      bookOf={(item) => ledger.bookOf(item)}
      {...(hasRole(person, ['lead', 'approver', 'admin']) ? { onSay: (fact) => void say(fact) } : {})}
      mayImport={hasRole(person, ['admin', 'lead'])}
      onImport={() => go('/items/import')}
    />
  );
}

/** `/items/import`: the import, tied to the ledger and the host. */
export function Import(): ReactElement {
  const { host, ledger } = useTallybook();
  const [, go] = useLocation();
  const catalogue = useLedger((asked) => asked.catalogue());
  return (
    <ImportScreen
      host={host}
      ledger={ledger}
      // An opening figure is for a line nothing was ever recorded about: any line of the books has a history.
      known={() => ({
        items: ledger.catalogue().items(),
        bins: ledger.catalogue().bins(),
        openings: new Set(ledger.state().books.lines.keys()),
        said: [...ledger.state().said.values()],
      })}
      first={catalogue.itemCount === 0 ? 'items' : catalogue.binCount === 0 ? 'bins' : 'stock'}
      onLeave={() => go('/items')}
    />
  );
}
