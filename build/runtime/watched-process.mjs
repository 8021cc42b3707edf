/** A program whose progress is read from what it leaves on disk, and which is ended when nothing grows any more. */
import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok } from './outcome.mjs';

/** @type {NodeJS.Signals[]} asked to end, this process takes the program along */
const REQUESTS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function leave() {
  process.exit(130);
}

/** Bytes in a file or a folder and all below; what vanishes meanwhile counts nothing. @param {string} path @returns {Promise<number>} */
export async function measure(path) {
  try {
    const found = await stat(path);
    if (!found.isDirectory()) return found.size;
    const sizes = await Promise.all((await readdir(path)).map((name) => measure(join(path, name))));
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}

/**
 * Runs a program to its end, or ends it (it alone, by its id) once the watched paths have not grown for `stallMs`.
 *
 * @param {object} options
 * @param {string} options.command
 * @param {readonly string[]} options.args
 * @param {readonly string[]} options.watch files and folders that grow while it works
 * @param {number} options.stallMs
 * @param {number} [options.pollMs]
 * @param {(bytes: number) => void} [options.onGrowth] bytes since the start
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.cwd]
 * @returns {Promise<{ ok: true, value: string } | { ok: false, error: import('./outcome.mjs').Problem }>} what it printed
 */
export async function runWatched({ command, args, watch, stallMs, pollMs = 500, onGrowth, env, cwd }) {
  const total = async () => (await Promise.all(watch.map(measure))).reduce((sum, size) => sum + size, 0);
  const before = await total();
  const child = spawn(command, args, {
    env: env ?? process.env,
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  for (const request of REQUESTS) process.once(request, leave);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-8192);
    });
  }
  let largest = before;
  let grewAt = Date.now();
  let stalled = false;
  const look = async () => {
    const now = await total();
    if (now > largest) {
      largest = now;
      grewAt = Date.now();
      onGrowth?.(now - before);
    } else if (Date.now() - grewAt >= stallMs) {
      stalled = true;
      end();
    }
  };
  const timer = setInterval(() => void look(), pollMs);
  /** @type {{ exit: number | null, problem?: Error }} */
  const { exit, problem } = await new Promise((done) => {
    child.on('error', (error) => done({ exit: null, problem: error }));
    child.on('close', (code) => done({ exit: code }));
  });
  clearInterval(timer);
  process.off('exit', end);
  for (const request of REQUESTS) process.off(request, leave);
  if (exit === 0) return ok(output);
  if (stalled) return failed('stalled', `nothing arrived for ${Math.round(stallMs / 1000)} s`);
  if (problem) return failed('not_started', `${command} could not be started: ${problem.message}`);
  return failed('failed', tellingLine(output) || `it ended with exit code ${exit}`);
}

/** The line of a program's output that says most about its failure: the first that gives a reason, or the last at all. */
function tellingLine(/** @type {string} */ output) {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)/, '').trim())
    .filter(Boolean);
  const telling = /reason:|\b[45]\d\d\b|not found|ENOSPC|EACCES|ENOTFOUND|ECONN|ETIMEDOUT|CERT_|certificate/;
  return lines.find((line) => telling.test(line) && !/^(code|errno|syscall)/.test(line)) ?? lines.at(-1) ?? '';
}
