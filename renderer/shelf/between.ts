import type { TFunction } from 'i18next';
import type { Catalogue } from '../../shared/domain/catalogue.ts';

/** Between which items something was met, in words; nothing when neither is known. */
export function between(
  t: TFunction<'count'>,
  catalogue: Pick<Catalogue, 'name'>,
  pair: { readonly after: string | undefined; readonly before: string | undefined },
): string | undefined {
  const [after, before] = [pair.after, pair.before].map((sku) => (sku === undefined ? undefined : catalogue.name(sku)));
  if (after !== undefined && before !== undefined) return t('side.between', { after, before });
  if (after !== undefined) return t('side.after', { name: after });
  return before === undefined ? undefined : t('side.before', { name: before });
}
