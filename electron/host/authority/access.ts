import { err, type Result } from '../../../shared/domain/result.ts';
import {
  hostContract,
  type Caller,
  type Host,
  type HostError,
  type HostProcedure,
} from '../../../shared/ports/host.ts';
import type { Log } from '../log/log.ts';
import { diskState } from '../disk/disk.ts';
import type { Session } from './session.ts';

/** Why nobody who is there now may call a procedure, by its row in the contract; null when somebody may. */
export function refusalOf(session: Session, procedure: HostProcedure): HostError | null {
  const who: Caller = hostContract[procedure].who;
  if (who === 'anybody') return null;
  if (who === 'once signed in') return session.wasUsed() ? null : { code: 'not_signed_in' };
  if (who === 'while signed in') return session.current() === null ? { code: 'not_signed_in' } : null;
  const person = session.require();
  if (!person.ok) return person.error;
  if (who === 'signed in' || person.value.roles.some((role) => who.includes(role))) return null;
  return { code: 'role_missing', kind: procedure, roles: [...who] };
}

/** A file system's refusal that nobody has answered for is said as what it is; anything else stays a bug. */
export function sayDisk(problem: unknown): { ok: false; error: HostError } {
  const state = diskState(problem);
  if (state === null) throw problem;
  return err(state);
}

type Call = (input: unknown) => Promise<Result<unknown, HostError>>;

/**
 * The host behind its door: whoever calls is judged by the contract before any code of a procedure runs. Refusals are
 * logged. Where the disk takes nothing, whatever procedure met it, the answer says what is the matter with the disk.
 */
export function guard(host: Host, session: Session, log: Log): Host {
  const judged = (procedure: HostProcedure): Call => {
    const call = host[procedure] as Call;
    return async (input) => {
      const refused = refusalOf(session, procedure);
      if (refused === null) return call(input).catch(sayDisk);
      log('warn', 'call_refused', { procedure, reason: refused.code, by: session.current()?.id ?? '' });
      return err(refused);
    };
  };
  const procedures = Object.keys(hostContract) as HostProcedure[];
  return Object.fromEntries(procedures.map((procedure) => [procedure, judged(procedure)])) as Host;
}
