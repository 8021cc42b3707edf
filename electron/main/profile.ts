import { resolve } from 'node:path';

/**
 * The folder that a start is told to live in: `--profile=DIR`, else the variable TALLYBOOK_PROFILE; null for the usual one.
 * Switches are searched for, never counted: launchers put their own in front.
 */
export function chosenProfile(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  const named =
    argv.find((word) => word.startsWith('--profile='))?.slice('--profile='.length) || env['TALLYBOOK_PROFILE'];
  return named ? resolve(named) : null;
}
