/** A display to draw on: the person's own, or a virtual one for as long as it is needed. */
import { spawn } from 'node:child_process';
import { failed, ok } from './runtime/outcome.mjs';

/** Does Electron need a display that is not there? Only Linux can be without one. @param {NodeJS.ProcessEnv} [env] @param {NodeJS.Platform} [platform] */
export function lacksDisplay(env = process.env, platform = process.platform) {
  return platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY'];
}

/** What runs is asked to end as well; should it not, this process leaves, and takes the display along. */
function leave() {
  setTimeout(() => process.exit(143), 5000).unref();
}

/**
 * Runs something with a display. Without one, starts Xvfb on a free number, and ends it (it alone) afterwards, also when
 * this process is asked to end.
 *
 * @template Value
 * @param {(env: NodeJS.ProcessEnv) => Promise<Value>} run is given the environment that names the display
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<{ ok: true, value: Value } | { ok: false, error: import('./runtime/outcome.mjs').Problem }>}
 */
export async function withDisplay(run, env = process.env) {
  if (!lacksDisplay(env)) return ok(await run(env));
  const server = await startVirtualDisplay(env);
  if (!server.ok) return server;
  const { number, stop } = server.value;
  /** @type {NodeJS.Signals[]} */
  const requests = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  process.on('exit', stop);
  for (const request of requests) process.on(request, leave);
  try {
    return ok(await run({ ...env, DISPLAY: `:${number}` }));
  } finally {
    stop();
    process.off('exit', stop);
    for (const request of requests) process.off(request, leave);
  }
}

/** @param {NodeJS.ProcessEnv} env @param {number} [limitMs] */
async function startVirtualDisplay(env, limitMs = 20_000) {
  const args = ['-displayfd', '3', '-screen', '0', '1920x1080x24', '-nolisten', 'tcp', '-noreset'];
  const child = spawn('Xvfb', args, { env, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const stop = () => void child.kill();
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    complaint = (complaint + text).slice(-2000);
  });
  /** @type {string} */
  const answer = await new Promise((done) => {
    const timer = setTimeout(() => done(''), limitMs);
    let text = '';
    const end = (/** @type {string} */ value) => {
      clearTimeout(timer);
      done(value);
    };
    child.stdio[3]?.on('data', (/** @type {Buffer} */ part) => {
      text += part.toString();
      if (text.includes('\n')) end(text.trim());
    });
    child.on('error', () => end(''));
    child.on('close', () => end(''));
  });
  if (/^\d+$/.test(answer)) return ok({ number: Number(answer), stop });
  stop();
  const why = complaint.trim().split('\n').at(-1) ?? '';
  return failed(
    'no_display',
    `There is no display, and a virtual one could not be started${why ? ` (${why})` : ''}; install Xvfb (Debian, Ubuntu: apt-get install xvfb) and run the command again.`,
  );
}
