/** How Electron is started on this machine: its arguments and its environment. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { root } from './runtime/places.mjs';

/** Below this, Chromium's pages die for want of shared memory (containers often have 64 MB). */
const ENOUGH_SHARED_MEMORY = 256 * 1024 * 1024;

/** @typedef {{ isRoot: boolean, canSandbox: boolean, sharedMemory: number, isWaylandOnly: boolean }} Machine */

/** What this machine allows Chromium. @param {NodeJS.ProcessEnv} [env] @returns {Machine} */
export function inspectMachine(env = process.env) {
  if (process.platform !== 'linux')
    return { isRoot: false, canSandbox: true, sharedMemory: Infinity, isWaylandOnly: false };
  const isRoot = process.getuid?.() === 0;
  // Chromium's sandbox stands on user namespaces, which containers and Ubuntu 24.04 may deny to ordinary users.
  const attempt = isRoot
    ? null
    : spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore', timeout: 5000 });
  return {
    isRoot,
    canSandbox: !isRoot && (attempt?.error !== undefined || attempt?.status === 0),
    sharedMemory: sharedMemorySize(),
    isWaylandOnly: !env['DISPLAY'] && Boolean(env['WAYLAND_DISPLAY']),
  };
}

function sharedMemorySize() {
  try {
    const { bsize, blocks } = fs.statfsSync('/dev/shm');
    return bsize * blocks;
  } catch {
    return 0;
  }
}

/**
 * Electron's arguments up to and including the app's folder; a caller's own come after. `--no-sandbox` is there for root,
 * for whom Chromium refuses to start otherwise, and where the machine denies the sandbox to everybody.
 *
 * @param {Machine} [machine]
 * @returns {string[]}
 */
export function launchArguments(machine = inspectMachine()) {
  return [
    ...(machine.canSandbox ? [] : ['--no-sandbox']),
    ...(machine.sharedMemory < ENOUGH_SHARED_MEMORY ? ['--disable-dev-shm-usage'] : []),
    ...(machine.isWaylandOnly ? ['--ozone-platform-hint=auto'] : []),
    root,
  ];
}

/** The environment for Electron: without the variable (set in some editors' terminals) that turns it into a plain Node. @param {NodeJS.ProcessEnv} [env] */
export function launchEnvironment(env = process.env) {
  const { ELECTRON_RUN_AS_NODE: _, ...rest } = env;
  return rest;
}

/**
 * What a program that starts Electron itself (a journey, the demo) needs to know, as environment variables.
 *
 * @param {string} executable
 * @param {NodeJS.ProcessEnv} [env]
 */
export function tellElectron(executable, env = process.env) {
  return {
    ...launchEnvironment(env),
    TALLYBOOK_ELECTRON: executable,
    TALLYBOOK_ELECTRON_ARGS: JSON.stringify(launchArguments(inspectMachine(env))),
  };
}
