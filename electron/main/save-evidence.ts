import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** How the file begins that checks evidence: what begins otherwise is somebody else's. */
export const VERIFIER_START = '// Tallybook evidence verifier';
const NAMES = ['verify.mjs', 'tallybook-verify.mjs'] as const;

/** The name under which the verifier can lie in a folder without taking anybody's file. Throws where there is none. */
async function freeName(folder: string, evidence: string): Promise<string> {
  for (const name of NAMES) {
    if (name.toLowerCase() === evidence.toLowerCase()) continue;
    const there = await readFile(join(folder, name), 'utf8').catch((problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ENOENT') return VERIFIER_START;
      throw problem;
    });
    if (there.startsWith(VERIFIER_START)) return name;
  }
  throw Object.assign(new Error('both names are taken'), { code: 'EEXIST' });
}

async function writePieces(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Writes an evidence file and, beside it, what checks it; answers the name of that. The file gets its name last: where the
 * disk does not take all of it there is none, and what had this name before stays. Throws the system's refusals.
 */
export async function saveEvidence(
  path: string,
  pieces: AsyncIterable<Uint8Array>,
  verifier: Uint8Array,
): Promise<string> {
  const folder = dirname(path);
  const draft = `${path}.tallybook-part`;
  try {
    const name = await freeName(folder, basename(path));
    await writePieces(draft, pieces);
    await writeFile(join(folder, name), verifier);
    await rename(draft, path);
    return name;
  } catch (problem) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw problem;
  }
}
