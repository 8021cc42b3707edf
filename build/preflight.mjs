/**
 * What must hold before anything else is loaded: the Node version and the installed packages. Imported first by every
 * script; it uses nothing that an old Node lacks, so that an old Node hears a sentence instead of a syntax error.
 */
import fs from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Tallybook needs Node 20.19 or newer; this is ${process.version}. Install a newer Node and run the command again.\n`,
  );
  process.exit(1);
}
for (const name of ['vite', 'electron', '@electron/fuses', '@playwright/test']) {
  if (!fs.existsSync(new URL(`../node_modules/${name}/package.json`, import.meta.url))) {
    process.stderr.write('The packages are not installed here. Run `npm ci` first, then this command again.\n');
    process.exit(1);
  }
}
