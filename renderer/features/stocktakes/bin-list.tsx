import type { TFunction } from 'i18next';
import { useBinName } from '../../tallybook/bin-name.ts';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Tag, type Tone } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import type { Sheet } from '../../../shared/domain/stocktake.ts';
import { unresolved } from '../../../shared/domain/unknown-code.ts';
import { useFormats, type Formats } from '../../ui/format.ts';
import type { BinCell, BinState, ZoneMap } from './bin-states.ts';
import { binAge, isDoubled, type LaptopShare } from './laptop-shares.ts';

const TONE: Readonly<Record<BinState, Tone>> = {
  not_visited: 'plain',
  open: 'look',
  finished: 'ok',
  confirmed_empty: 'ok',
  skipped: 'info',
  submitted: 'info',
};

type BinListProps = {
  readonly maps: readonly ZoneMap[];
  /** The laptops that count the pass; empty while this one works alone. */
  readonly shares: ReadonlyMap<string, LaptopShare>;
  readonly onOpen: (bin: string) => void;
};

/** The same bins as a list, with who counted, where and when last; no quantity that a blind count would hide. */
export function BinList({ maps, shares, onOpen }: BinListProps): ReactElement {
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
      columns={binColumns({ t, formats, now, nameOf, binName, shares, cells })}
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
  shares,
  cells,
}: {
  t: TFunction<'stocktakes'>;
  formats: Formats;
  now: string;
  nameOf: (id: string) => string;
  binName: (code: string) => string;
  shares: ReadonlyMap<string, LaptopShare>;
  cells: readonly BinCell[];
}): readonly Column<BinCell>[] {
  const isAnyDoubled = cells.some(({ sheet }) => isDoubled(sheet));
  return [
    {
      id: 'bin',
      header: t('page.bin'),
      width: '130px',
      cell: ({ bin }) => <span className="code">{binName(bin)}</span>,
    },
    {
      id: 'state',
      header: t('page.stateColumn'),
      width: isAnyDoubled ? '215px' : '150px',
      cell: ({ state, sheet }) => (
        <>
          <Tag tone={TONE[state]}>{t(`state.${state}`)}</Tag>{' '}
          {isDoubled(sheet) && <Tag tone="stop">{t('page.doubled')}</Tag>}
        </>
      ),
    },
    {
      id: 'who',
      header: t('page.who'),
      width: 'minmax(150px, 1fr)',
      cell: ({ sheet }) => (sheet ? [...sheet.people].map(nameOf).join(', ') : ''),
    },
    ...(shares.size === 0 ? [] : [laptopColumn({ t, formats, now, shares })]),
    {
      id: 'lines',
      header: t('page.lines'),
      align: 'end',
      width: '70px',
      cell: ({ sheet }) => (sheet ? formats.whole(sheet.lines.size) : ''),
    },
    ...(cells.some(({ sheet }) => sheet && unresolved(sheet).length > 0)
      ? [
          {
            id: 'unknown',
            header: t('page.unknown'),
            align: 'end' as const,
            width: '140px' as const,
            cell: ({ sheet }: BinCell) => {
              const codes = sheet ? unresolved(sheet).length : 0;
              return codes > 0 ? formats.whole(codes) : '';
            },
          },
        ]
      : []),
    {
      id: 'last',
      header: t('page.last'),
      align: 'end',
      width: '120px',
      cell: ({ sheet }) => (sheet ? formats.moment(sheet.lastAt, now) : ''),
    },
  ];
}

/** On which laptops a bin was counted, and up to when that is known of each. */
function laptopColumn({
  t,
  formats,
  now,
  shares,
}: {
  t: TFunction<'stocktakes'>;
  formats: Formats;
  now: string;
  shares: ReadonlyMap<string, LaptopShare>;
}): Column<BinCell> {
  function where(sheet: Sheet): string {
    const age = binAge(sheet, shares);
    if (age === undefined) return t('laptops.here');
    const when = age.upTo === null ? undefined : formats.moment(age.upTo, now);
    const laptop = age.others[0]?.name ?? '';
    if (age.laptops === 1) return when === undefined ? laptop : t('page.laptopUpTo', { laptop, when });
    return when === undefined
      ? t('page.onLaptops', { count: age.laptops })
      : t('page.laptopsUpTo', { count: age.laptops, when });
  }
  return {
    id: 'laptop',
    header: t('laptops.name'),
    width: 'minmax(170px, 1fr)',
    cell: ({ sheet }) =>
      sheet && (
        <>
          {binAge(sheet, shares)?.isSilent === true && <Tag tone="look">{t('laptops.silent')}</Tag>} {where(sheet)}
        </>
      ),
  };
}
