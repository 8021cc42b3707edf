import { cpSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { collectLicences, licenceText, verifierBanner } from './licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** One bundle that runs in Node: the Electron main process or the preload. Everything but Electron itself is bundled. */
function machineSide(input: Record<string, string>, format: 'es' | 'cjs', extension: string) {
  return {
    consumer: 'server' as const,
    resolve: { noExternal: true as const, external: ['electron'] },
    build: {
      ssr: true,
      outDir: `${root}out/electron`,
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      target: 'node20',
      rolldownOptions: {
        input,
        platform: 'node' as const,
        external: ['electron', /^node:/, ...builtinModules],
        output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `[name]-[hash].${extension}` },
      },
    },
  };
}

/** The sample's files travel beside the main process, which reads them out to the page. */
const samples: Plugin = {
  name: 'samples',
  applyToEnvironment: (environment) => environment.name === 'main',
  closeBundle() {
    cpSync(`${root}build/samples`, `${root}out/electron/samples`, {
      recursive: true,
      filter: (path) => !path.endsWith('.mjs'),
    });
  },
};

/** What is bundled is named with its licence, beside the main process. */
const licences: Plugin = {
  name: 'licences',
  applyToEnvironment: (environment) => environment.name === 'main',
  closeBundle() {
    writeFileSync(`${root}out/electron/third-party-licences.txt`, licenceText(collectLicences(root)));
  },
};

/**
 * What checks evidence files: one file that needs nothing but Node, so everything is in it, the licences of what it contains
 * too, and nothing points to a file that is not beside it.
 */
function verifier() {
  const { build, ...side } = machineSide({ verify: `${root}electron/verify/verify.ts` }, 'es', 'mjs');
  const output = { ...build.rolldownOptions.output, banner: verifierBanner(root), codeSplitting: false };
  return { ...side, build: { ...build, sourcemap: false, rolldownOptions: { ...build.rolldownOptions, output } } };
}

export default defineConfig({
  root: `${root}renderer`,
  base: './',
  plugins: [react(), samples, licences],
  worker: { format: 'es' },
  build: {
    outDir: `${root}out/renderer`,
    emptyOutDir: true,
    target: 'chrome130',
    sourcemap: true,
    // The page's policy allows fonts and images from files only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    // One style sheet, so that no rule's place depends on what was loaded first.
    cssCodeSplit: false,
  },
  environments: {
    main: machineSide({ main: `${root}electron/main/main.ts` }, 'es', 'js'),
    preload: machineSide({ preload: `${root}electron/preload/preload.ts` }, 'cjs', 'cjs'),
    verify: verifier(),
  },
  builder: {
    async buildApp(builder) {
      for (const environment of Object.values(builder.environments)) {
        if (environment.name !== 'ssr') await builder.build(environment);
      }
    },
  },
});
