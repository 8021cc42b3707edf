/**
 * `npm run package`: what is installed on people's machines, into release/. Arguments go to electron-builder. With only
 * the npm-borne runtime at hand, `-- --dir` makes an unpacked folder to look at; nothing else is made from it.
 * `--as-built` takes the app as it was built last.
 */
import './preflight.mjs';
import { dirname } from 'node:path';
import { giveUp, say } from './prepare.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { buildApp, runTool } from './runtime/tools.mjs';

const isBuilt = process.argv.includes('--as-built');
const args = process.argv.slice(2).filter((word) => word !== '--as-built');
const isForElsewhere = args.some((word) =>
  /^(-[mwl]+|--(mac|win|linux|windows|macos|x64|arm64|ia32|armv7l|universal))$/.test(word),
);

if (!isBuilt) {
  const built = await buildApp(say);
  if (!built.ok) giveUp(built.error);
}

/** Where electron-builder takes Electron from: never a second download of what is here already. */
async function electronSource() {
  if (isForElsewhere) return [];
  const electron = await ensureElectron({ log: say });
  if (!electron.ok) giveUp(electron.error);
  const { executable, source, version } = electron.value;
  if (source === 'npm-borne') {
    if (!args.includes('--dir')) {
      giveUp({
        code: 'not_for_release',
        sentence: `Only Electron ${version} from npm is here, which is for development and never for a release. Try again where Electron's own download can be reached, or run \`npm run package -- --dir\` for an unpacked folder to look at.`,
      });
    }
    say(`Packaging with Electron ${version} from npm: for development only, do not hand it to anyone.`);
    return [`-c.electronDist=${dirname(executable)}`, `-c.electronVersion=${version}`];
  }
  if (source === 'override')
    return [
      `-c.electronDist=${process.env['ELECTRON_OVERRIDE_DIST_PATH']}`,
      ...(version === 'unknown' ? [] : [`-c.electronVersion=${version}`]),
    ];
  const folder = process.platform === 'darwin' ? dirname(dirname(dirname(dirname(executable)))) : dirname(executable);
  return [`-c.electronDist=${folder}`];
}

const { code } = await runTool(
  'electron-builder',
  ['--config', 'build/electron-builder.yml', '--publish', 'never', ...(await electronSource()), ...args],
  {
    command: 'electron-builder',
  },
);
process.exit(code);
