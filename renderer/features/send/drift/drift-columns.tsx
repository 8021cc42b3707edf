import type { TFunction } from 'i18next';
import type { Catalogue } from '../../../../shared/domain/catalogue.ts';
import type { DriftRow, DriftState } from '../../../../shared/sync/seen/reconcile.ts';
import type { KeyBelow } from '../../../texts/keys.ts';
import { Tag, type Tone } from '../../../ui/button.tsx';
import type { Column } from '../../../ui/data-grid.tsx';
import type { Formats } from '../../../ui/format.ts';
import { ItemName } from '../../../ui/item-name.tsx';

const TONE: Readonly<Record<DriftState, Tone>> = {
  reconciled: 'ok',
  differs: 'look',
  not_seen: 'plain',
  waiting: 'info',
  hidden: 'plain',
};

/** Ours, theirs, and what lies between. */
export function driftColumns({
  t,
  formats,
  catalogue,
}: {
  t: TFunction<'send'>;
  formats: Formats;
  catalogue: Catalogue;
}): readonly Column<DriftRow>[] {
  const column = (id: KeyBelow<'send', 'drift.column'>) => t(`drift.column.${id}`);
  return [
    {
      id: 'item',
      header: column('item'),
      width: 'minmax(190px, 2fr)',
      cell: ({ item }) => <ItemName name={catalogue.named(item)} />,
    },
    { id: 'site', header: column('site'), width: 'minmax(150px, 1fr)', cell: ({ site }) => site },
    {
      id: 'ours',
      header: column('ours'),
      align: 'end',
      width: '96px',
      cell: ({ item, ours, state }) =>
        state === 'hidden' ? '' : formats.quantity(ours, { unit: catalogue.unit(item) }),
    },
    {
      id: 'theirs',
      header: column('theirs'),
      align: 'end',
      width: '108px',
      cell: ({ item, theirs, state }) =>
        state === 'hidden' ? (
          ''
        ) : theirs === null ? (
          <span className="muted">{t('drift.noRecord')}</span>
        ) : (
          formats.quantity(theirs, { unit: catalogue.unit(item) })
        ),
    },
    {
      id: 'difference',
      header: column('difference'),
      align: 'end',
      width: '108px',
      cell: ({ item, state, difference }) =>
        state === 'not_seen' || state === 'hidden'
          ? ''
          : formats.quantity(difference, { signed: true, unit: catalogue.unit(item) }),
    },
    {
      id: 'state',
      header: column('state'),
      width: '156px',
      cell: ({ state }) => <Tag tone={TONE[state]}>{t(`drift.state.${state}`)}</Tag>,
    },
    {
      id: 'seen',
      header: column('seen'),
      align: 'end',
      width: '100px',
      cell: ({ seenAt }) => (seenAt === undefined ? '' : formats.time(seenAt)),
    },
  ];
}
