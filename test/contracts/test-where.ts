import { test } from 'vitest';

/** `test` where a rule is about a remote of this kind; where it is about others only, there is nothing to test. */
export function testWhere(holds: boolean): (title: string, run: () => Promise<void> | void) => void {
  return holds ? (title, run) => test(title, run) : () => undefined;
}
