import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mapping } from '../../../../shared/sync/seen/mapping.ts';
import type { MatchProposal, RemoteCatalogue } from '../../../sync/sending.ts';
import { Button, Tag } from '../../../ui/button.tsx';
import { EmptyState } from '../../../ui/states.tsx';
import { useKeys } from '../../../ui/use-keys.ts';
import type { SaveMapping } from './save-mapping.ts';

/**
 * Our sites and their locations: a choice for each, saved when it is made. One piece: the rows and their choices are one
 * list.
 */
export function SitesTab(props: {
  title: string;
  sites: readonly string[];
  mapping: Mapping;
  proposal: MatchProposal;
  remote: RemoteCatalogue | undefined;
  save: SaveMapping;
}): ReactElement {
  const { title, sites, mapping, proposal, remote, save } = props;
  const { t } = useTranslation('mapping');
  const suggested = new Map(proposal.sites.map(({ site, remoteLocation }) => [site, remoteLocation]));
  const open = proposal.sites.filter(({ site }) => !mapping.sites.has(site));
  const nameOf = (id: string) => remote?.locations.find((location) => location.id === id)?.name ?? id;
  function acceptAll(): void {
    if (open.length > 0) void save({ sites: open }, t('said.sites', { count: open.length }));
  }
  useKeys(
    open.length > 0 ? [{ key: 'Shift+A', label: t('places.acceptAll', { count: open.length }), run: acceptAll }] : [],
  );
  if (sites.length === 0) return <EmptyState>{t('places.noBins')}</EmptyState>;

  function choose(site: string, remoteLocation: string): void {
    const said = remoteLocation === '' ? 'said.siteTakenAway' : 'said.site';
    void save({ sites: [{ site, remoteLocation }] }, t(said, { site, place: nameOf(remoteLocation) }));
  }

  return (
    <div className="part scrolls">
      <div className="row">
        <p className="muted">{t('places.sitesText', { remote: title })}</p>
        {open.length > 0 && (
          <span className="push">
            <Button compact variant="main" keyCap="Shift A" onClick={acceptAll}>
              {t('places.acceptAll', { count: open.length })}
            </Button>
          </span>
        )}
      </div>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">{t('places.column.ours')}</th>
            <th scope="col">{t('places.column.theirs', { remote: title })}</th>
            <th scope="col">{t('places.column.state')}</th>
          </tr>
        </thead>
        <tbody>
          {sites.map((site) => {
            const match = mapping.sites.get(site);
            const suggestion = suggested.get(site);
            const known = remote?.locations ?? (match === undefined ? [] : [{ id: match, name: match, active: true }]);
            return (
              <tr key={site} data-testid="site-row">
                <th scope="row">{site}</th>
                <td>
                  <select
                    className="input"
                    aria-label={t('places.choose', { site })}
                    value={match ?? ''}
                    disabled={remote === undefined && match === undefined}
                    onChange={(event) => choose(site, event.target.value)}
                  >
                    <option value="">{t('places.no')}</option>
                    {known.map(({ id, name, active }) => (
                      <option key={id} value={id} disabled={!active && id !== match}>
                        {active ? name : t('places.inactive', { name })}
                      </option>
                    ))}
                  </select>
                </td>
                <td>
                  {match === undefined ? (
                    suggestion === undefined ? (
                      <Tag>{t('state.unmatched')}</Tag>
                    ) : (
                      <Button compact onClick={() => choose(site, suggestion)}>
                        {t('places.acceptOne', { place: nameOf(suggestion) })}
                      </Button>
                    )
                  ) : (
                    <Tag tone="ok">{t('state.matched')}</Tag>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
