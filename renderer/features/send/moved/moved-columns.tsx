import type { TFunction } from 'i18next';
import type { Catalogue } from '../../../../shared/domain/catalogue.ts';
import type { KeyBelow } from '../../../texts/keys.ts';
import { Tag, type Tone } from '../../../ui/button.tsx';
import type { Column } from '../../../ui/data-grid.tsx';
import type { Formats } from '../../../ui/format.ts';
import { ItemName } from '../../../ui/item-name.tsx';
import type { Moved, MovedState } from './moved-rows.ts';

const TONE: Readonly<Record<MovedState, Tone>> = {
  taken: 'ok',
  covered: 'ok',
  ready: 'info',
  several: 'look',
  no_bin: 'look',
  unknown: 'plain',
};

/** When, what, how much, why, and what became of it here. */
export function movedColumns({
  t,
  formats,
  catalogue,
  now,
}: {
  t: TFunction<'send'>;
  formats: Formats;
  catalogue: Catalogue;
  now: string;
}): readonly Column<Moved>[] {
  const column = (id: KeyBelow<'send', 'moved.column'>) => t(`moved.column.${id}`);
  return [
    {
      id: 'at',
      header: column('at'),
      width: '130px',
      cell: ({ movement: { happenedAt } }) => formats.moment(happenedAt, now),
    },
    {
      id: 'item',
      header: column('item'),
      width: 'minmax(200px, 2fr)',
      cell: ({ movement: { item, remoteItem } }) =>
        item === undefined ? (
          <span className="code muted">{remoteItem}</span>
        ) : (
          <ItemName name={catalogue.named(item)} />
        ),
    },
    {
      id: 'change',
      header: column('change'),
      align: 'end',
      width: '110px',
      cell: ({ movement: { item, quantity } }) =>
        formats.quantity(quantity, { signed: true, unit: item === undefined ? undefined : catalogue.unit(item) }),
    },
    { id: 'what', header: column('what'), width: 'minmax(150px, 1fr)', cell: ({ movement: { what } }) => what },
    {
      id: 'bins',
      header: column('bins'),
      width: 'minmax(130px, 1fr)',
      cell: ({ movement: { bins } }) => <span className="code">{bins.join(', ')}</span>,
    },
    {
      id: 'state',
      header: column('state'),
      width: '190px',
      cell: ({ state }) => <Tag tone={TONE[state]}>{t(`moved.state.${state}`)}</Tag>,
    },
  ];
}
