import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build } from 'vite';

/** Builds the bench page and its Electron entry into out/bench; the preload is the app's. `root` is the repository. */
export async function buildBench(root: string): Promise<void> {
  const page = join(root, 'test', 'bench', 'page');
  await build({
    root: page,
    configFile: false,
    logLevel: 'error',
    base: './',
    worker: { format: 'es' },
    build: {
      outDir: join(root, 'out', 'bench', 'page'),
      emptyOutDir: true,
      target: 'chrome130',
      chunkSizeWarningLimit: 4000,
    },
  });
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['electron'] },
    build: {
      ssr: join(root, 'test', 'bench', 'main.ts'),
      outDir: join(root, 'out', 'bench'),
      emptyOutDir: false,
      minify: false,
      target: 'node20',
      rolldownOptions: {
        platform: 'node',
        external: ['electron', /^node:/, ...builtinModules],
        output: { format: 'es', entryFileNames: 'main.js' },
      },
    },
  });
}
