import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Redaction } from './redact.ts';
import { instantOf, type Clock } from './turns.ts';

export type LogLevel = 'info' | 'warn' | 'error';
/** The one door to the log: JSON lines, redacted. Never throws and never keeps anybody waiting. */
export type Log = (level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>) => void;

const FILE_BYTES = 1_000_000;
const FILES = 5;
/** A page that logs in a loop must not wear out the disk. */
const LINES_A_MINUTE = 600;

/** A log in `logs/` of the profile: `host.jsonl` is the newest file, `host.4.jsonl` the oldest, a megabyte each. */
export function createLog(profile: string, clock: Clock, redaction: Redaction): Log {
  const folder = join(profile, 'logs');
  const name = (number: number) => join(folder, number === 0 ? 'host.jsonl' : `host.${number}.jsonl`);
  let minute = { began: clock.steady(), lines: 0 };

  function rotate(): void {
    if (!existsSync(name(0)) || statSync(name(0)).size < FILE_BYTES) return;
    for (let number = FILES - 2; number >= 0; number -= 1) {
      if (existsSync(name(number))) renameSync(name(number), name(number + 1));
    }
  }

  return (level, event, facts = {}) => {
    if (clock.steady() - minute.began > 60_000) minute = { began: clock.steady(), lines: 0 };
    minute.lines += 1;
    if (minute.lines > LINES_A_MINUTE) return;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      rotate();
      const line = { at: instantOf(clock), level, event: redaction.text(event), ...redaction.facts(facts) };
      appendFileSync(name(0), `${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch {
      // A log that cannot be written must not stop a count from being saved.
    }
  };
}
