import type { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';

/** A cursor of ours: where a listing over several questions stands. */
export function writeCursor(place: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(place);
}

/** Reads a cursor of ours; none: the start. What is no cursor of ours is as good as dead. */
export function readCursor<Schema extends z.ZodType>(
  cursor: string | undefined,
  schema: Schema,
): Result<z.output<Schema> | undefined, RemoteError> {
  if (cursor === undefined) return ok(undefined);
  try {
    const parsed = schema.safeParse(JSON.parse(cursor));
    if (parsed.success) return ok(parsed.data);
  } catch {
    // Falls through: no JSON is no cursor.
  }
  return err({ code: 'cursor_expired', detail: 'no such cursor' });
}
