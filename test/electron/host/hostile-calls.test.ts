import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { hostContract, hostErrorSchema, type Caller, type HostProcedure } from '../../../shared/ports/host.ts';
import { serve } from '../../../electron/host/serve.ts';
import { does, freshFolder, hostAt } from './bench.ts';
import { countAndSubmit, enter, hire } from './crew.ts';

const CALLS = 20_000;
const SEED = 740;

/** The same numbers in every run (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Below = (below: number) => number;
type Json = z.core.JSONSchema.BaseSchema;

const deep = (depth: number): unknown => JSON.parse(`${'{"a":['.repeat(depth)}${']}'.repeat(depth)}`);
const POISON: readonly ((below: Below) => unknown)[] = [
  () => null,
  () => undefined,
  () => NaN,
  () => Infinity,
  () => -1,
  () => 1e308,
  () => Number.MAX_SAFE_INTEGER + 2,
  () => '',
  () => '\u0000',
  () => '../../people.json',
  () => '__proto__',
  () => 'x'.repeat(100_000),
  () => [],
  () => ({}),
  () => new Date(0),
  () => new Uint8Array(1000),
  () => new Map([['roles', ['admin']]]),
  () => deep(2000),
  () => JSON.parse('{"__proto__":{"roles":["admin"]},"constructor":{"prototype":{"signedIn":true}}}'),
  () => ({ toString: 1, valueOf: 1, toJSON: 1 }),
  () => Array.from({ length: 3000 }, () => ({ kind: 'counted' })),
  () => true,
];

/** A value that fits a schema, more or less. */
function fitting(schema: Json, below: Below, depth = 0): unknown {
  const pick = <Value>(values: readonly Value[]): Value | undefined => values[below(values.length)];
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fitting(pick(choices) as Json, below, depth);
  switch (schema.type) {
    case 'object': {
      const made: Record<string, unknown> = {};
      for (const [name, inner] of Object.entries(schema.properties ?? {})) {
        const needed = schema.required?.includes(name) === true;
        if (needed || below(2) === 0) made[name] = fitting(inner as Json, below, depth + 1);
      }
      if (below(20) === 0) made['extra'] = 'x';
      return made;
    }
    case 'array': {
      const length = Math.max(schema.minItems ?? 0, below(depth > 3 ? 2 : 4));
      return Array.from({ length }, () => fitting((schema.items ?? {}) as Json, below, depth + 1));
    }
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, below(50));
    case 'boolean':
      return below(2) === 0;
    case 'null':
      return null;
    default:
      break;
  }
  if (schema.format === 'date-time') return '2026-11-22T07:00:00.000Z';
  if (schema.format === 'date') return '2026-11-22';
  if (schema.format === 'uri') return 'https://a.example/f';
  if (schema.pattern?.includes('64') === true) return 'a'.repeat(64);
  if (schema.pattern !== undefined) return String(below(100));
  const words = ['take-1', 'batch-1', 'A-01', 'SKU-1', 'c', 'r', 'entry', '2468', 'long enough words', 'x'.repeat(64)];
  return pick(words);
}

/** The same value with one thing in it that nobody expects. */
function poisoned(value: unknown, below: Below): unknown {
  const poison = POISON[below(POISON.length)]?.(below);
  if (typeof value !== 'object' || value === null || below(6) === 0) return poison;
  const names = Object.keys(value);
  const name = names[below(Math.max(1, names.length))];
  if (name === undefined) return { ...value, [String(below(9))]: poison };
  const inner: unknown = Reflect.get(value, name);
  const changed = below(2) === 0 ? poison : poisoned(inner, below);
  if (Array.isArray(value)) return value.with(Number(name), changed);
  return { ...value, [name]: changed };
}

/** Whether a procedure may answer anything to somebody: nobody, or a counter. */
function mayAnswer(name: HostProcedure, isIn: boolean): boolean {
  const who: Caller = hostContract[name].who;
  if (who === 'anybody') return true;
  return isIn && (typeof who === 'string' || who.includes('counter'));
}

async function journalBytes(folder: string): Promise<string> {
  const names = (await readdir(join(folder, 'journal'))).filter((name) => name.endsWith('.jsonl'));
  return (await Promise.all(names.map((name) => readFile(join(folder, 'journal', name), 'utf8')))).join('');
}

test(`H751 ${CALLS} hostile calls, signed out and as a counter, end in answers of the contract and write nothing that is not allowed`, async () => {
  const folder = await freshFolder();
  const running = await hostAt({ folder });
  const crew = await hire(running);
  await countAndSubmit(running, crew);
  await does(running, 'signOut', {});
  const below = numbers(SEED);
  const procedures = Object.keys(hostContract) as HostProcedure[];
  const schemas = new Map(
    procedures.map((name) => [
      name,
      z.toJSONSchema(hostContract[name].input, { unrepresentable: 'any', io: 'input', reused: 'inline' }) as Json,
    ]),
  );
  const before = await journalBytes(folder);
  const heap: number[] = [];
  for (let call = 0; call < CALLS; call += 1) {
    if (call === CALLS / 2) {
      expect(await journalBytes(folder)).toBe(before);
      await enter(running, crew.byRole.counter);
    }
    const name = procedures[below(procedures.length)] ?? 'append';
    // PINs are slow to check on purpose, and a log that is full of these says nothing here.
    if (name === 'signIn' || name === 'createFirstPerson' || name === 'signOut' || name === 'log') continue;
    const value = fitting(schemas.get(name) ?? {}, below);
    const input = below(3) === 0 ? value : poisoned(value, below);
    const asked: unknown = below(50) === 0 ? POISON[below(POISON.length)]?.(below) : name;
    const answer = await serve(running.host, running.log, asked, input);
    const code = answer.ok ? 'ok' : hostErrorSchema.parse(answer.error).code;
    expect([call, name, code]).not.toEqual([call, name, 'host_failed']);
    if (answer.ok) expect([call, asked, mayAnswer(name, call >= CALLS / 2)]).toEqual([call, name, true]);
    if (call % 2000 === 1999) heap.push(process.memoryUsage().heapUsed);
  }
  // Everything that was written is a fact that a counter may write.
  const added = (await journalBytes(folder)).slice(before.length).split('\n').filter(Boolean);
  expect((await journalBytes(folder)).startsWith(before)).toBe(true);
  for (const line of added) {
    const { by, fact } = JSON.parse(line) as { by: string; fact: { kind: string } };
    expect([by, fact.kind]).toEqual([crew.byRole.counter, fact.kind]);
    expect(['person_changed', 'lines_posted', 'lines_decided', 'stock_changed', 'connection_saved']).not.toContain(
      fact.kind,
    );
  }
  expect((await does(running, 'whoIsHere', {})).people).toHaveLength(5);
  expect(Object.hasOwn(Object.prototype, 'roles')).toBe(false);
  // What the second half needs at most is what the first half needed, and some slack for the collector.
  expect(Math.min(...heap.slice(-3))).toBeLessThan(Math.min(...heap.slice(0, 5)) + 150_000_000);
  await running.close();
}, 240_000);
