import { z } from 'zod';

/** Where a site's server is, as one laptop gives it to the others. */
export type ServerFile = {
  /** The site's id and name. */
  readonly site: string;
  readonly name: string;
  /** Host and port, the best first; all of them mean one server. */
  readonly addresses: readonly string[];
  /** The server's own certificate, PEM: no other server is spoken to. */
  readonly certificate: string;
};

/** Host and port; a host is a name or an address. */
export const addressSchema = z.string().regex(/^(?:[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?|\[[\da-f:.]{2,45}\]):\d{1,5}$/i);
export const certificateSchema = z
  .string()
  .max(8_000)
  .regex(/^-----BEGIN CERTIFICATE-----\n[\w+/=\n]+-----END CERTIFICATE-----\n$/);

const fileSchema = z.object({
  tallybook: z.literal('site server 1'),
  site: z.string().regex(/^[\da-f]{64}$/),
  name: z.string().max(200),
  addresses: z.array(addressSchema).min(1).max(20),
  certificate: certificateSchema,
});

/** The file as text. */
export function writeServerFile({ site, name, addresses, certificate }: ServerFile): string {
  const file = { tallybook: 'site server 1', site, name, addresses, certificate };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads it back, whatever white space an editor put around it; null: it is none. */
export function readServerFile(text: string): ServerFile | null {
  let found: unknown;
  try {
    found = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
  const file = fileSchema.safeParse(found);
  if (!file.success) return null;
  const { site, name, addresses, certificate } = file.data;
  return { site, name, addresses, certificate };
}
