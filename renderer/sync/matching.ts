import { ok, type Result } from '../../shared/domain/result.ts';
import type { ConnectorCard } from '../../shared/ports/host.ts';
import type { LedgerError } from '../ledger/ledger.ts';
import type { Parts } from './figures.ts';
import { mappingFacts } from './mapping-facts.ts';
import { matchBins, matchSites, proposeItems } from './match.ts';
import { readItems, readLocations } from './remote-lists.ts';
import type { MappingChange, MatchProposal, RemoteCatalogue, Sending } from './sending.ts';

const NO_PROPOSAL: MatchProposal = { items: [], unmatched: [], several: [], sites: [], bins: [], binsMissing: [] };

type Matching = Pick<Sending, 'readRemote' | 'proposeMatches' | 'saveMapping' | 'matchItems' | 'createLocations'>;
type MatchingParts = Parts & {
  readonly cardOf: (connection: string) => ConnectorCard | undefined;
  /** This laptop's clock, ISO. */
  readonly now: () => string;
};

/** Matching our items, sites and bins with theirs. What was read of theirs is kept until the page is loaded anew. */
export function createMatching(parts: MatchingParts): Matching {
  const { host, ledger, cardOf, now } = parts;
  const catalogues = new Map<string, RemoteCatalogue>();

  async function saveMapping(connection: string, change: MappingChange): Promise<Result<null, LedgerError>> {
    const facts = mappingFacts(connection, change);
    if (facts.length === 0) return ok(null);
    const saved = await ledger.appendFacts(facts);
    return saved.ok ? ok(null) : saved;
  }

  async function readRemote(connection: string): Promise<Result<RemoteCatalogue, LedgerError>> {
    const items = await readItems(parts, connection);
    if (!items.ok) return items;
    const locations = await readLocations(parts, connection);
    if (!locations.ok) return locations;
    const catalogue = { readAt: now(), items: items.value, locations: locations.value };
    catalogues.set(connection, catalogue);
    return ok(catalogue);
  }

  function proposeMatches(connection: string): MatchProposal {
    const theirs = catalogues.get(connection);
    const card = cardOf(connection);
    if (theirs === undefined || card === undefined) return NO_PROPOSAL;
    const ours = ledger.catalogue();
    const items = proposeItems(ours.items(), theirs.items);
    if (!card.abilities.binLevel) {
      const sites = matchSites([...new Set(ours.bins().map((bin) => bin.site))], theirs.locations);
      return { ...NO_PROPOSAL, ...items, sites };
    }
    const { bins, missing } = matchBins(ours.bins(), theirs.locations);
    return { ...items, sites: [], bins, binsMissing: missing };
  }

  return {
    readRemote,
    proposeMatches,
    saveMapping,

    async matchItems(connection) {
      const read = await readRemote(connection);
      if (!read.ok) return read;
      const { items, unmatched, several, sites, bins } = proposeMatches(connection);
      const matches = items.map(({ item, remoteItem, precision }) => ({ item, remoteItem, precision }));
      const saved = await saveMapping(connection, { items: matches, sites, bins });
      if (!saved.ok) return saved;
      const left = [...unmatched, ...several.map(({ item }) => item)];
      return ok({ matched: matches.length, unmatched: left, sites: sites.length, bins: bins.length });
    },

    async createLocations(connection, bins, site) {
      let created = 0;
      for (const bin of bins) {
        const name = bin.trim().toLowerCase();
        const known = catalogues
          .get(connection)
          ?.locations.find((one) => one.site === site && one.active && one.name.trim().toLowerCase() === name);
        const made = known === undefined ? await host.createRemoteLocation({ connection, name: bin, site }) : undefined;
        if (made?.ok === false) return made;
        const remoteLocation = made?.value.location.id ?? known?.id ?? '';
        const saved = await saveMapping(connection, { bins: [{ bin, remoteLocation }] });
        if (!saved.ok) return saved;
        if (known === undefined) created += 1;
      }
      return ok({ created });
    },
  };
}
