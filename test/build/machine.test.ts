import { expect, test } from 'vitest';
import { lacksDisplay, withDisplay } from '../../build/display.mjs';
import { launchArguments, launchEnvironment } from '../../build/launch.mjs';
import { root, systemCache } from '../../build/runtime/places.mjs';
import { knownPackages, missingLibraries, packagesFor } from '../../build/system-libraries.mjs';
import { countPlaywright, countVitest, judge } from '../../build/test-report.mjs';

const roomy = { isRoot: false, canSandbox: true, sharedMemory: 2 ** 30, isWaylandOnly: false };

test('J99 Chromium keeps its sandbox unless the machine denies it', () => {
  expect(launchArguments(roomy)).toEqual([root]);
  expect(launchArguments({ ...roomy, isRoot: true, canSandbox: false })).toEqual(['--no-sandbox', root]);
  expect(launchArguments({ ...roomy, sharedMemory: 64 * 1024 * 1024 })).toEqual(['--disable-dev-shm-usage', root]);
});

test('J99 an editor terminal that would turn Electron into a plain Node does not', () => {
  expect(launchEnvironment({ ELECTRON_RUN_AS_NODE: '1', PATH: '/bin' })).toEqual({ PATH: '/bin' });
});

test('J99 a display that is there is used as it is', async () => {
  expect(lacksDisplay({}, 'linux')).toBe(true);
  expect(lacksDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(false);
  expect(lacksDisplay({}, 'darwin')).toBe(false);
  const seen = await withDisplay(async (env) => env['DISPLAY'], { DISPLAY: ':42' });
  expect(seen).toEqual({ ok: true, value: ':42' });
});

test('J100 missing libraries become the package names that this release of the system knows', () => {
  const ldd =
    '\tlibgtk-3.so.0 => not found\n\tlibasound.so.2 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibgdk-3.so.0 => not found\n';
  const missing = missingLibraries(ldd);
  expect(missing).toEqual(['libgtk-3.so.0', 'libasound.so.2', 'libgdk-3.so.0']);
  expect(packagesFor(missing, new Set(['libgtk-3-0', 'libasound2']))).toEqual(['libasound2', 'libgtk-3-0']);
  const policy = [
    'libasound2:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n',
    'libasound2t64:\n  Installed: (none)\n  Candidate: 1.2.11-1\n  Version table:\n     1.2.11-1 500\n',
    'libgtk-3-0t64:\n  Installed: (none)\n  Candidate: 3.24.41\n  Version table:\n',
  ].join('');
  expect([...knownPackages(policy)]).toEqual(['libasound2t64', 'libgtk-3-0t64']);
  expect(packagesFor(missing, knownPackages(policy))).toEqual(['libasound2t64', 'libgtk-3-0t64']);
});

test('J101 a run without a single test fails, and so does one that only says so by its exit code', () => {
  expect(judge({ passed: 0, failed: 0 }, 0)).toEqual({ passed: 0, failed: 1 });
  expect(judge({ passed: 3, failed: 0 }, 1)).toEqual({ passed: 3, failed: 1 });
  expect(judge({ passed: 3, failed: 0 }, 0)).toEqual({ passed: 3, failed: 0 });
  expect(judge({ passed: 3, failed: 2 }, 1)).toEqual({ passed: 3, failed: 2 });
  expect(judge(countVitest(null), 1)).toEqual({ passed: 0, failed: 1 });
});

test('J101 skipped, repeated and unloadable tests count as failed', () => {
  const states = ['passed', 'failed', 'skipped'].map((status) => ({ status }));
  expect(
    countVitest({
      testResults: [
        { status: 'failed', assertionResults: states },
        { status: 'failed', assertionResults: [] },
      ],
    }),
  ).toEqual({
    passed: 1,
    failed: 3,
  });
  expect(countPlaywright({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 1 }, errors: [{}] })).toEqual({
    passed: 4,
    failed: 4,
  });
});

test('J102 the runtime is cached where this system keeps such things', () => {
  expect(systemCache('tallybook', { XDG_CACHE_HOME: '/caches' }, 'linux')).toMatch(/^[\\/]caches[\\/]tallybook$/);
  expect(systemCache('tallybook', { XDG_CACHE_HOME: 'relative' }, 'linux')).toMatch(/\.cache[\\/]tallybook$/);
  expect(systemCache('tallybook', {}, 'darwin')).toMatch(/Library[\\/]Caches[\\/]tallybook$/);
  expect(systemCache('tallybook', { LOCALAPPDATA: 'C:/Local' }, 'win32')).toMatch(/Local[\\/]tallybook[\\/]Cache$/);
});
