import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

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

const NOT_WRITABLE: readonly string[] = ['EROFS', 'EACCES', 'EPERM'];

function isNotWritable(problem: unknown): boolean {
  return problem instanceof Error && 'code' in problem && NOT_WRITABLE.includes(String(problem.code));
}

function tryToWrite(folder: string): void {
  const probe = join(folder, 'writable.tmp');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(probe, '');
  rmSync(probe, { force: true });
}

/**
 * Where Chromium keeps its own files: the profile, or a folder among the system's temporary ones where nothing may be
 * written to the profile. Without one Chromium ends without a word, and nobody could be told why.
 */
export function chromiumFolder(profile: string, probe: (folder: string) => void = tryToWrite): string {
  try {
    probe(profile);
    return profile;
  } catch (problem) {
    return isNotWritable(problem) ? mkdtempSync(join(tmpdir(), 'tallybook-')) : profile;
  }
}
