import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import { EVERY_REASON } from '../../../../shared/domain/reason.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import type { Connection, RemoteCatalogue } from '../../../sync/sending.ts';
import { Button } from '../../../ui/button.tsx';
import { useFormats } from '../../../ui/format.ts';
import { announce } from '../../../ui/live.tsx';
import { Tabs } from '../../../ui/tabs.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import type { Vault } from '../use-vault.tsx';
import { BinsTab } from './bins-tab.tsx';
import { binRows, countBins } from './bin-rows.ts';
import { countItems, itemRows } from './item-rows.ts';
import { ItemsTab } from './items-tab.tsx';
import type { SaveMapping } from './save-mapping.ts';
import { ReasonsTab } from './reasons-tab.tsx';
import { SitesTab } from './sites-tab.tsx';

export type MappingProps = {
  connection: Connection;
  card: ConnectorCard;
  vault: Vault;
  /** Their lists, once they were read. */
  remote: RemoteCatalogue | undefined;
  onRead: (remote: RemoteCatalogue) => void;
};

const PARTS = ['items', 'places', 'reasons'] as const;

/**
 * What our items, places and reasons are called at a remote: what the codes suggest, and what a person says. One piece: its
 * tabs share one reading of the remote.
 */
export function MappingPage({ connection, card, vault, remote, onRead }: MappingProps): ReactElement {
  const { t } = useTranslation('mapping');
  const { sending } = useTallybook();
  const formats = useFormats();
  const [part, setPart] = useState<(typeof PARTS)[number]>('items');
  const read = useTask<RemoteCatalogue>();
  const saving = useTask<null>();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const mapping = useLedger(() => sending.mapping(connection.id));
  const proposal = useMemo(
    () => sending.proposeMatches(connection.id),
    // oxlint-disable-next-line react/exhaustive-deps -- `remote` is the reading that the proposal is made from
    [sending, connection.id, remote, catalogue],
  );
  const items = useMemo(
    () => itemRows({ items: catalogue.items(), nameOf: catalogue.name, mapping, proposal }),
    [catalogue, mapping, proposal],
  );
  const bins = useMemo(
    () => (card.abilities.binLevel ? binRows({ bins: catalogue.bins(), mapping, proposal }) : []),
    [card.abilities.binLevel, catalogue, mapping, proposal],
  );
  const sites = useMemo(() => [...new Set(catalogue.bins().map((bin) => bin.site))], [catalogue]);
  const save: SaveMapping = (change, said) =>
    saving.run(async () => {
      const done = await sending.saveMapping(connection.id, change);
      if (done.ok) announce(said);
      return done;
    });
  const counts = {
    items: [countItems(items).matched, items.length],
    places: card.abilities.binLevel
      ? [countBins(bins).matched, bins.length]
      : [sites.filter((site) => mapping.sites.has(site)).length, sites.length],
    reasons: [EVERY_REASON.filter((reason) => mapping.reasons.has(reason)).length, EVERY_REASON.length],
  } as const;
  const parts = PARTS.filter((id) => id !== 'reasons' || card.reasons !== 'none');

  return (
    <div className="mapping">
      <div className="row head">
        <Button
          compact
          variant={remote === undefined ? 'main' : 'plain'}
          disabled={read.running}
          onClick={() =>
            void read.run(async () => {
              const done = await vault.opened(() => sending.readRemote(connection.id));
              if (done.ok) onRead(done.value);
              return done;
            })
          }
        >
          {t(remote === undefined ? 'read' : 'readAgain', { remote: card.title })}
        </Button>
        {remote !== undefined && !read.running && (
          <span className="muted" role="status">
            {[
              t('readAt', { time: formats.time(remote.readAt) }),
              t('theirItems', { count: remote.items.length }),
              t('theirPlaces', { count: remote.locations.length }),
            ].join(' · ')}
          </span>
        )}
        {remote === undefined && !read.running && read.problem === undefined && (
          <span className="muted">{t('notRead', { remote: card.title })}</span>
        )}
        <TaskSaid task={read} running={t('reading', { remote: card.title })} />
        <TaskSaid task={saving} running={t('saving')} />
      </div>
      <Tabs
        label={t('parts')}
        tabs={parts.map((id) => ({
          id,
          name: t(`part.${id}`),
          count: t('of', { part: formats.whole(counts[id][0]), whole: formats.whole(counts[id][1]) }),
        }))}
        shown={part}
        onShow={setPart}
      />
      {part === 'items' && <ItemsTab title={card.title} rows={items} remote={remote} save={save} />}
      {part === 'places' &&
        (card.abilities.binLevel ? (
          <BinsTab connection={connection} card={card} vault={vault} rows={bins} remote={remote} save={save} />
        ) : (
          <SitesTab
            title={card.title}
            sites={sites}
            mapping={mapping}
            proposal={proposal}
            remote={remote}
            save={save}
          />
        ))}
      {part === 'reasons' && <ReasonsTab card={card} mapping={mapping} save={save} />}
    </div>
  );
}
