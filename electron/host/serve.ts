import type { z } from 'zod';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import {
  hostContract,
  hostErrorSchema,
  type Host,
  type HostError,
  type HostProcedure,
} from '../../shared/ports/host.ts';
import type { Log } from './log/log.ts';

function isProcedure(name: unknown): name is HostProcedure {
  return typeof name === 'string' && Object.hasOwn(hostContract, name);
}

/** Where a value does not fit, without the value: it may be a secret. */
function placesOf(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.').slice(0, 100) || 'input'}: ${issue.code}`)
    .join('; ');
}

function nameOf(problem: unknown): string {
  return problem instanceof Error ? `${problem.name}: ${problem.stack?.split('\n')[1]?.trim() ?? ''}` : typeof problem;
}

/**
 * Answers one call of a page that may be lying. Unknown procedures and inputs that do not fit are refused before any code
 * of the host sees them, answers are checked on their way out, and nothing is ever thrown across the boundary.
 */
export async function serve(
  host: Host,
  log: Log,
  procedure: unknown,
  input: unknown,
): Promise<Result<unknown, HostError>> {
  if (!isProcedure(procedure)) {
    log('warn', 'call_refused', { reason: 'unknown procedure' });
    return err({ code: 'bad_request', reason: 'unknown procedure' });
  }
  try {
    const contract: { input: z.ZodType; output: z.ZodType } = hostContract[procedure];
    const asked = contract.input.safeParse(input);
    if (!asked.success) {
      log('warn', 'call_refused', { procedure, reason: placesOf(asked.error) });
      return err({ code: 'bad_request', reason: placesOf(asked.error) });
    }
    const call = host[procedure] as (input: unknown) => Promise<Result<unknown, HostError>>;
    const answer = await call(asked.data);
    const checked = (answer.ok ? contract.output : hostErrorSchema).safeParse(answer.ok ? answer.value : answer.error);
    if (checked.success) return answer.ok ? ok(checked.data) : err(answer.error);
    log('error', 'answer_refused', { procedure, reason: placesOf(checked.error) });
  } catch (problem) {
    // Only the kind of error and its place: a message may carry a value.
    log('error', 'call_failed', { procedure, problem: nameOf(problem) });
  }
  return err({ code: 'host_failed' });
}
