import { z } from 'zod';
import type { SandboxControl } from './control.ts';

const advanceSchema = z.object({ ms: z.number().int() });
type Shown = { readonly status: number; readonly value: unknown };

/** Answers `/_sandbox/…`: a status and a JSON value. What cannot be read is a 400, what is not there a 404. */
export function answerSwitch(control: SandboxControl, method: string, path: string, text: string): Shown {
  const name = path.slice('/_sandbox/'.length);
  try {
    if (method === 'GET') return show(control, name);
    if (method === 'POST' && name === 'advance') {
      control.advance(advanceSchema.parse(parseJson(text)).ms);
      return { status: 200, value: { now: control.now() } };
    }
    if (method === 'POST' && name === 'fault') return { status: 200, value: control.turn(parseJson(text)) ?? {} };
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, value: { error: z.prettifyError(error) } };
    throw error;
  }
  return { status: 404, value: { error: 'no such switch' } };
}

function show(control: SandboxControl, name: string): Shown {
  if (name === 'now') return { status: 200, value: { now: control.now() } };
  if (name === 'log') return { status: 200, value: { requests: control.log() } };
  const views = control.views();
  const view = Object.hasOwn(views, name) ? views[name] : undefined;
  return view === undefined
    ? { status: 404, value: { error: 'no such view' } }
    : { status: 200, value: { [name]: view() } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
