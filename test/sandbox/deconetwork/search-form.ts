import type { SandboxRequest } from '../chassis/messages.ts';
import type { DecoBehaviour } from './world.ts';

/** A request's parameters: the query's, and with a posted form the form's over them. */
export function parametersOf(
  request: SandboxRequest,
  behaviour: Pick<DecoBehaviour, 'bareBrackets'>,
): ReadonlyMap<string, string> {
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  const texts = [request.url.search.slice(1), ...(request.method === 'POST' && isForm ? [request.text] : [])];
  const parameters = new Map<string, string>();
  for (const pair of texts.flatMap((text) => text.split('&'))) {
    if (!behaviour.bareBrackets && /^[^=]*\[/.test(pair)) continue;
    for (const [name, value] of new URLSearchParams(pair)) parameters.set(name, value);
  }
  return parameters;
}

/** The parameters of one condition by their plain names. */
export type GivenCondition = ReadonlyMap<string, string>;

const NAMES = ['field', 'condition', 'date1', 'date2', 'number1', 'number2', 'string'];
const NUMBERED = /^conditions\[(\d+)\]\[(\w+)\]$/;

/**
 * The conditions of a search in their order: `conditions[n][name]`, n from 1, or the single form. A number that is left
 * out is a condition without parameters. Empty values are as good as none.
 */
export function conditionsOf(parameters: ReadonlyMap<string, string>): readonly GivenCondition[] {
  const numbered: Map<string, string>[] = [];
  let isNumbered = false;
  for (const [name, value] of parameters) {
    const [, n, member] = NUMBERED.exec(name) ?? [];
    if (n === undefined || member === undefined) continue;
    isNumbered = true;
    const at = Number(n) - 1;
    if (at < 0 || at > 99) continue;
    while (numbered.length <= at) numbered.push(new Map());
    if (value !== '') numbered[at]?.set(member, value);
  }
  if (isNumbered) return numbered.length > 0 ? numbered : [new Map()];
  const single = new Map([...parameters].filter(([name, value]) => NAMES.includes(name) && value !== ''));
  return single.size === 0 ? [] : [single];
}
