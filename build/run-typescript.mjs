/** Runs a TypeScript program of ours on this Node, which may be too old to read TypeScript: it is bundled first. */
import { basename, join } from 'node:path';
import { runChild } from './runtime/child.mjs';
import { root } from './runtime/places.mjs';

/**
 * Bundles one entry to out/tools/<name>.mjs and runs it in the repository's root. Our own files go into the bundle, what
 * is in node_modules stays there. `import.meta.url` is the bundle's place: programs find files from the working folder.
 *
 * @param {string} entry path from the repository's root
 * @param {readonly string[]} args passed through
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code
 */
export async function runTypeScript(entry, args, env = process.env) {
  const { build } = await import('vite');
  const name = basename(entry).replace(/\.\w+$/, '');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { target: 'node', external: ['electron'] },
    build: {
      ssr: join(root, entry),
      outDir: join(root, 'out', 'tools'),
      emptyOutDir: false,
      minify: false,
      sourcemap: true,
      target: 'node20',
      rolldownOptions: {
        output: { format: 'es', entryFileNames: `${name}.mjs`, chunkFileNames: `${name}-[hash].mjs` },
      },
    },
  });
  const { code } = await runChild(
    process.execPath,
    ['--enable-source-maps', join(root, 'out', 'tools', `${name}.mjs`), ...args],
    { cwd: root, env },
  );
  return code;
}
