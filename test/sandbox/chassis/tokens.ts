import { z } from 'zod';

/** Access tokens of a world by name: their scopes, all of them ("ok"), or past their time. */
export const tokensSchema = z.record(z.string(), z.union([z.array(z.string()), z.literal('ok'), z.literal('expired')]));
export type Tokens = z.infer<typeof tokensSchema>;
