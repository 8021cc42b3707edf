import { z } from 'zod';
import { formatQuantity, parseQuantity } from '../../domain/quantity.ts';
import { instantOf } from './time.ts';

// Only what is used is named; members that are not known here are let through and dropped, personal ones above all.

const whole = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);
const key = z.union([z.string(), z.number()]).transform(String);
const text = z.string().nullish().catch(undefined);

/** A figure as canonical text. Whole numbers in every known answer; what cannot be kept exactly is refused, never rounded. */
const quantity = z.union([z.number(), z.string()]).transform((value, context) => {
  const parsed = parseQuantity(String(value));
  if (parsed.ok) return formatQuantity(parsed.value);
  context.addIssue({ code: 'custom', message: parsed.error.code });
  return z.NEVER;
});
const time = z.string().transform((value, context) => {
  const instant = instantOf(value);
  if (instant !== undefined) return instant;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});

const responseStatusSchema = z.object({ code: whole, severity: z.string().catch(''), description: text });
export type ResponseStatus = z.infer<typeof responseStatusSchema>;
/** Every answer of the API carries one. */
export const answerSchema = z.object({ response_status: responseStatusSchema });

const eventSchema = z.object({
  inventory_id: whole,
  product_id: whole.nullish().catch(undefined),
  dn_sku_id: key.pipe(z.string().max(80)).nullish(),
  created_at: time,
  change_type: whole.nullish(),
  po_number: key.nullish(),
  po_line_id: whole.nullish(),
  old_qty: quantity,
  new_qty: quantity,
  // Of the person only the number is read: name, address, telephone and e-mail end here.
  user: z
    .object({ user_id: whole.nullish().catch(undefined) })
    .nullish()
    .catch(undefined),
});
export type EventRow = z.infer<typeof eventSchema>;
/** `total` counts all matches. No list: no rows. */
export const eventsSchema = z.object({ inventory_events: z.array(eventSchema).nullish(), total: whole });

const named = z.object({ name: text }).nullish().catch(undefined);
const levelSchema = z.object({
  dn_sku_id: key.pipe(z.string().max(100)),
  sku: text,
  product_code: text,
  product_name: text,
  product_color: named,
  product_size: named,
  inv_on: z.union([z.boolean(), z.number().transform(Boolean), z.string().transform(isOn)]).nullish(),
  inv_lvl: quantity.nullish(),
  inv_last_modified: time.nullish().catch(undefined),
});
export type LevelRow = z.infer<typeof levelSchema>;
export const levelsSchema = z.object({ inventories: z.array(levelSchema).nullish(), total: whole });

function isOn(word: string): boolean {
  return !['0', 'false', 'no', ''].includes(word.trim().toLowerCase());
}
