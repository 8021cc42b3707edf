import type { TFunction } from 'i18next';
import type { Catalogue } from '../../../../shared/domain/catalogue.ts';
import { formatQuantity, quantityOf } from '../../../../shared/domain/quantity.ts';
import type { StoppedLine } from '../../../../shared/domain/ledger-entry.ts';
import type { PlanRow } from '../../../../shared/sync/plan/plan-summary.ts';
import { textOr, type KeyBelow } from '../../../texts/keys.ts';
import { Tag } from '../../../ui/button.tsx';
import type { Column } from '../../../ui/data-grid.tsx';
import type { Formats } from '../../../ui/format.ts';
import { ItemName } from '../../../ui/item-name.tsx';

export type Look = { readonly t: TFunction<'send'>; readonly formats: Formats; readonly catalogue: Catalogue };

/** Why a line is held back; a code without a sentence of its own has a general one. */
export function stopWord(t: TFunction<'send'>, code: string): string {
  return textOr(t, `plan.stop.${code}`, t('plan.stop.other'));
}

/** Why a change is sent as it is. */
export function reasonWord(t: TFunction<'send'>, code: string): string {
  return textOr(t, `plan.reason.${code}`, t('plan.reason.other'));
}

/** The location that all rows are about, when it is one; then it needs no column of its own. */
export function oneSite(rows: readonly PlanRow[]): readonly string[] {
  const sites = new Set(rows.map(({ site }) => site));
  return sites.size === 1 ? [...sites] : [];
}

/** What is sent, line by line, and what the remote will hold. */
export function planColumns({ t, formats, catalogue }: Look, hasOneSite: boolean): readonly Column<PlanRow>[] {
  const column = (id: KeyBelow<'send', 'plan.column'>) => t(`plan.column.${id}`);
  const site: Column<PlanRow> = {
    id: 'site',
    header: column('site'),
    width: 'minmax(84px, 1fr)',
    cell: (row) => row.site,
  };
  return [
    {
      id: 'item',
      header: column('item'),
      width: 'minmax(170px, 2fr)',
      cell: ({ item }) => <ItemName name={catalogue.named(item)} />,
    },
    ...(hasOneSite ? [] : [site]),
    {
      id: 'change',
      header: column('change'),
      width: '96px',
      cell: ({ change }) => <Tag tone={change === 'verified' ? 'ok' : 'plain'}>{t(`plan.change.${change}`)}</Tag>,
    },
    {
      id: 'quantity',
      header: column('quantity'),
      align: 'end',
      width: '84px',
      cell: ({ item, change, quantity }) =>
        change === 'verified'
          ? ''
          : formats.quantity(quantity, { signed: change === 'adjust', unit: catalogue.unit(item) }),
    },
    {
      id: 'theirs',
      header: column('theirs'),
      align: 'end',
      width: '96px',
      cell: ({ item, theirs }) =>
        theirs === undefined
          ? ''
          : theirs === null
            ? t('drift.noRecord')
            : formats.quantity(theirs, { unit: catalogue.unit(item) }),
    },
    {
      id: 'after',
      header: column('after'),
      align: 'end',
      width: '80px',
      cell: ({ item, after }) => (after === undefined ? '' : formats.quantity(after, { unit: catalogue.unit(item) })),
    },
    {
      id: 'reason',
      header: column('reason'),
      width: 'minmax(240px, 3fr)',
      cell: ({ change, reason }) => (change === 'verified' ? '' : reasonWord(t, reason)),
    },
    {
      id: 'bins',
      header: column('bins'),
      width: 'minmax(120px, 1fr)',
      cell: ({ bins }) => <span className="code">{bins.map(catalogue.binName).join(', ')}</span>,
    },
  ];
}

/** What the remote holds and what our book had before the batch: the figures behind "differs there". */
export function planDriftColumns({ t, formats, catalogue }: Look): readonly Column<PlanRow>[] {
  return [
    {
      id: 'item',
      header: t('plan.column.item'),
      width: 'minmax(200px, 2fr)',
      cell: ({ item }) => <ItemName name={catalogue.named(item)} />,
    },
    { id: 'site', header: t('plan.column.site'), width: 'minmax(110px, 1fr)', cell: ({ site }) => site },
    {
      id: 'expected',
      header: t('plan.column.expected'),
      align: 'end',
      width: '150px',
      cell: ({ item, theirs, drift }) =>
        formats.quantity(formatQuantity(quantityOf(theirs ?? '0') - quantityOf(drift ?? '0')), {
          unit: catalogue.unit(item),
        }),
    },
    {
      id: 'theirs',
      header: t('plan.column.theirs'),
      align: 'end',
      width: '120px',
      cell: ({ item, theirs }) =>
        theirs === undefined || theirs === null
          ? t('drift.noRecord')
          : formats.quantity(theirs, { unit: catalogue.unit(item) }),
    },
    {
      id: 'drift',
      header: t('plan.column.drift'),
      align: 'end',
      width: '130px',
      cell: ({ item, drift }) => formats.quantity(drift ?? '0', { signed: true, unit: catalogue.unit(item) }),
    },
    {
      id: 'change',
      header: t('plan.column.change'),
      align: 'end',
      width: '120px',
      cell: ({ item, change, quantity }) =>
        change === 'verified'
          ? t('plan.change.verified')
          : formats.quantity(quantity, { signed: change === 'adjust', unit: catalogue.unit(item) }),
    },
    {
      id: 'after',
      header: t('plan.column.after'),
      align: 'end',
      width: '120px',
      cell: ({ item, after }) => (after === undefined ? '' : formats.quantity(after, { unit: catalogue.unit(item) })),
    },
  ];
}

/** Lines that are held back, and why. */
export function stoppedColumns({ t, catalogue }: Look): readonly Column<StoppedLine>[] {
  return [
    {
      id: 'item',
      header: t('plan.column.item'),
      width: 'minmax(200px, 1fr)',
      cell: ({ item }) => <ItemName name={catalogue.named(item)} />,
    },
    {
      id: 'bin',
      header: t('plan.column.bins'),
      width: '140px',
      cell: ({ bin }) => <span className="code">{catalogue.binName(bin)}</span>,
    },
    { id: 'why', header: t('plan.stoppedWhy'), width: 'minmax(240px, 2fr)', cell: ({ code }) => stopWord(t, code) },
    {
      id: 'detail',
      header: t('plan.stoppedDetail'),
      width: 'minmax(140px, 1fr)',
      cell: ({ detail }) => detail ?? '',
    },
  ];
}
