import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import type { Laptop } from '../../../shared/ports/host.ts';
import { Button, Tag } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-grid.tsx';
import { isSilent, knownUpTo } from '../../tallybook/team.ts';
import type { Formats } from '../../ui/format.ts';

export type LaptopActs = { readonly rename: (laptop: Laptop) => void; readonly revoke: (laptop: Laptop) => void };

/** Whether it can be revoked from here: another one that still belongs to the site, or is believed behind where it forked. */
export function mayBeRevoked({ isHere, state, forkedAt }: Laptop): boolean {
  return !isHere && (state === 'enrolled' || forkedAt !== null);
}

type Shown = {
  /** Only for whoever may change them. */
  readonly acts: LaptopActs | undefined;
  /** What each sends to, by name. */
  readonly sends: ReadonlyMap<string, readonly string[]>;
  /** ISO. */
  readonly now: string;
};

/** The columns of the list of laptops: which, whether and when it was heard, and what is held of it. */
export function laptopColumns(
  t: TFunction<'team'>,
  formats: Formats,
  { acts, sends, now }: Shown,
): readonly Column<Laptop>[] {
  const muted = (text: string) => <span className="muted">{text}</span>;
  return [
    { id: 'name', header: t('list.name'), width: 'minmax(130px, 2fr)', cell: ({ name }) => <b title={name}>{name}</b> },
    { id: 'role', header: t('list.role'), width: '104px', cell: ({ role }) => t(`role.${role}`) },
    { id: 'state', header: t('list.state'), width: '136px', cell: (laptop) => <State {...{ laptop, t, now }} /> },
    {
      id: 'newest',
      header: t('list.newest'),
      width: '156px',
      cell: (laptop) => {
        const upTo = knownUpTo(laptop);
        return upTo === null ? muted(t('list.nothingYet')) : t('list.asOf', { when: formats.moment(upTo) });
      },
    },
    {
      id: 'heard',
      header: t('list.heard'),
      width: '140px',
      cell: ({ heardAt, isHere }) =>
        isHere ? '' : heardAt === null ? muted(t('list.never')) : formats.moment(heardAt),
    },
    {
      id: 'entries',
      header: t('list.entries'),
      width: 'minmax(96px, 2fr)',
      cell: ({ entries, refused }) => (
        <>
          <span className="num">{formats.whole(entries)}</span>{' '}
          {refused > 0 && <Tag tone="look">{t('list.refused', { number: formats.whole(refused) })}</Tag>}
        </>
      ),
    },
    ...(sends.size === 0
      ? []
      : [
          {
            id: 'sends',
            header: t('list.sends'),
            width: 'minmax(110px, 1fr)' as const,
            cell: ({ laptop }: Laptop) => {
              const names = (sends.get(laptop) ?? []).join(', ');
              return <span title={names}>{names}</span>;
            },
          },
        ]),
    ...(acts === undefined ? [] : [actsColumn(t, acts)]),
  ];
}

function State({ laptop, t, now }: { laptop: Laptop; t: TFunction<'team'>; now: string }): ReactElement {
  const { isHere, state } = laptop;
  if (state === 'revoked') return <Tag tone="stop">{t('state.revoked')}</Tag>;
  if (isHere) return <Tag tone="info">{t('state.here')}</Tag>;
  return isSilent(laptop, now) ? (
    <Tag tone="look">{t('state.silent')}</Tag>
  ) : (
    <Tag tone="ok">{t('state.enrolled')}</Tag>
  );
}

/** The grid holds the focus: from the keyboard the same is done by keys. */
function actsColumn(t: TFunction<'team'>, acts: LaptopActs): Column<Laptop> {
  return {
    id: 'acts',
    header: t('list.actions'),
    width: '260px',
    cell: (laptop) => (
      <>
        <Button
          compact
          variant="quiet"
          tabIndex={-1}
          aria-label={t('list.renameOf', { name: laptop.name })}
          onClick={() => acts.rename(laptop)}
        >
          {t('list.rename')}
        </Button>
        {mayBeRevoked(laptop) && (
          <Button
            compact
            variant="quiet"
            tabIndex={-1}
            aria-label={t('list.revokeOf', { name: laptop.name })}
            onClick={() => acts.revoke(laptop)}
          >
            {t('list.revoke')}
          </Button>
        )}
      </>
    ),
  };
}
