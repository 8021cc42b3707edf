/** The licences of everything that is bundled into the app, in one text that ships with it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @typedef {{ name: string, version: string, licence: string, text: string }} Licence */

/** The folder of a package as Node finds it from another. @param {string} name @param {string} from @returns {string | null} */
function packageFolder(name, from) {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(from);
  return above === from ? null : packageFolder(name, above);
}

/**
 * Every package that is shipped, and what those stand on, sorted by name: the dependencies of the project, not what builds
 * and tests it. A package without a licence text of its own has an empty one.
 *
 * @param {string} root the project's folder
 * @returns {readonly Licence[]}
 */
export function collectLicences(root) {
  /** @type {Map<string, Licence>} */
  const found = new Map();
  /** @param {string} folder */
  const walk = (folder) => {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies)) {
      const own = packageFolder(name, folder);
      if (own === null) continue;
      const { version, license } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8'));
      if (found.has(`${name} ${version}`)) continue;
      const file = readdirSync(own).find((one) => /^(licen[cs]e|copying)/i.test(one));
      const text = file === undefined ? '' : readFileSync(join(own, file), 'utf8').trim();
      found.set(`${name} ${version}`, { name, version, licence: String(license ?? 'unknown'), text });
      walk(own);
    }
  };
  walk(root);
  return [...found.values()].toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** The text that ships. @param {readonly Licence[]} licences */
export function licenceText(licences) {
  const line = '-'.repeat(80);
  const parts = licences.map(({ name, version, licence, text }) => `${name} ${version} (${licence})\n\n${text}\n`);
  return `Tallybook contains these packages. Electron and Chromium bring their own: LICENSES.chromium.html.\n\n${line}\n${parts.join(`\n${line}\n`)}`;
}

/** Packages of which something is in the verifier. */
const IN_VERIFIER = ['zod'];

/** How the verifier of evidence begins: what it is, and the licences of what is in it. @param {string} root the project's folder */
export function verifierBanner(root) {
  const own = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  const others = collectLicences(root).filter(({ name }) => IN_VERIFIER.includes(name));
  const texts = [own, ...others.map(({ name, version, text }) => `Contains ${name} ${version}.\n\n${text}`)];
  const lines = texts.join('\n\n').split('\n');
  const words = ['Tallybook evidence verifier: node verify.mjs FILE', '', ...lines];
  return words.map((line) => (line === '' ? '//' : `// ${line}`)).join('\n');
}
