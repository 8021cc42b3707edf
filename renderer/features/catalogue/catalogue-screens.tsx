import { saidOf } from '../../../shared/domain/ledger-state.ts';
import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { binHold } from '../../../shared/domain/bin-hold.ts';
import type { CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import { hasRole } from '../../../shared/domain/person.ts';
import { ok } from '../../../shared/domain/result.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { BinsScreen } from './bins-screen.tsx';
import type { CatalogueList } from './catalogue-tabs.tsx';
import { ImportScreen } from './import-screen.tsx';
import type { BookOf } from './item-detail.tsx';
import { ItemsScreen } from './items-screen.tsx';

/** What both lists need of the ledger: who may say something of them, who may import, and the way to the other one. */
function useCatalogueScreen() {
  const { ledger, person } = useTallybook();
  const [, go] = useLocation();
  const errorText = useErrorText();
  const catalogue = useLedger((asked) => asked.catalogue());
  const unreadable = useLedger((asked) => asked.catalogueProblem()) !== undefined;

  async function say(fact: CatalogueFact): Promise<void> {
    const said = await ledger.appendFacts([fact]);
    if (said.ok) await ledger.reloadCatalogue();
    else announce(errorText(said.error));
  }

  return {
    catalogue,
    unreadable,
    ...(hasRole(person, ['lead', 'approver', 'admin']) ? { onSay: (fact: CatalogueFact) => void say(fact) } : {}),
    mayImport: hasRole(person, ['admin', 'lead']),
    onImport: () => go('/items/import'),
    onShow: (list: CatalogueList) => go(list === 'items' ? '/items' : '/items/bins'),
  };
}

/** `/items`: the items screen, tied to the ledger. */
export function Items(): ReactElement {
  const { ledger } = useTallybook();
  const screen = useCatalogueScreen();
  const bookOf: BookOf = (item) => {
    const book = ledger.bookOf(item);
    if (!book.ok) return book;
    return ok(book.value.map((line) => ({ ...line, bin: screen.catalogue.binName(line.bin) })));
  };
  return <ItemsScreen {...screen} bookOf={bookOf} />;
}

/** `/items/bins`: the bins screen, tied to the ledger. */
export function Bins(): ReactElement {
  const { ledger } = useTallybook();
  // What is counted or moved meanwhile may keep a bin, or let it go.
  useLedger((asked) => asked.version());
  return <BinsScreen {...useCatalogueScreen()} holdOf={(bin) => binHold(bin, ledger.state())} />;
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
        said: saidOf(ledger.state()),
      })}
      first={catalogue.itemCount === 0 ? 'items' : catalogue.binCount === 0 ? 'bins' : 'stock'}
      onLeave={() => go('/items')}
    />
  );
}
