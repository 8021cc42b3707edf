/**
 * The server that the tests of the site server run against: the one named by TALLYBOOK_NATS_SERVER, one on the path, or
 * Debian's own package, fetched by apt's own client from the mirror that this machine is set up with, and kept in our cache.
 * Nothing is installed. Never what a package ships.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runChild } from './runtime/child.mjs';
import { failed, ok, reasonOf } from './runtime/outcome.mjs';
import { ownCache } from './runtime/places.mjs';

/** What of each distribution holds a server that is new enough, the best first: what is newest moves, and may be gone. */
const SUITES = {
  debian: { names: ['forky', 'sid', 'trixie'], component: 'main' },
  ubuntu: { names: ['resolute', 'questing'], component: 'universe' },
};
/** From this version on no crash is known to lose what was acknowledged. */
const OLDEST = [2, 10, 23];

/** What `nats-server --version` says; null: that is none, or it is too old. @param {string} output @returns {string | null} */
export function readVersion(output) {
  const version = /v(\d+)\.(\d+)\.(\d+)/.exec(output);
  if (version === null) return null;
  const parts = version.slice(1, 4).map(Number);
  const at = OLDEST.findIndex((oldest, place) => parts[place] !== oldest);
  return at === -1 || (parts[at] ?? 0) > (OLDEST[at] ?? 0) ? parts.join('.') : null;
}

/** @param {string} executable */
async function versionOf(executable) {
  const { code, output } = await runChild(executable, ['--version'], { quiet: true, limitMs: 30_000 });
  return code === 0 ? readVersion(output) : null;
}

/**
 * The mirror of this system's own release; null: it has none.
 *
 * @param {string} targets what `apt-get indextargets` says: release and address, one target a line
 * @param {string} codename the release of this system
 */
export function mirrorOf(targets, codename) {
  for (const line of targets.split('\n')) {
    const [release, address] = line.split('|');
    if (release === codename && address) return address;
  }
  return null;
}

/** What apt checks the other suite with, as a line of its source. @param {string} id */
function signedBy(id) {
  const keyring = ['gpg', 'pgp']
    .map((end) => `/usr/share/keyrings/${id}-archive-keyring.${end}`)
    .find((file) => existsSync(file));
  return keyring === undefined ? '' : `Signed-By: ${keyring}\n`;
}

/** @param {string} cache */
async function findCached(cache) {
  const names = existsSync(cache) ? await readdir(cache) : [];
  for (const name of names
    .filter((one) => one.startsWith('nats-server-'))
    .toSorted()
    .toReversed()) {
    const executable = join(cache, name, 'usr', 'sbin', 'nats-server');
    if (existsSync(executable) && (await versionOf(executable)) !== null) return executable;
  }
  return null;
}

/** Fetches and unpacks what one suite has. @param {string} work @param {string} sources @param {NodeJS.ProcessEnv} env */
async function fetchFrom(work, sources, env) {
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'deb'])
    await mkdir(join(work, folder), { recursive: true });
  await writeFile(join(work, 'state', 'status'), '');
  await writeFile(join(work, 'suite.sources'), sources);
  const own = {
    'Dir::Etc::SourceList': join(work, 'suite.sources'),
    'Dir::Etc::SourceParts': '-',
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(work, 'state', 'status'),
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root',
    'APT::Update::Post-Invoke': '',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '30',
  };
  const options = Object.entries(own).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const cwd = join(work, 'deb');
  /** @param {string[]} words */
  const apt = (words) => runChild('apt-get', [...options, ...words], { quiet: true, env, cwd, limitMs: 300_000 });
  const updated = await apt(['update']);
  const downloaded = updated.code === 0 ? await apt(['download', 'nats-server']) : updated;
  const deb = (await readdir(cwd)).find((name) => name.endsWith('.deb'));
  if (downloaded.code !== 0 || deb === undefined)
    return failed(
      'not_fetched',
      downloaded.output.split('\n').findLast((line) => line.startsWith('E:')) ?? 'no answer',
    );
  const unpacked = await runChild('dpkg-deb', ['-x', join(cwd, deb), join(work, 'unpacked')], { quiet: true, env });
  if (unpacked.code !== 0) return failed('not_unpacked', unpacked.output.trim());
  const version = await versionOf(join(work, 'unpacked', 'usr', 'sbin', 'nats-server'));
  return version === null ? failed('too_old', `${deb} is too old or does not run here`) : ok(version);
}

/** @param {string} cache @param {import('./runtime/outcome.mjs').Log} log @param {NodeJS.ProcessEnv} env */
async function fetchServer(cache, log, env) {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const id = /^ID=(\w+)/m.exec(release)?.[1];
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1] ?? '';
  const { names, component } = id === 'debian' || id === 'ubuntu' ? SUITES[id] : { names: [], component: '' };
  const targets = await runChild(
    'apt-get',
    ['indextargets', '--format', '$(RELEASE)|$(REPO_URI)', 'Created-By: Packages'],
    { quiet: true, env, limitMs: 60_000 },
  );
  const mirror = mirrorOf(targets.output, codename);
  if (mirror === null)
    return failed('no_mirror', 'this system has no mirror of Debian or Ubuntu in its list of sources');
  const reasons = [];
  for (const suite of names) {
    const work = join(cache, `nats-fetching-${process.pid}`);
    try {
      log(`Fetching nats-server of ${suite} with apt (once; for tests only).`);
      const sources = `Types: deb\nURIs: ${mirror}\nSuites: ${suite}\nComponents: ${component}\n${signedBy(id ?? '')}`;
      const fetched = await fetchFrom(work, sources, env);
      if (fetched.ok) {
        const folder = join(cache, `nats-server-${fetched.value}`);
        // Another run may have finished first: then its copy is as good as ours.
        await rename(join(work, 'unpacked'), folder).catch(() => undefined);
        const found = await findCached(cache);
        if (found !== null) return ok(found);
      } else reasons.push(`${suite}: ${fetched.error.sentence}`);
    } catch (problem) {
      reasons.push(`${suite}: ${reasonOf(problem)}`);
    } finally {
      await rm(work, { recursive: true, force: true }).catch(() => undefined);
    }
  }
  return failed('not_fetched', reasons.join('; '));
}

/**
 * A nats-server that is new enough.
 *
 * @param {object} [options]
 * @param {import('./runtime/outcome.mjs').Log} [options.log]
 * @param {NodeJS.ProcessEnv} [options.env]
 */
export async function ensureNatsServer({ log = () => undefined, env = process.env } = {}) {
  const given = env['TALLYBOOK_NATS_SERVER'];
  if (given !== undefined)
    return (await versionOf(given)) === null
      ? failed(
          'not_usable',
          `TALLYBOOK_NATS_SERVER names ${given}, which is no nats-server of ${OLDEST.join('.')} or newer.`,
        )
      : ok(given);
  const name = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
  const onPath = [...(env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name));
  for (const executable of onPath)
    if (existsSync(executable) && (await versionOf(executable)) !== null) return ok(executable);
  const cache = ownCache(env);
  const cached = await findCached(cache);
  if (cached !== null) return ok(cached);
  await mkdir(cache, { recursive: true });
  const fetched = await fetchServer(cache, log, env);
  return fetched.ok
    ? fetched
    : failed(
        'server_missing',
        `The tests of the site server need nats-server ${OLDEST.join('.')} or newer, and it could not be fetched (${fetched.error.sentence}). Install it, or name it in TALLYBOOK_NATS_SERVER.`,
      );
}
