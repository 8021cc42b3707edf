import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { codeKey } from '../../../shared/domain/barcode.ts';
import type { CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import { calledItem, type Item } from '../../../shared/domain/item.ts';
import { formatQuantity, type Quantity } from '../../../shared/domain/quantity.ts';
import type { Result } from '../../../shared/domain/result.ts';
import { Button, Tag } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useFormats } from '../../ui/format.ts';
import { useErrorText } from '../../ui/use-error-text.ts';

export type BookOf = (
  item: string,
) => Result<
  readonly { readonly bin: string; readonly lot: string | undefined; readonly book: Quantity }[],
  { readonly code: string }
>;

/** What is known of one item: its codes, packs and texts; book quantities only for whoever may see them. */
export function ItemDetail({
  item,
  bookOf,
  onSay,
  onClose,
}: {
  item: Item;
  bookOf: BookOf | undefined;
  /** Says something of the item; absent for whoever may not. */
  onSay: ((fact: CatalogueFact) => void) | undefined;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const facts = (['brand', 'category', 'size'] as const).flatMap((name) =>
    item[name] === undefined ? [] : [{ name, text: item[name] }],
  );
  return (
    <aside className="item-detail" aria-label={t('items.detail')}>
      <header>
        <h2>{item.name === '' ? t('items.noName') : item.name}</h2>
        {item.retired === true && <Tag tone="look">{t('field.archived')}</Tag>}
        <Button variant="quiet" compact onClick={onClose}>
          {t('items.close')}
        </Button>
      </header>
      <dl>
        <dt>{t('field.sku')}</dt>
        <dd className="code">{item.sku}</dd>
        {facts.map(({ name, text }) => (
          <div key={name} className="pair">
            <dt>{t(`field.${name}`)}</dt>
            <dd>{text}</dd>
          </div>
        ))}
        <dt>{t('field.unit')}</dt>
        <dd>{t('items.unit', { unit: item.unit, count: item.precision })}</dd>
        <Cost item={item} />
        {item.tracking !== 'none' && (
          <>
            <dt>{t('field.tracking')}</dt>
            <dd>{t(`items.tracking.${item.tracking}`)}</dd>
          </>
        )}
      </dl>
      <Codes item={item} onSay={onSay} />
      {onSay !== undefined && (
        <Button compact onClick={() => onSay({ kind: 'item_retired', item: item.sku, retired: item.retired !== true })}>
          {t(item.retired === true ? 'items.bringBack' : 'items.retire')}
        </Button>
      )}
      {bookOf !== undefined && <Book item={item} bookOf={bookOf} />}
    </aside>
  );
}

function Cost({ item }: { item: Item }): ReactElement | null {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  if (item.cost === undefined) return null;
  return (
    <>
      <dt>{t('field.cost')}</dt>
      <dd className="num">{formats.money(item.cost)}</dd>
    </>
  );
}

function Codes({ item, onSay }: { item: Item; onSay: ((fact: CatalogueFact) => void) | undefined }): ReactElement {
  const { t } = useTranslation(['catalogue', 'ui']);
  const [leaving, setLeaving] = useState<string>();
  const formats = useFormats();
  if (item.barcodes.length === 0) return <p className="muted">{t('items.noCodes')}</p>;
  return (
    <section>
      <h3>{t('items.codes')}</h3>
      <ul className="item-codes">
        {item.barcodes.map((barcode) => (
          <li key={barcode.code}>
            <span className="code">{barcode.code}</span>
            {barcode.factor !== undefined && (
              <span>
                {t('items.pack', {
                  pack: barcode.pack ?? t('items.packWord'),
                  factor: formats.quantity(barcode.factor),
                  unit: item.unit,
                })}
              </span>
            )}
            {!codeKey(barcode.code).startsWith('g:') && <Tag>{t('items.ownCode')}</Tag>}
            {onSay !== undefined && (
              <Button
                variant="quiet"
                compact
                aria-label={t('items.takeAwayCode', { code: barcode.code })}
                onClick={() => setLeaving(barcode.code)}
              >
                {t('items.takeAway')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {leaving !== undefined && onSay !== undefined && (
        <Dialog
          title={t('items.takeAwayAsk', { code: leaving, item: calledItem(item) })}
          onClose={() => setLeaving(undefined)}
          onConfirm={() => {
            setLeaving(undefined);
            onSay({ kind: 'barcode_retired', item: item.sku, code: leaving });
          }}
          actions={
            <>
              <Button keyCap="Esc" autoFocus onClick={() => setLeaving(undefined)}>
                {t('ui:back')}
              </Button>
              <Button type="submit" variant="main">
                {t('items.takeAway')}
              </Button>
            </>
          }
        >
          <p>{t('items.takeAwayText')}</p>
        </Dialog>
      )}
    </section>
  );
}

function Book({ item, bookOf }: { item: Item; bookOf: BookOf }): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const errorText = useErrorText();
  const book = bookOf(item.sku);
  return (
    <section>
      <h3>{t('items.book')}</h3>
      {!book.ok ? (
        <p className="muted">{book.error.code === 'no_book' ? errorText(book.error) : t('items.bookHidden')}</p>
      ) : book.value.length === 0 ? (
        <p className="muted">{t('items.bookNone')}</p>
      ) : (
        <ul className="item-codes">
          {book.value.map((line) => (
            <li key={`${line.bin} ${line.lot ?? ''}`}>
              <span className="code">{line.bin}</span>
              {line.lot !== undefined && <span>{t('items.lot', { lot: line.lot })}</span>}
              <span className="num">{formats.quantity(formatQuantity(line.book))}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
