import { z } from 'zod';

const times = z.number().int().min(1).default(1);
/** Only requests whose path starts so. A fault "after applying" means the batch change unless it says otherwise. */
const path = z.string().optional();
const changesPath = z.string().default('/v2/inventory/changes/batch-create');

/** What can be made to go wrong with the next API requests. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Answered with that status, nothing done. */
  z.object({
    kind: z.literal('status'),
    status: z.number().int(),
    times,
    retryAfterSeconds: z.number().optional(),
    retryAfterDate: z.boolean().optional(),
    path,
  }),
  /** Done, then answered with that status all the same. */
  z.object({ kind: z.literal('applyThenFail'), status: z.number().int(), times, path: changesPath }),
  /** The first half of the changes is done, then that status, and the key is not kept. */
  z.object({ kind: z.literal('applyHalfThenFail'), status: z.number().int(), times, path: changesPath }),
  /** The connection is cut, nothing done. */
  z.object({ kind: z.literal('drop'), times, path }),
  /** Done, then the connection is cut before a byte is answered. */
  z.object({ kind: z.literal('applyThenDrop'), times, path: changesPath }),
  /** No answer ever comes; `apply` says whether it was done. */
  z.object({ kind: z.literal('hang'), times, apply: z.boolean().default(false), path }),
  /** Done, and half of the answer's text is sent as if it were whole. */
  z.object({ kind: z.literal('truncate'), times, path }),
  /** Answered 200 with an error inside, nothing done. */
  z.object({ kind: z.literal('errorsIn200'), times, path }),
]);
export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

export type Faults = { add(fault: Fault): void; next(path: string): Fault | undefined; clear(): void };

/** Faults are used up one request at a time, the oldest that fits first. */
export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, left: fault.times });
    },
    next(path) {
      const found = waiting.find(({ fault }) => fault.path === undefined || path.startsWith(fault.path));
      if (found === undefined) return undefined;
      found.left -= 1;
      waiting = waiting.filter(({ left }) => left > 0);
      return found.fault;
    },
    clear() {
      waiting = [];
    },
  };
}
