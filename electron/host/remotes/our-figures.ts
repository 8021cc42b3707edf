import { bookNow } from '../../../shared/domain/balance.ts';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { skuKey } from '../../../shared/domain/item.ts';
import { saidOf, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { binKey, binSchema, type Bin } from '../../../shared/domain/location.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import { figureKey } from '../../../shared/ports/figure-key.ts';
import type { HostError, HostInput } from '../../../shared/ports/host.ts';
import type { RemoteConnector } from '../../../shared/ports/remote-inventory.ts';
import { NO_MAPPING } from '../../../shared/sync/seen/mapping.ts';
import { drift } from '../../../shared/sync/seen/reconcile.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';

type Decision = HostInput<'decideDrift'>;
type Parts = {
  readonly ledger: Pick<Ledger, 'state' | 'figuresNow'>;
  readonly files: Pick<CatalogueFiles, 'read'>;
  readonly connectors: readonly RemoteConnector[];
};

/** What the host knows of our figures. */
export type OurFigures = {
  /** Why a decision cannot be as it says, or null. */
  judge(decision: Decision): Promise<HostError | null>;
};

/**
 * Holds what the page calls our figure of a place to the journal: the book of every bin that belongs there, worked out by
 * the functions that the page uses. `not_as_counted` where it is another; `bad_request` where item or place is not matched.
 */
export function createOurFigures({ ledger, files, connectors }: Parts): OurFigures {
  /** The bins file that was read last, by its digest. */
  let read: { readonly sha256: string | undefined; readonly bins: readonly Bin[] } = { sha256: undefined, bins: [] };

  async function binsOf(sha256: string | undefined): Promise<Result<readonly Bin[], HostError>> {
    if (sha256 === undefined) return ok([]);
    if (read.sha256 === sha256) return ok(read.bins);
    const bins: Bin[] = [];
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const page = await files.read(sha256, offset);
      if (!page.ok) return page;
      for (const line of page.value.lines.split('\n')) {
        const bin = line === '' ? undefined : binSchema.safeParse(JSON.parse(line)).data;
        if (bin !== undefined) bins.push(bin);
      }
      offset = page.value.next;
    }
    read = { sha256, bins };
    return ok(bins);
  }

  /** What a remote keeps one figure of: the site of a bin, or for a remote that knows bins the bin itself. */
  async function placesOf(
    state: LedgerState,
    { abilities }: RemoteConnector,
  ): Promise<Result<(bin: string) => string | undefined, HostError>> {
    const bins = await binsOf(state.catalogue.get('bins')?.sha256);
    if (!bins.ok) return bins;
    const catalogue = createCatalogue([], bins.value, saidOf(state));
    return ok((code) => {
      const bin = catalogue.bin(code);
      return abilities.binLevel && bin !== undefined ? binKey(code) : bin?.site;
    });
  }

  async function judge({ connection, rows }: Decision): Promise<HostError | null> {
    const remote = ledger.state().connections.get(connection)?.remote;
    const connector = connectors.find(({ id }) => id === remote);
    if (connector === undefined) return { code: 'not_found', what: 'connection' };
    const now = await ledger.figuresNow();
    if (!now.ok) return now.error;
    const { state, mappings } = now.value;
    const placeOf = await placesOf(state, connector);
    if (!placeOf.ok) return placeOf.error;
    const all = mappings.get(connection) ?? NO_MAPPING;
    const mapping = { ...all, sites: connector.abilities.binLevel ? all.bins : all.sites };
    const books = [...state.books.lines.values()].flatMap((line) => {
      const site = placeOf.value(line.bin);
      return site === undefined ? [] : [{ item: line.item, site, quantity: formatQuantity(bookNow(line)) }];
    });
    const compared = drift({ books, figures: new Map(), mapping, waiting: () => false });
    const ours = new Map(compared.map((row) => [figureKey(row.remoteItem, row.remoteLocation), row.ours]));
    const places = new Set(mapping.sites.values());
    for (const row of rows) {
      const isMatched = mapping.items.get(skuKey(row.item))?.remoteItem === row.remoteItem;
      if (!isMatched || !places.has(row.remoteLocation))
        return { code: 'bad_request', reason: 'an item or a place is not matched' };
      const known = ours.get(figureKey(row.remoteItem, row.remoteLocation)) ?? '0';
      if (row.ours !== known) return { code: 'not_as_counted', item: row.item, bin: row.remoteLocation };
    }
    return null;
  }

  return { judge };
}
