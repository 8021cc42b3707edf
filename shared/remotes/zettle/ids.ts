import { fingerprint } from '../../domain/fingerprint.ts';

/** The two generations of the inventory service; which one an account may use is not written anywhere. */
export type Generation = 'v2' | 'v3';

/** A STORE with the virtual places that its movements come from and go to: all that freezing needs, at most 150 characters. */
export type Place = {
  readonly generation: Generation;
  readonly store: string;
  readonly bin: string;
  readonly sold: string;
  readonly supplier: string;
};

/** A place as the id that the rest of the program carries about without looking into it. */
export function placeId({ generation, store, bin, sold, supplier }: Place): string {
  return [generation, store, bin, sold, supplier].join(':');
}

/** Reads an id that `placeId` wrote; null for anything else. */
export function readPlaceId(id: string): Place | null {
  const [generation, store = '', bin = '', sold = '', supplier = '', ...more] = id.split(':');
  if ((generation !== 'v2' && generation !== 'v3') || store === '' || more.length > 0) return null;
  return { generation, store, bin, sold, supplier };
}

export type Variant = { readonly product: string; readonly variant: string };

/** A variant as an id: it is only known together with its product. */
export function variantId({ product, variant }: Variant): string {
  return `${product}:${variant}`;
}

/** Reads an id that `variantId` wrote. Anything else comes out as a variant that Zettle will not know. */
export function readVariantId(id: string): Variant {
  const [product = '', variant = ''] = id.split(':');
  return { product, variant };
}

/** A UUID that only depends on the text, in the form that Zettle's examples have (version 1; contracts: Zettle 1). */
export function uuidOf(text: string): string {
  const hex = fingerprint(text);
  return [hex.slice(0, 8), hex.slice(8, 12), `1${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
