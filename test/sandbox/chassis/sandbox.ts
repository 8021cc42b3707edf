import type { SandboxClock } from './clock.ts';
import { createControl, type SandboxControl } from './control.ts';
import { createFaults, type Fault } from './faults.ts';
import { createRequestLog } from './log.ts';
import type { SandboxAnswer, SandboxReply, SandboxRequest, SandboxSystem } from './messages.ts';

/** A whole remote without its socket: one request in, one reply out, and the switches. */
export type Sandbox<Control = unknown> = {
  readonly control: SandboxControl & Control;
  reply(request: SandboxRequest): Promise<SandboxReply>;
};

/** Puts faults, log and switches around a system. A request is answered before another is looked at, unless the system waits. */
export function createSandbox(system: SandboxSystem, clock: SandboxClock): Sandbox {
  const faults = createFaults((request) => system.isChange(request));
  const log = createRequestLog();
  return {
    control: createControl({ system, clock, faults, log }),
    async reply(request) {
      const fault = faults.next(request);
      const answered = fault === undefined ? system.answer(request) : answerFaulty(system, request, fault, clock.now());
      // Most systems answer at once, and a simulation asks millions of times.
      const bare = answered instanceof Promise ? await answered : answered;
      const reply = typeof bare === 'string' ? bare : withHeaders(bare, clock.now());
      log.add({ at: clock.now(), request, reply, fault: fault?.kind });
      return reply;
    },
  };
}

function withHeaders(answer: SandboxAnswer, now: number): SandboxAnswer {
  return {
    status: answer.status,
    text: answer.text,
    headers: { 'content-type': 'application/json', date: dateText(now), ...answer.headers },
  };
}

let lastDate = { at: 0, text: new Date(0).toUTCString() };

/** Writing a date costs more than all the rest of a request; the clock mostly stands still. */
function dateText(now: number): string {
  if (lastDate.at !== now) lastDate = { at: now, text: new Date(now).toUTCString() };
  return lastDate.text;
}

/** What becomes of a request that meets a fault. */
async function answerFaulty(
  system: SandboxSystem,
  request: SandboxRequest,
  fault: Fault,
  now: number,
): Promise<SandboxReply> {
  const failed = (status: number): SandboxAnswer => ({ status, text: system.errorText(status) });
  switch (fault.kind) {
    case 'status':
      return { ...failed(fault.status), headers: waitHeaders(fault, now) };
    case 'applyThenFail':
      await system.answer(request);
      return failed(fault.status);
    case 'applyHalfThenFail':
      await system.answerHalf?.(request);
      return failed(fault.status);
    case 'drop':
      return 'drop';
    case 'applyThenDrop':
      await system.answer(request);
      return 'drop';
    case 'hang':
      if (fault.apply) await system.answer(request);
      return 'hang';
    case 'truncate': {
      const answer = await system.answer(request);
      return { ...answer, text: answer.text.slice(0, Math.floor(answer.text.length / 2)) };
    }
    case 'errorsIn200':
      return { status: 200, text: system.errorsIn200?.() ?? system.errorText(500) };
    case 'html':
      return {
        status: fault.status,
        text: '<!doctype html><html><body><h1>Please accept the terms</h1></body></html>',
        headers: { 'content-type': 'text/html' },
      };
  }
}

function waitHeaders(fault: Extract<Fault, { kind: 'status' }>, now: number): Readonly<Record<string, string>> {
  const seconds = fault.retryAfterSeconds;
  if (seconds === undefined) return {};
  return {
    'retry-after': fault.retryAfterDate === true ? new Date(now + seconds * 1000).toUTCString() : String(seconds),
  };
}
