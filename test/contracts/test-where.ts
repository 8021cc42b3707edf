import { test } from 'vitest';

type Rule = (title: string, run: () => Promise<void> | void) => void;

/** `test` where a rule is about a remote of this kind; where it is about others only, there is nothing to test. */
export function testWhere(holds: boolean): Rule {
  return holds ? test : () => undefined;
}
