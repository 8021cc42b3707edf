import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Locked = { readonly optionalDependencies?: Record<string, string>; readonly resolved?: string };
const lockfile: { readonly packages: Record<string, Locked> } = JSON.parse(readFileSync('package-lock.json', 'utf8'));

/** Where npm would look for `name` from inside the package at `from`: nearest node_modules first. */
function isLocked(name: string, from: string): boolean {
  const inside = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (inside in lockfile.packages) return true;
  if (from === '') return false;
  const above = from.lastIndexOf('/node_modules/');
  return isLocked(name, above === -1 ? '' : from.slice(0, above));
}

test('J90 the lockfile holds every optional package of every platform, so that `npm ci` works on all of them', () => {
  const missing = Object.entries(lockfile.packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(name, from))
      .map((name) => `${name} wanted by ${from}`),
  );
  expect(missing).toEqual([]);
});

test('J91 the lockfile names no download address, so that everyone installs from their own registry', () => {
  const addressed = Object.entries(lockfile.packages).filter(
    ([, { resolved }]) => resolved !== undefined && /^\w+:\/\//.test(resolved),
  );
  expect(addressed.map(([path]) => path)).toEqual([]);
});
