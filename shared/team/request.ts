import { z } from 'zod';
import { laptopKeySchema } from '../domain/ledger-entry.ts';

const requestSchema = z.object({
  tallybook: z.literal('request'),
  v: z.literal(1),
  laptop: z.string().min(1).max(64),
  key: laptopKeySchema,
  name: z.string().trim().min(1).max(80),
});
/** What a laptop says that asks to join a site. */
export type JoinRequest = Pick<z.infer<typeof requestSchema>, 'laptop' | 'key' | 'name'>;

/** The text that is carried to an admin of the site. */
export function writeRequest({ laptop, key, name }: JoinRequest): string {
  return JSON.stringify({ tallybook: 'request', v: 1, laptop, key, name });
}

/** What such a text says; null: it is none. White space around it, as a mail program leaves it, says nothing. */
export function readRequest(text: string): JoinRequest | null {
  try {
    const parsed = requestSchema.safeParse(JSON.parse(text.trim()));
    return parsed.success ? { laptop: parsed.data.laptop, key: parsed.data.key, name: parsed.data.name } : null;
  } catch {
    return null;
  }
}
