import { z } from 'zod';
import { textKey } from './text-key.ts';

export const binCodeSchema = z.string().min(1).max(64);

/**
 * One place on a shelf that a label names. `site` is the building (what a remote calls a location), `zone` a part of it;
 * `walk` is the bin's place in walking order. Only `code` is unique: two bins may carry one `label`.
 */
export const binSchema = z.object({
  code: binCodeSchema,
  label: z.string().max(120),
  site: z.string().max(80),
  zone: z.string().max(80),
  walk: z.number().int().min(0),
  /** Out of use: not proposed any more; what lies in it still counts. */
  retired: z.boolean().optional(),
});
export type Bin = z.infer<typeof binSchema>;

/** The form under which two bin codes are the same bin. */
export function binKey(code: string): string {
  return textKey(code);
}
