import type { TFunction } from 'i18next';
import { useBinName } from '../../tallybook/bin-name.ts';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Tag, type Tone } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { unresolved } from '../../../shared/domain/unknown-code.ts';
import { useFormats, type Formats } from '../../ui/format.ts';
import type { BinCell, BinState, ZoneMap } from './bin-states.ts';

const TONE: Readonly<Record<BinState, Tone>> = {
  not_visited: 'plain',
  open: 'look',
  finished: 'ok',
  confirmed_empty: 'ok',
  skipped: 'info',
  submitted: 'info',
};

/** The same bins as a list, with who counted and when last; no quantity that a blind count would hide. */
export function BinList({ maps, onOpen }: { maps: readonly ZoneMap[]; onOpen: (bin: string) => void }): ReactElement {
  const { t } = useTranslation('stocktakes');
  const binName = useBinName();
  const { people } = useTallybook();
  const formats = useFormats();
  const [active, setActive] = useState<string>();
  const [now] = useState(() => new Date().toISOString());
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  const cells = maps.flatMap(({ cells: some }) => some);
  return (
    <DataGrid
      label={t('page.mapTitle')}
      columns={binColumns({ t, formats, now, nameOf, binName })}
      rows={cells}
      rowKey={({ bin }) => bin}
      active={active ?? cells[0]?.bin}
      onActive={setActive}
      onOpen={({ bin }) => onOpen(bin)}
      rowTestId="bin-row"
      autoFocus
    />
  );
}

function binColumns({
  t,
  formats,
  now,
  nameOf,
  binName,
}: {
  t: TFunction<'stocktakes'>;
  formats: Formats;
  now: string;
  nameOf: (id: string) => string;
  binName: (code: string) => string;
}): readonly Column<BinCell>[] {
  return [
    {
      id: 'bin',
      header: t('page.bin'),
      width: '140px',
      cell: ({ bin }) => <span className="code">{binName(bin)}</span>,
    },
    {
      id: 'state',
      header: t('page.stateColumn'),
      width: '180px',
      cell: ({ state }) => <Tag tone={TONE[state]}>{t(`state.${state}`)}</Tag>,
    },
    {
      id: 'who',
      header: t('page.who'),
      width: 'minmax(160px, 1fr)',
      cell: ({ sheet }) => (sheet ? [...sheet.people].map(nameOf).join(', ') : ''),
    },
    {
      id: 'lines',
      header: t('page.lines'),
      align: 'end',
      width: '90px',
      cell: ({ sheet }) => (sheet ? formats.whole(sheet.lines.size) : ''),
    },
    {
      id: 'unknown',
      header: t('page.unknown'),
      align: 'end',
      width: '140px',
      cell: ({ sheet }) => (sheet && unresolved(sheet).length > 0 ? formats.whole(unresolved(sheet).length) : ''),
    },
    {
      id: 'last',
      header: t('page.last'),
      align: 'end',
      width: '140px',
      cell: ({ sheet }) => (sheet ? formats.moment(sheet.lastAt, now) : ''),
    },
  ];
}
