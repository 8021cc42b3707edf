/** Running another program to its end. Never through a shell, so that paths with spaces and Windows paths pass whole. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * @typedef {object} Ended
 * @property {number} code exit code; 128 + n when signal n ended it; 127 when it could not be started
 * @property {NodeJS.Signals | null} signal
 * @property {string} output what it printed, when `quiet`
 */

/**
 * Runs a program and waits for it. A Ctrl-C or a polite request to end is passed on to it, and its own end is awaited.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.cwd]
 * @param {boolean} [options.quiet] keep the output instead of showing it
 * @param {number} [options.limitMs] end it (it alone) after this time
 * @param {(line: string) => boolean} [options.isNoise] lines of its error output that are not shown
 * @returns {Promise<Ended>}
 */
export async function runChild(command, args, { env = process.env, cwd, quiet = false, limitMs, isNoise } = {}) {
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', isNoise ? 'pipe' : 'inherit'];
  const child = spawn(command, args, { env, cwd, stdio, windowsHide: quiet });
  let output = '';
  if (quiet) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
  } else if (isNoise) showOtherLines(child.stderr, isNoise);
  /** @type {NodeJS.Signals[]} */
  const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  for (const signal of passedOn) process.on(signal, pass);
  const timer = limitMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs);
  try {
    return await new Promise((done) => {
      child.on('error', (problem) => done({ code: 127, signal: null, output: problem.message }));
      child.on('close', (code, signal) =>
        done({ code: code ?? 128 + (signal ? constants.signals[signal] : 0), signal, output }),
      );
    });
  } finally {
    clearTimeout(timer);
    for (const signal of passedOn) process.off(signal, pass);
  }
}

/** @param {import('node:stream').Readable | null} stream @param {(line: string) => boolean} isNoise */
function showOtherLines(stream, isNoise) {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (!isNoise(line)) process.stderr.write(`${line}\n`);
  });
  stream?.on('end', () => {
    if (rest && !isNoise(rest)) process.stderr.write(rest);
  });
}
