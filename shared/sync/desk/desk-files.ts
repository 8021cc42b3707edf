import type { Fact, FrozenRequest, Outcome } from '../../domain/ledger-entry.ts';
import { ENGINE } from '../../domain/person.ts';
import { err, ok } from '../../domain/result.ts';
import type { HostInput } from '../../ports/host.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import {
  ASKED_TO_WAIT,
  refuse,
  remoteFailed,
  type DeskTools,
  type OpenConnection,
  type Sealed,
  type Step,
} from './desk-ports.ts';
import type { OpenRequest } from './desk-state.ts';
import { FILE_LOOK_MS, FILE_RUNNING, settleFile } from '../outbox/settle-file.ts';

type AtWork = {
  readonly input: Step;
  readonly open: OpenRequest;
  readonly request: FrozenRequest;
  readonly at: OpenConnection;
};

/** Asks how far the remote has come with a file. */
export async function followFile(tools: DeskTools, { input, open, request, at }: AtWork): Sealed {
  if (open.job === undefined || at.remote.followFile === undefined) return refuse('the remote has not begun with it');
  const held = tools.heldUntil(input.connection);
  if (held !== undefined)
    return tools.settled(input, open, open.attempts, { state: 'unknown', code: ASKED_TO_WAIT, notBefore: held });
  const result = tools.heard(input.connection, await at.remote.followFile(request, open.job));
  return tools.settled(input, open, open.attempts, settleFile(result, tools.contextOf(open, request, at)));
}

export type FileSteps = {
  /** Tells the remote where a file lies. The address is used once, and kept nowhere. */
  startFile(by: string, input: HostInput<'startFileJob'>): Sealed;
  /** Stops a file: what the remote has done stays done, the rest is open for the next plan. */
  abortFile(input: Step): Sealed;
};

/** Refusals after which the remote has surely not begun. */
const NOT_BEGUN: ReadonlySet<RemoteError['code']> = new Set([
  'not_sent',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'rejected',
]);

/** The part of the desk that lets a remote fetch files. */
export function createFileSteps(tools: DeskTools): FileSteps {
  const { ports, now, seal, withRequest, settled } = tools;

  async function startFile(by: string, input: HostInput<'startFileJob'>): Sealed {
    return withRequest(input, async (open, request, at) => {
      const { connection, request: id } = input;
      if (request.delivery !== 'file' || at.remote.startFile === undefined) return refuse('it is no file');
      if (open.job !== undefined) return refuse('the remote has begun with it already');
      const attempt = open.attempts + 1;
      const begun = await seal(ENGINE, [{ kind: 'send_attempted', connection, request: id, attempt }]);
      if (!begun.ok) return begun;
      const started = await at.remote.startFile(request, input.url);
      const lookAt = new Date(ports.now() + FILE_LOOK_MS).toISOString();
      // Absolute figures may be fetched twice: a start whose answer was lost is simply asked for again, by a person.
      const outcome: Outcome = started.ok
        ? { state: 'unknown', code: FILE_RUNNING, notBefore: lookAt }
        : {
            state: open.state === 'queued' && NOT_BEGUN.has(started.error.code) ? 'retry' : 'unknown',
            code: started.error.code,
            notBefore: now(),
          };
      const job: Fact[] = started.ok
        ? [{ kind: 'file_job_started', connection, request: id, job: started.value.job }]
        : [];
      const told = await seal(by, job);
      if (!told.ok) return told;
      const ended = await settled(input, open, attempt, outcome);
      if (!ended.ok) return ended;
      return ok({ entries: [...begun.value.entries, ...told.value.entries, ...ended.value.entries] });
    });
  }

  async function abortFile(input: Step): Sealed {
    return withRequest(input, async (open, request, at) => {
      if (request.delivery !== 'file') return refuse('it is no file');
      if (open.job === undefined) {
        const refs = request.lines.map((line) => line.ref);
        const nothing = { state: 'split' as const, arrived: [], missing: [], refused: [], doubtful: [] };
        // A start whose answer was lost may have begun it: then only a person can say how far it came.
        const outcome: Outcome =
          open.state === 'queued'
            ? { ...nothing, missing: refs }
            : { ...nothing, doubtful: refs.map((ref) => ({ ref, before: null, now: null })) };
        return settled(input, open, open.attempts, outcome);
      }
      const stopped = await at.remote.abortFile?.(open.job);
      if (stopped?.ok === false) return err(remoteFailed(at.name, stopped.error));
      return followFile(tools, { input, open, request, at });
    });
  }

  return { startFile, abortFile };
}
