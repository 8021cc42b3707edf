import { z } from 'zod';
import type { SandboxRequest } from './messages.ts';

const times = z.number().int().min(1).default(1);
const status = z.number().int().min(100).max(599);
/** Only requests whose path starts so. */
const path = z.string().optional();

/** What can be made to go wrong with the next requests. Faults "after applying" wait for a change, unless a path is named. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** Answered with that status, nothing done. */
  z.object({
    kind: z.literal('status'),
    status,
    times,
    retryAfterSeconds: z.number().min(0).optional(),
    /** The wait as a date instead of seconds. */
    retryAfterDate: z.boolean().optional(),
    path,
  }),
  /** Done, then answered with that status all the same. */
  z.object({ kind: z.literal('applyThenFail'), status, times, path }),
  /** The first half of the change is done, then that status. */
  z.object({ kind: z.literal('applyHalfThenFail'), status, times, path }),
  /** The connection is cut, nothing done. */
  z.object({ kind: z.literal('drop'), times, path }),
  /** Done, then the connection is cut before a byte is answered. */
  z.object({ kind: z.literal('applyThenDrop'), times, path }),
  /** No answer ever comes; `apply` says whether it was done. */
  z.object({ kind: z.literal('hang'), times, apply: z.boolean().default(false), path }),
  /** Done, and half of the answer's text is sent as if it were whole. */
  z.object({ kind: z.literal('truncate'), times, path }),
  /** Answered 200 with an error inside, nothing done. */
  z.object({ kind: z.literal('errorsIn200'), times, path }),
  /** A page for people instead of an answer, as a hotel's network gives; nothing done. */
  z.object({ kind: z.literal('html'), status: status.default(200), times, path }),
]);
export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;

export type Faults = {
  add(fault: Fault): void;
  /** The fault that this request meets; it is used up by it. */
  next(request: SandboxRequest): Fault | undefined;
  clear(): void;
};

/** Faults are used up one request at a time, the oldest that fits first. */
export function createFaults(isChange: (request: SandboxRequest) => boolean): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  const fits = (fault: Fault, request: SandboxRequest): boolean => {
    if (fault.path !== undefined) return request.url.pathname.startsWith(fault.path);
    return !appliesFirst(fault) || isChange(request);
  };
  return {
    add(fault) {
      waiting.push({ fault, left: fault.times });
    },
    next(request) {
      if (waiting.length === 0) return undefined;
      const found = waiting.find(({ fault }) => fits(fault, request));
      if (found === undefined) return undefined;
      found.left -= 1;
      if (found.left === 0) waiting = waiting.filter((one) => one !== found);
      return found.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

function appliesFirst(fault: Fault): boolean {
  switch (fault.kind) {
    case 'applyThenFail':
    case 'applyHalfThenFail':
    case 'applyThenDrop':
      return true;
    case 'hang':
      return fault.apply;
    case 'status':
    case 'drop':
    case 'truncate':
    case 'errorsIn200':
    case 'html':
      return false;
  }
}
