import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** What every room of the host stands on. */
const GROUND = ['electron/host/disk', 'shared/ports', 'shared/domain'] as const;

/**
 * Who may import whom: arrows down only. A file obeys the row with the longest path that it lies in or under; what is in
 * the same row may always be imported. `packages`: names, or beginnings ended by '*'. Nothing else may be imported.
 */
const LAYERS: Readonly<Record<string, { ours: readonly string[]; packages: readonly string[] }>> = {
  // Runs anywhere.
  'shared/domain': { ours: [], packages: ['zod'] },
  'shared/ports': { ours: ['shared/domain'], packages: ['zod'] },
  // Syncing, from below: what a remote has, what is on its way there, what shall go there, who decides and sends.
  'shared/sync/seen': { ours: ['shared/ports', 'shared/domain'], packages: [] },
  'shared/sync/outbox': { ours: ['shared/sync/seen', 'shared/ports', 'shared/domain'], packages: [] },
  'shared/sync/plan': {
    ours: ['shared/sync/outbox', 'shared/sync/seen', 'shared/ports', 'shared/domain'],
    packages: [],
  },
  'shared/sync/desk': {
    ours: ['shared/sync/outbox', 'shared/sync/seen', 'shared/ports', 'shared/domain'],
    packages: [],
  },
  // Several laptops: who is believed, and the file that goes between them.
  'shared/team': { ours: ['shared/domain'], packages: ['zod'] },
  'shared/remotes': { ours: ['shared/ports', 'shared/domain'], packages: ['zod'] },

  // The page, from below.
  'renderer/texts': { ours: [], packages: ['i18next', 'react-i18next'] },
  'renderer/ui': {
    ours: ['shared/domain', 'renderer/texts'],
    packages: ['qr', 'react', 'react-dom', 'react-i18next', '@tanstack/react-virtual', '@fontsource/*'],
  },
  'renderer/scan': { ours: ['renderer/ui', 'shared/domain'], packages: ['react'] },
  'renderer/sound': { ours: [], packages: [] },
  'renderer/host': { ours: ['shared/ports', 'shared/domain'], packages: ['zod'] },
  'renderer/ledger': { ours: ['shared/sync', 'shared/ports', 'shared/domain'], packages: ['rxdb', 'rxdb/*', 'dexie'] },
  'renderer/import': {
    ours: ['renderer/ledger', 'shared/ports', 'shared/domain'],
    packages: ['papaparse/*'],
  },
  'renderer/sync': { ours: ['renderer/ledger', 'shared/sync', 'shared/ports', 'shared/domain'], packages: [] },

  // What every screen stands on: the open ledger and who is there; then what is at hand wherever stock is scanned.
  'renderer/tallybook': {
    ours: ['renderer/ui', 'renderer/ledger', 'renderer/sync', 'renderer/sound', 'shared/ports', 'shared/domain'],
    packages: ['react', 'react-i18next'],
  },
  'renderer/shelf': {
    ours: [
      'renderer/tallybook',
      'renderer/scan',
      'renderer/ui',
      'renderer/texts',
      'renderer/ledger',
      'renderer/sound',
      'shared/ports',
      'shared/domain',
    ],
    packages: ['react', 'react-i18next', 'i18next'],
  },
  'renderer/stores': {
    ours: ['renderer/shelf', 'renderer/ui', 'renderer/texts', 'shared/domain'],
    packages: ['zustand', 'zustand/*'],
  },

  // The screens, then what shows them.
  'renderer/features': {
    ours: [
      'renderer/stores',
      'renderer/shelf',
      'renderer/tallybook',
      'renderer/ui',
      'renderer/texts',
      'renderer/ledger',
      'renderer/sync',
      'renderer/import',
      'renderer/host',
      'renderer/scan',
      'renderer/sound',
      'shared/sync',
      'shared/ports',
      'shared/domain',
    ],
    packages: ['react', 'react-dom', 'react-i18next', 'i18next', 'wouter', 'zod'],
  },
  'renderer/app': {
    ours: [
      'renderer/features',
      'renderer/stores',
      'renderer/shelf',
      'renderer/tallybook',
      'renderer/import',
      'renderer/ui',
      'renderer/texts',
      'renderer/ledger',
      'renderer/sync',
      'renderer/scan',
      'renderer/sound',
      'shared/ports',
      'shared/team',
      'shared/domain',
    ],
    packages: ['react', 'react-dom/client', 'react-i18next', 'i18next', 'wouter', 'wouter/*'],
  },
  'renderer/main.tsx': {
    ours: ['renderer/app', 'renderer/scan', 'renderer/host', 'renderer/sound', 'renderer/stores'],
    packages: ['zod'],
  },

  // The machine, from below: files, secrets, the log, the journal, who may write what, and what stands on them.
  'electron/host/disk': { ours: ['shared/ports', 'shared/domain'], packages: ['node:*', 'zod'] },
  'electron/host/secrets': {
    ours: ['electron/host/disk', 'shared/ports', 'shared/domain'],
    packages: ['node:*', 'zod', 'hash-wasm'],
  },
  'electron/host/log': { ours: ['electron/host/secrets', ...GROUND], packages: ['node:*'] },
  'electron/host/journal': { ours: GROUND, packages: ['node:*', 'zod'] },
  'electron/host/authority': {
    ours: ['electron/host/journal', 'electron/host/log', 'shared/sync', 'shared/team', ...GROUND],
    packages: ['node:*', 'zod'],
  },
  'electron/host/people': {
    ours: ['electron/host/authority', 'electron/host/journal', 'electron/host/log', 'electron/host/secrets', ...GROUND],
    packages: ['node:*', 'zod'],
  },
  'electron/host/remotes': {
    ours: [
      'electron/host/authority',
      'electron/host/journal',
      'electron/host/log',
      'electron/host/secrets',
      'shared/sync',
      'shared/team',
      ...GROUND,
    ],
    packages: ['node:*', 'zod'],
  },
  'electron/host/team': {
    ours: [
      'electron/host/authority',
      'electron/host/journal',
      'electron/host/log',
      'electron/host/secrets',
      'shared/team',
      ...GROUND,
    ],
    packages: ['node:*', 'zod'],
  },
  'electron/host/copies': {
    ours: ['electron/host/journal', 'electron/host/log', ...GROUND],
    packages: ['node:*', 'zod'],
  },
  'electron/host': { ours: ['shared/ports', 'shared/domain'], packages: ['node:*', 'zod'] },
  // Carry what laptops say to each other, and know nothing of it.
  'electron/carriers': { ours: GROUND, packages: ['node:*'] },
  'electron/carriers/nats': { ours: GROUND, packages: ['node:*', 'zod', '@nats-io/transport-node'] },
  // Checks evidence files, by the rules of the host: a program of its own, without Electron.
  'electron/verify': {
    ours: [
      'electron/host/team',
      'electron/host/authority',
      'electron/host/journal',
      'electron/host/secrets',
      'shared/team',
      'shared/domain',
    ],
    packages: ['node:*'],
  },
  'electron/main': {
    ours: ['electron/carriers', 'electron/host', 'shared/remotes', 'shared/ports', 'shared/domain'],
    packages: ['electron', 'node:*', 'zod'],
  },
  'electron/preload': { ours: ['shared/ports'], packages: ['electron'] },
};

/** Packages that one folder alone may name, whatever the table says. */
const ONLY_IN: readonly { packages: RegExp; folders: readonly string[] }[] = [
  { packages: /^electron$/, folders: ['electron/main', 'electron/preload'] },
  { packages: /^(rxdb|dexie)(\/|$)/, folders: ['renderer/ledger'] },
  { packages: /^zustand(\/|$)/, folders: ['renderer/stores'] },
  { packages: /^@nats-io\//, folders: ['electron/carriers/nats'] },
];

const root = fileURLToPath(new URL('..', import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'));
}

const text = (file: string) => readFileSync(join(root, file), 'utf8');
const isIn = (file: string, path: string) => file === path || file.startsWith(`${path}/`);

/** What a file imports: our files by path from the root, packages by name. */
function imports(file: string): string[] {
  const source = text(file);
  const found = [
    /^(?:import|export)\s[^'"]*?from\s*'([^']+)'/gm,
    /^import\s*'([^']+)'/gm,
    /\bimport\(\s*'([^']+)'/g,
    /new URL\(\s*'(\.[^']+)',\s*import\.meta\.url/g,
  ];
  return found.flatMap((pattern) =>
    [...source.matchAll(pattern)].map(([, name = '']) =>
      name.startsWith('.') ? normalize(join(dirname(file), name)).replaceAll('\\', '/') : name,
    ),
  );
}

function rowOf(file: string): string | undefined {
  return Object.keys(LAYERS)
    .filter((path) => isIn(file, path))
    .toSorted((left, right) => right.length - left.length)[0];
}

function isAllowed(file: string, imported: string): boolean {
  const row = rowOf(file);
  const layer = row === undefined ? undefined : LAYERS[row];
  if (!layer || row === undefined) return false;
  if (!/^(shared|renderer|electron)\//.test(imported)) {
    return layer.packages.some((name) =>
      name.endsWith('*') ? imported.startsWith(name.slice(0, -1)) : imported === name,
    );
  }
  return isIn(imported, row) || layer.ours.some((path) => isIn(imported, path));
}

const files = ['shared', 'renderer', 'electron'].flatMap(sources);
const code = files.flatMap((file) => imports(file).map((imported) => ({ file, imported })));
const said = ({ file, imported }: { file: string; imported: string }) => `${file} → ${imported}`;

describe('layers', () => {
  test('L140 every file lies in a folder that the table knows', () => {
    expect([files.length > 100, code.length > 300]).toEqual([true, true]);
    expect(files.filter((file) => rowOf(file) === undefined)).toEqual([]);
  });

  test('L141 every import points down: nothing is imported that the table does not allow', () => {
    expect(code.filter(({ file, imported }) => !isAllowed(file, imported)).map(said)).toEqual([]);
  });

  test('L142 only the Electron side names electron, only the ledger its database, only the stores their library', () => {
    const strays = code.filter(({ file, imported }) =>
      ONLY_IN.some(({ packages, folders }) => packages.test(imported) && !folders.some((folder) => isIn(file, folder))),
    );
    expect(strays.map(said)).toEqual([]);
  });

  test('L143 a screen never imports another screen, and no remote another remote', () => {
    const groups = [/^renderer\/features\/([^/]+)\//, /^shared\/remotes\/(?!http\/)([^/]+)\//];
    const strays = code.filter(({ file, imported }) =>
      groups.some((group) => {
        const [from, to] = [group.exec(file)?.[1], group.exec(imported)?.[1]];
        return from !== undefined && to !== undefined && from !== to;
      }),
    );
    expect(strays.map(said)).toEqual([]);
  });

  test('L145 there are no barrels', () => {
    expect(files.filter((file) => /(^|\/)index\.tsx?$/.test(file))).toEqual([]);
    expect(files.filter((file) => /^export \*/m.test(text(file)))).toEqual([]);
  });

  test('L146 what is shared takes time, chance and the network as parameters', () => {
    const asked =
      /\bDate\.now\b|\bMath\.random\b|\bnew Date\(\)|\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\bglobalThis\b|\bfetch\(|\bperformance\.|\bcrypto\b|\bprocess\.|\bwindow\.|\bdocument\./;
    const strays = sources('shared').flatMap((file) =>
      text(file)
        .split('\n')
        .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line) && asked.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(strays).toEqual([]);
  });
});
