/** `node verify.mjs FILE`: checks an evidence file of Tallybook. Needs Node 20 or later and nothing else. */
import { checkEvidence } from './check-evidence.ts';
import type { Found } from './read-evidence.ts';

/** 0: whole; 1: not what was saved; 2: it could not be checked. */
const CODES = { whole: 0, changed: 1, failed: 2 } as const;

/** A text of the file as a terminal may show it: nothing in it moves a cursor or hides what stands before. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}

function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.map(plain).join('\n')}\n`);
}

function sentence({ line, laptop, seq, what }: Found): string {
  const whose = laptop === undefined ? '' : `, laptop ${laptop}`;
  const entry = seq === undefined ? '' : `, entry ${seq}`;
  return `  line ${line}${whose}${entry}: ${what}`;
}

async function run(path: string | undefined): Promise<number> {
  if (path === undefined) {
    say(['node verify.mjs FILE', 'Says whether an evidence file of Tallybook is as it was saved, and what is in it.']);
    return CODES.failed;
  }
  try {
    const checked = await checkEvidence(path);
    if (checked.is === 'whole') {
      say(checked.report);
      return CODES.whole;
    }
    say([
      'NOT whole: this is not the file that was saved. Do not rely on anything in it.',
      ...checked.found.map(sentence),
    ]);
    return CODES.changed;
  } catch (problem) {
    say([`The file could not be checked: ${problem instanceof Error ? problem.message : 'unknown'}`]);
    return CODES.failed;
  }
}

process.exitCode = await run(process.argv[2]);
