import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Redaction } from '../secrets/redact.ts';
import { instantOf, type Clock } from '../disk/turns.ts';

export type LogLevel = 'info' | 'warn' | 'error';
/** One door to the log: JSON lines, redacted. Never throws and never keeps anybody waiting. */
export type Log = (level: LogLevel, event: string, facts?: Readonly<Record<string, unknown>>) => void;

const FILE_BYTES = 1_000_000;
const FILES = 5;
/** A line that would be longer keeps its time, level and event, and the beginning of the rest. */
const LINE_LETTERS = 4_000;
const MINUTE_MS = 60_000;

/**
 * What is logged apart, each in files of its own and with its own share of lines a minute, so that a flood of one neither
 * silences another nor wipes its past. `refused`: what somebody was not allowed; a page that logs in a loop cannot hide it.
 */
const STREAMS = {
  host: { file: 'host', linesAMinute: 300 },
  page: { file: 'page', linesAMinute: 120 },
  refused: { file: 'refused', linesAMinute: 600 },
} as const;
type Stream = keyof typeof STREAMS;

/** The door of the host itself, and the page's. */
export type Logs = { readonly host: Log; readonly page: Log };

/**
 * The log in `logs/` of the profile: `host.jsonl`, `page.jsonl` and `refused.jsonl` are the newest files, `….4.jsonl` the
 * oldest, a megabyte each. What is left out in a minute is counted in a line of its own.
 */
export function createLogs(profile: string, clock: Clock, redaction: Redaction): Logs {
  const folder = join(profile, 'logs');
  const minutes = new Map<Stream, { began: number; lines: number }>();

  function write(stream: Stream, line: Readonly<Record<string, unknown>>): void {
    const name = (number: number) =>
      join(folder, number === 0 ? `${STREAMS[stream].file}.jsonl` : `${STREAMS[stream].file}.${number}.jsonl`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (existsSync(name(0)) && statSync(name(0)).size >= FILE_BYTES) {
        for (let number = FILES - 2; number >= 0; number -= 1) {
          if (existsSync(name(number))) renameSync(name(number), name(number + 1));
        }
      }
      appendFileSync(name(0), `${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch {
      // A log that cannot be written must not stop a count from being saved.
    }
  }

  /** Whether the stream has a line left in this minute; what was left out in the one before is told first. */
  function hasRoom(stream: Stream): boolean {
    const now = clock.steady();
    const { linesAMinute } = STREAMS[stream];
    let minute = minutes.get(stream);
    if (minute === undefined || now - minute.began > MINUTE_MS) {
      const leftOut = (minute?.lines ?? 0) - linesAMinute;
      if (leftOut > 0) write(stream, { at: instantOf(clock), level: 'warn', event: 'lines_left_out', lines: leftOut });
      minute = { began: now, lines: 0 };
      minutes.set(stream, minute);
    }
    minute.lines += 1;
    return minute.lines <= linesAMinute;
  }

  function logTo(stream: Stream, ...[level, event, facts = {}]: Parameters<Log>): void {
    if (!hasRoom(stream)) return;
    const head = { at: instantOf(clock), level, event: redaction.text(event) };
    const all = redaction.facts(facts);
    const text = JSON.stringify(all);
    write(stream, { ...head, ...(text.length > LINE_LETTERS ? { cut: text.slice(0, LINE_LETTERS) } : all) });
  }

  return {
    host: (level, event, facts) => logTo(isRefusal(event) ? 'refused' : 'host', level, event, facts),
    page: (level, event, facts) => logTo('page', level, event, facts),
  };
}

function isRefusal(event: string): boolean {
  return event === 'denied' || event.endsWith('_refused');
}
