import { err } from '../../shared/domain/result.ts';
import { hostContract, type Host, type HostProcedure, type HostTransport } from '../../shared/ports/host.ts';
import { z } from 'zod';
import { hostErrorSchema } from '../../shared/ports/host.ts';

/**
 * The host over a transport. Answers are validated here too: an answer of the wrong shape is a `host_failed`, never a
 * half-understood value in the page.
 */
export function createHostClient(transport: HostTransport): Host {
  const call = async (procedure: HostProcedure, input: unknown) => {
    try {
      const answer = answerSchema(procedure).safeParse(await transport(procedure, input));
      if (answer.success) return answer.data;
    } catch {
      // No answer is as good as one that cannot be understood.
    }
    return err({ code: 'host_failed' as const });
  };
  const procedures = Object.keys(hostContract).map((procedure) => [
    procedure,
    (input: unknown) => call(procedure as HostProcedure, input),
  ]);
  return Object.fromEntries(procedures) as Host;
}

const schemas = new Map<HostProcedure, z.ZodType>();

function answerSchema(procedure: HostProcedure): z.ZodType {
  const known = schemas.get(procedure);
  if (known) return known;
  const schema = z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value: hostContract[procedure].output }),
    z.object({ ok: z.literal(false), error: hostErrorSchema }),
  ]);
  schemas.set(procedure, schema);
  return schema;
}
