/** Where each part of Zettle lives, without a slash at the end (contracts: Zettle 1). */
export type ZettleHosts = { readonly inventory: string; readonly products: string; readonly oauth: string };

/** The address of Zettle's inventory service. */
export const ZETTLE_ADDRESS = 'https://inventory.izettle.com';

const REAL_HOSTS: ZettleHosts = {
  inventory: ZETTLE_ADDRESS,
  products: 'https://products.izettle.com',
  oauth: 'https://oauth.zettle.com',
};

/** Zettle's three hosts for its own address; any other address stands for all three. */
export function hostsOf(address: string): ZettleHosts {
  const base = address.trim().replace(/\/+$/, '');
  if (base.toLowerCase() === ZETTLE_ADDRESS) return REAL_HOSTS;
  return { inventory: base, products: base, oauth: base };
}

/** The origins behind an address, each once; none when it cannot be read. */
export function originsOf(address: string): readonly string[] {
  const { inventory, products, oauth } = hostsOf(address);
  const origins = [inventory, products, oauth].map((host) => /^https?:\/\/[^/?#]+/i.exec(host)?.[0] ?? '');
  return [...new Set(origins)].filter((origin) => origin !== '');
}
