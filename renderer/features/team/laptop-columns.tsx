import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import type { Laptop } from '../../../shared/ports/host.ts';
import { Button, Tag } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-grid.tsx';
import type { Formats } from '../../ui/format.ts';

export type LaptopActs = { readonly rename: (laptop: Laptop) => void; readonly revoke: (laptop: Laptop) => void };

/** Whether it can be revoked from here: another one that still belongs to the site, or is believed behind where it forked. */
export function mayBeRevoked({ isHere, state, forkedAt }: Laptop): boolean {
  return !isHere && (state === 'enrolled' || forkedAt !== null);
}

/** The columns of the list of laptops; `acts` only for whoever may change them; `sends`: what each sends to, by name. */
export function laptopColumns(
  t: TFunction<'team'>,
  formats: Formats,
  { acts, sends }: { acts: LaptopActs | undefined; sends: ReadonlyMap<string, readonly string[]> },
): readonly Column<Laptop>[] {
  const asOf = (at: string | null, otherwise: string) =>
    at === null ? <span className="muted">{otherwise}</span> : t('list.asOf', { when: formats.moment(at) });
  return [
    { id: 'name', header: t('list.name'), width: 'minmax(150px, 1fr)', cell: ({ name }) => <b>{name}</b> },
    { id: 'role', header: t('list.role'), width: '110px', cell: ({ role }) => t(`role.${role}`) },
    { id: 'state', header: t('list.state'), width: '140px', cell: (laptop) => <State laptop={laptop} t={t} /> },
    ...(sends.size === 0
      ? []
      : [
          {
            id: 'sends',
            header: t('list.sends'),
            width: 'minmax(110px, 1fr)' as const,
            cell: ({ laptop }: Laptop) => (sends.get(laptop) ?? []).join(', '),
          },
        ]),
    {
      id: 'newest',
      header: t('list.newest'),
      width: '150px',
      cell: ({ newestAt }) => asOf(newestAt, t('list.nothingYet')),
    },
    {
      id: 'heard',
      header: t('list.heard'),
      width: '130px',
      cell: ({ heardAt, isHere }) =>
        isHere ? '' : heardAt === null ? <span className="muted">{t('list.never')}</span> : formats.moment(heardAt),
    },
    {
      id: 'entries',
      header: t('list.entries'),
      width: 'minmax(120px, 1fr)',
      cell: ({ entries, refused }) => (
        <>
          <span className="num">{formats.whole(entries)}</span>{' '}
          {refused > 0 && <Tag tone="look">{t('list.refused', { number: formats.whole(refused) })}</Tag>}
        </>
      ),
    },
    ...(acts === undefined ? [] : [actsColumn(t, acts)]),
  ];
}

function State({ laptop: { isHere, state }, t }: { laptop: Laptop; t: TFunction<'team'> }): ReactElement {
  if (state === 'revoked') return <Tag tone="stop">{t('state.revoked')}</Tag>;
  return isHere ? <Tag tone="info">{t('state.here')}</Tag> : <Tag tone="ok">{t('state.enrolled')}</Tag>;
}

/** The grid holds the focus: from the keyboard the same is done by keys. */
function actsColumn(t: TFunction<'team'>, acts: LaptopActs): Column<Laptop> {
  return {
    id: 'acts',
    header: t('list.actions'),
    width: '280px',
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
