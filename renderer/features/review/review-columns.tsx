import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import type { Reversed } from '../../../shared/domain/decision.ts';
import type { Decision } from '../../../shared/domain/ledger-entry.ts';
import type { ItemName as Name } from '../../../shared/domain/item-name.ts';
import { ZERO } from '../../../shared/domain/quantity.ts';
import type { NotCounted, ReviewFlag, ReviewLine } from '../../../shared/domain/variance.ts';
import { textOr } from '../../texts/keys.ts';
import { Tag, type Tone } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-grid.tsx';
import { ItemName } from '../../ui/item-name.tsx';
import { Figure } from './figure.tsx';
import type { Figures } from './figures.ts';
import { shareOfBook } from './line-value.ts';
import type { ReviewRow, ReviewRows } from './review-rows.ts';

const FLAG_TONE: Readonly<Record<ReviewFlag, Tone>> = {
  swap: 'info',
  overlap: 'stop',
  same_person: 'look',
  moved_while_counting: 'look',
  negative_book: 'look',
  confirmed_empty: 'ok',
  superseded: 'info',
  clock_ahead: 'look',
  clocks_differ: 'look',
  moved_back: 'look',
  not_asked_for: 'look',
  serial_elsewhere: 'look',
  serial_twice: 'stop',
  two_laptops: 'stop',
  changed_since_decided: 'stop',
  changed_since_posted: 'look',
};

type DecisionWord = 'reversed' | 'posted' | 'superseded' | 'none' | Decision;

/** Which state a row's decision is in, in one word of the texts. `pending`: what is being written about it just now. */
export function decisionWord(line: ReviewLine, pending?: Decision): DecisionWord {
  if (line.reversed) return 'reversed';
  if (line.posted) return 'posted';
  return line.flags.includes('superseded') ? 'superseded' : (pending ?? line.decision?.decision ?? 'none');
}

/** A reason in words; one that an older version wrote stands as it is. */
export function reasonWord(t: TFunction<'review'>, code: string | undefined): string {
  return code === undefined ? '' : textOr(t, `reason.${code}`, code);
}

type Look = {
  t: TFunction<'review'>;
  figures: Figures;
  /** How a bin is called. */
  binName: (code: string) => string;
  review: ReviewRows;
  narrow: boolean;
  pending: ReadonlyMap<string, Decision>;
  told: Told;
};

/** How people are called, and an instant is written. */
export type Told = { readonly nameOf: (person: string) => string; readonly when: (at: string) => string };

/** Why a line was taken back, by whom and when. */
export function reversedWords(t: TFunction<'review'>, { reason, by, at }: Reversed, { nameOf, when }: Told): string {
  return [reasonWord(t, reason), nameOf(by), when(at)].join(' · ');
}

/**
 * The columns of the review grid. `narrow`: the evidence is open beside it and shows the rest.
 * One piece: a table of columns.
 */
export function reviewColumns({
  t,
  figures,
  binName,
  review,
  narrow,
  pending,
  told,
}: Look): readonly Column<ReviewRow>[] {
  const { decimals, rows } = review;
  const withLots = rows.some(({ line }) => line.lot !== undefined);
  // A digit of the grid's typeface is 8.4 px wide.
  const room = 58 + decimals * 9;
  const number = (
    id: 'counted' | 'book' | 'resulting',
    width: number,
    cell: (line: ReviewLine) => bigint,
  ): Column<ReviewRow> => ({
    id,
    header: t(`column.${id}`),
    align: 'end',
    width: `${Math.max(width, room)}px`,
    cell: ({ line }) => <Figure figures={figures} quantity={cell(line)} decimals={decimals} />,
  });
  const binRoom = rows.reduce((most, { line }) => Math.max(most, binName(line.bin).length), 0) * 8.5 + 16;
  const flagRoom = rows.reduce((most, { line }) => Math.max(most, flagsIn(t, line, narrow).room), 0);
  const wide: readonly string[] = ['lot', 'moved', 'resulting', 'share', 'passes'];
  const columns: Column<ReviewRow>[] = [
    {
      id: 'item',
      header: t('column.item'),
      width: narrow ? 'minmax(130px, 3fr)' : 'minmax(165px, 3fr)',
      cell: ({ named }) => <ItemName name={named} />,
    },
    {
      id: 'bin',
      header: t('column.bin'),
      width: `${Math.min(180, Math.max(88, binRoom))}px`,
      cell: ({ line }) => <span className="code">{binName(line.bin)}</span>,
    },
    ...(withLots
      ? [
          {
            id: 'lot',
            header: t('column.lot'),
            width: '72px' as const,
            cell: ({ line }: ReviewRow) => <span className="code">{line.lot}</span>,
          },
        ]
      : []),
    ...(rows.some(({ unit }) => unit !== undefined)
      ? [{ id: 'unit', header: t('column.unit'), width: '48px' as const, cell: ({ unit }: ReviewRow) => unit }]
      : []),
    number('counted', 78, (line) => line.counted),
    number('book', 92, (line) => line.bookThen),
    {
      id: 'moved',
      header: t('column.moved'),
      align: 'end',
      width: `${Math.max(90, room)}px`,
      cell: ({ line }) => <Figure figures={figures} quantity={line.movedSince} decimals={decimals} signed blankZero />,
    },
    number('resulting', 78, (line) => line.resulting),
    {
      id: 'variance',
      header: t('column.variance'),
      align: 'end',
      width: `${Math.max(82, room)}px`,
      cell: ({ line }) => (
        <b className="variance">
          {line.variance !== ZERO && (
            <span className="unseen">{t(line.variance < ZERO ? 'spoken.short' : 'spoken.over')} </span>
          )}
          <Figure figures={figures} quantity={line.variance} decimals={decimals} signed />
        </b>
      ),
    },
    { id: 'share', header: t('column.share'), align: 'end', width: '66px', cell: ({ line }) => share(figures, line) },
    { id: 'value', header: t('column.value'), align: 'end', width: '96px', cell: ({ value }) => worth(figures, value) },
    {
      id: 'passes',
      header: t('column.passes'),
      align: 'end',
      width: '66px',
      cell: ({ line }) => <span className="num">{passes(t, figures, line)}</span>,
    },
    {
      id: 'flag',
      header: t('column.flag'),
      width: `${Math.max(narrow ? 100 : 120, flagRoom)}px`,
      cell: ({ line, missing }) => (
        <>
          {missing !== undefined && <Tag tone="look">{t(`flag.no_${missing}`)}</Tag>}
          <ShownFlags t={t} line={line} narrow={narrow} />
        </>
      ),
    },
    {
      id: 'decision',
      header: t('column.decision'),
      width: narrow ? 'minmax(92px, 1fr)' : 'minmax(102px, 1fr)',
      cell: ({ line }) => (
        <>
          <DecisionCell t={t} word={decisionWord(line, pending.get(line.key))} />{' '}
          <span className="muted small">
            {line.reversed ? reversedWords(t, line.reversed, told) : reasonWord(t, line.decision?.reason)}
          </span>
        </>
      ),
    },
  ];
  return narrow ? columns.filter(({ id }) => !wide.includes(id)) : columns;
}

/** Whole minutes by which clocks differ at least. */
export function minutesApart({ clocksApartMs }: Pick<ReviewLine, 'clocksApartMs'>): number {
  return Math.floor(clocksApartMs / 60_000);
}

/** What flags may take of the grid, in px: beside them the decision stays in sight on a small laptop. What is longer is cut. */
const FLAG_ROOM = { wide: 215, narrow: 172 } as const;
const NO_FLAGS: Shown = { flags: [], left: 0, room: 0 };

type Shown = { readonly flags: readonly ReviewFlag[]; readonly left: number; readonly room: number };

/**
 * The flags of a line that the grid has room for, and how many it has not: one at least, and just one while the evidence is
 * open, which names them all. What wants another look comes first. A tag's letters are about 7 px wide.
 */
function flagsIn(t: TFunction<'review'>, line: ReviewLine, narrow: boolean): Shown {
  if (line.flags.length === 0) return NO_FLAGS;
  const again = line.flags.filter((flag) => flag === 'changed_since_decided');
  const sorted = [...again, ...line.flags.filter((flag) => flag !== 'changed_since_decided')];
  const most = FLAG_ROOM[narrow ? 'narrow' : 'wide'];
  const flags: ReviewFlag[] = [];
  let room = 14;
  for (const flag of sorted) {
    const wide = room + flagWord(t, flag, line).length * 7 + 22;
    if (flags.length > 0 && (narrow || wide > most)) break;
    flags.push(flag);
    room = Math.min(wide, most);
  }
  const left = sorted.length - flags.length;
  return { flags, left, room: left > 0 ? room + 22 : room };
}

function ShownFlags({ t, line, narrow }: { t: TFunction<'review'>; line: ReviewLine; narrow: boolean }): ReactElement {
  const { flags, left } = flagsIn(t, line, narrow);
  return (
    <>
      <Flags t={t} line={line} flags={flags} />
      {left > 0 && <span className="muted small">+{left}</span>}
    </>
  );
}

function flagWord(t: TFunction<'review'>, flag: ReviewFlag, line: ReviewLine): string {
  return t(`flag.${flag}`, { minutes: minutesApart(line) });
}

type FlagsProps = { readonly t: TFunction<'review'>; readonly line: ReviewLine; readonly flags: readonly ReviewFlag[] };

/** What there is to know about a line before it is decided, each in a word or two. */
export function Flags({ t, line, flags }: FlagsProps): ReactElement[] {
  return flags.map((flag) => (
    <Tag key={flag} tone={FLAG_TONE[flag]}>
      {flagWord(t, flag, line)}
    </Tag>
  ));
}

function DecisionCell({ t, word }: { t: TFunction<'review'>; word: DecisionWord }) {
  return (
    <span
      data-testid="decision-cell"
      data-decision={word}
      className={word === 'none' || word === 'undecided' ? 'muted small' : undefined}
    >
      {t(`decision.${word}`)}
    </span>
  );
}

function share(figures: Figures, line: ReviewLine) {
  const tenths = shareOfBook(line.variance, line.bookThen);
  return tenths === undefined ? null : (
    <span className={tenths === 0 ? 'zero' : undefined}>{figures.share(tenths)}</span>
  );
}

function worth(figures: Figures, value: bigint | undefined) {
  return value === undefined ? null : (
    <span className={value === 0n ? 'zero' : undefined}>{figures.signedMoney(value)}</span>
  );
}

function passes(t: TFunction<'review'>, figures: Figures, line: ReviewLine): string {
  if (line.flags.includes('confirmed_empty') && line.passes.length === 1) return t('emptyBin');
  if (line.flags.includes('overlap')) return line.people.map(({ quantity }) => figures.quantity(quantity)).join(' + ');
  return line.passes.map((counted) => figures.quantity(counted)).join(' · ');
}

/** A line nobody counted, with its item's name. */
export type NotCountedRow = NotCounted & {
  readonly key: string;
  readonly named: Name;
  readonly unit: string | undefined;
};

/** The columns of what was not counted. */
export function notCountedColumns({
  t,
  figures,
  binName,
}: Pick<Look, 't' | 'figures' | 'binName'>): readonly Column<NotCountedRow>[] {
  return [
    {
      id: 'item',
      header: t('column.item'),
      width: 'minmax(200px, 1fr)',
      cell: ({ named }) => <ItemName name={named} />,
    },
    {
      id: 'bin',
      header: t('column.bin'),
      width: '120px',
      cell: ({ bin }) => <span className="code">{binName(bin)}</span>,
    },
    { id: 'lot', header: t('column.lot'), width: '100px', cell: ({ lot }) => <span className="code">{lot}</span> },
    {
      id: 'book',
      header: t('column.bookNow'),
      align: 'end',
      width: '120px',
      cell: ({ book, unit }) => figures.quantity(book, unit),
    },
  ];
}
