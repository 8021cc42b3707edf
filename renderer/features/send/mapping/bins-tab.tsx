import type { TFunction } from 'i18next';
import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import type { RemoteLocation } from '../../../../shared/ports/remote-inventory.ts';
import type { Connection, RemoteCatalogue } from '../../../sync/sending.ts';
import { useBinName } from '../../../tallybook/bin-name.ts';
import { Button, Tag, type Tone } from '../../../ui/button.tsx';
import type { Column } from '../../../ui/data-grid.tsx';
import { PickDialog } from '../../../ui/pick-dialog.tsx';
import { useKeys } from '../../../ui/use-keys.ts';
import type { Vault } from '../use-vault.tsx';
import { BIN_FILTERS, countBins, findBins, type BinFilter, type BinRow, type BinState } from './bin-rows.ts';
import { CreatePlaces } from './create-places.tsx';
import { findTheirPlaces } from './find-theirs.ts';
import { MatchTable, useMatchView } from './match-table.tsx';
import type { SaveMapping } from './save-mapping.ts';

const TONE: Readonly<Record<BinState, Tone>> = {
  matched: 'ok',
  suggested: 'info',
  missing: 'look',
  unmatched: 'plain',
};

/**
 * Our bins and their places, one to one, where a remote knows bins. One piece: table, keys and dialog act on one selection.
 */
export function BinsTab(props: {
  connection: Connection;
  card: ConnectorCard;
  vault: Vault;
  rows: readonly BinRow[];
  remote: RemoteCatalogue | undefined;
  save: SaveMapping;
}): ReactElement {
  const { connection, card, vault, rows, remote, save } = props;
  const { t } = useTranslation('mapping');
  const binName = useBinName();
  const [asked, setAsked] = useState<'pick' | 'create'>();
  const theirs = useMemo(() => new Map((remote?.locations ?? []).map((place) => [place.id, place])), [remote]);
  const counts = useMemo(() => countBins(rows), [rows]);
  const view = useMatchView<BinRow, BinFilter>(rows, 'all', remote?.readAt, (wanted) =>
    findBins(rows, { ...wanted, theirs: (id) => theirs.get(id) }),
  );
  const { row } = view;
  const suggested = rows.flatMap(({ bin, state, remoteLocation }) =>
    state === 'suggested' && remoteLocation !== undefined ? [{ bin, remoteLocation }] : [],
  );
  // Only what is in sight: a search narrows what is made there.
  const missing = view.shown.filter(({ state }) => state === 'missing').map(({ bin }) => bin);

  function acceptAll(): void {
    if (suggested.length > 0) void save({ bins: suggested }, t('said.bins', { count: suggested.length }));
  }
  function takeAway(): void {
    if (row?.state === 'matched')
      void save({ bins: [{ bin: row.bin, remoteLocation: '' }] }, t('said.takenAway', { ours: binName(row.bin) }));
  }
  useKeys([
    { key: 'Delete', label: t('items.takeAway'), run: takeAway },
    ...(suggested.length > 0
      ? [{ key: 'Shift+A', label: t('places.acceptAll', { count: suggested.length }), run: acceptAll }]
      : []),
  ]);

  return (
    <div className="part">
      <MatchTable
        view={view}
        words={{
          label: t('places.label'),
          search: t('places.search'),
          nothing: t(rows.length === 0 ? 'places.noBins' : 'places.nothingFound'),
          hint: row === undefined ? t('places.chooseRow') : t(`places.hint.${row.state}`, { bin: binName(row.bin) }),
        }}
        filters={BIN_FILTERS}
        counts={counts}
        acts={
          <>
            {card.abilities.createsLocations && missing.length > 0 && (
              <Button compact onClick={() => setAsked('create')}>
                {t('places.create', { count: missing.length })}
              </Button>
            )}
            {suggested.length > 0 && (
              <Button compact variant="main" keyCap="Shift A" onClick={acceptAll}>
                {t('places.acceptAll', { count: suggested.length })}
              </Button>
            )}
          </>
        }
        columns={binColumns(t, theirs, binName)}
        rowTestId="bin-match-row"
        mayPick={remote !== undefined}
        onPick={() => row && remote && setAsked('pick')}
        onTakeAway={takeAway}
      />
      {asked === 'pick' && row && remote && (
        <PlacePicker
          row={row}
          places={remote.locations}
          onClose={() => setAsked(undefined)}
          onPick={({ id, name }) => {
            setAsked(undefined);
            void save(
              { bins: [{ bin: row.bin, remoteLocation: id }] },
              t('said.bin', { bin: binName(row.bin), place: name }),
            );
          }}
        />
      )}
      {asked === 'create' && remote && (
        <CreatePlaces
          connection={connection}
          title={card.title}
          vault={vault}
          bins={missing}
          places={remote.locations}
          onClose={() => setAsked(undefined)}
        />
      )}
    </div>
  );
}

function PlacePicker(props: {
  row: BinRow;
  places: readonly RemoteLocation[];
  onPick: (place: RemoteLocation) => void;
  onClose: () => void;
}): ReactElement {
  const { row, places, onPick, onClose } = props;
  const binName = useBinName();
  const { t } = useTranslation('mapping');
  const find = useMemo(() => findTheirPlaces(places, row.bin), [places, row.bin]);
  return (
    <PickDialog
      title={t('places.pick', { bin: binName(row.bin) })}
      label={t('places.pickLabel')}
      nothing={t('places.pickNothing')}
      find={(text) =>
        find(text).map((place) => ({
          key: place.id,
          name: place.name,
          ...(place.site === undefined ? {} : { detail: place.site }),
          place,
        }))
      }
      onPick={({ place }) => onPick(place)}
      onClose={onClose}
    />
  );
}

function binColumns(
  t: TFunction<'mapping'>,
  theirs: ReadonlyMap<string, RemoteLocation>,
  binName: (code: string) => string,
): readonly Column<BinRow>[] {
  const their = ({ remoteLocation }: BinRow) => (remoteLocation === undefined ? undefined : theirs.get(remoteLocation));
  return [
    {
      id: 'bin',
      header: t('places.column.bin'),
      width: 'minmax(130px, 1fr)',
      cell: ({ bin }) => <span className="code">{binName(bin)}</span>,
    },
    { id: 'site', header: t('places.column.ours'), width: 'minmax(130px, 1fr)', cell: ({ site }) => site },
    {
      id: 'state',
      header: t('places.column.state'),
      width: '170px',
      cell: ({ state }) => <Tag tone={TONE[state]}>{t(`state.${state}`)}</Tag>,
    },
    {
      id: 'theirs',
      header: t('places.column.place'),
      width: 'minmax(160px, 2fr)',
      cell: (row) => <span className="code">{their(row)?.name ?? row.remoteLocation ?? ''}</span>,
    },
    {
      id: 'theirSite',
      header: t('places.column.belongs'),
      width: 'minmax(130px, 1fr)',
      cell: (row) => their(row)?.site ?? '',
    },
  ];
}
