import type { TFunction } from 'i18next';
import type { Catalogue } from '../../../../shared/domain/catalogue.ts';
import type { Column } from '../../../ui/data-grid.tsx';
import type { Formats } from '../../../ui/format.ts';
import { ItemName } from '../../../ui/item-name.tsx';
import type { SentLine } from './sent-lines.ts';
import { StateWord } from './words.tsx';

export type Look = { readonly t: TFunction<'send'>; readonly formats: Formats; readonly catalogue: Catalogue };

/** What was sent: item, bins, change and quantity. */
export function cargoColumns({ t, formats, catalogue }: Look): readonly Column<SentLine>[] {
  return [
    {
      id: 'item',
      header: t('progress.column.item'),
      width: 'minmax(150px, 2fr)',
      cell: ({ line }) => <ItemName name={catalogue.named(line.item)} />,
    },
    {
      id: 'bins',
      header: t('plan.column.bins'),
      width: 'minmax(118px, 1fr)',
      cell: ({ line }) => <span className="code">{line.bins.join(', ')}</span>,
    },
    {
      id: 'change',
      header: t('progress.column.change'),
      width: '90px',
      cell: ({ line }) => t(`plan.change.${line.change}`),
    },
    {
      id: 'quantity',
      header: t('progress.column.quantity'),
      align: 'end',
      width: '84px',
      cell: ({ line }) =>
        formats.quantity(line.quantity, { signed: line.change === 'adjust', unit: catalogue.unit(line.item) }),
    },
  ];
}

/** How far a line has come, and what the remote said about it. */
export function outcomeColumns({ t }: Pick<Look, 't'>): readonly Column<SentLine>[] {
  return [
    {
      id: 'state',
      header: t('progress.column.state'),
      width: '190px',
      cell: ({ state }) => <StateWord state={state} />,
    },
    {
      id: 'receipt',
      header: t('progress.column.receipt'),
      width: 'minmax(150px, 1fr)',
      cell: ({ receipt, detail }) => {
        if (detail !== undefined) return <span title={detail}>{detail}</span>;
        return <span className="code small">{receipt === '' ? t('progress.taken') : (receipt ?? '')}</span>;
      },
    },
  ];
}
