import { createHash } from 'node:crypto';
import type { VirtualDisk } from './virtual-disk.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * I8, by the oracle's own reading of the bytes on disk: every line is what its hash says and follows the one before it, and
 * all that was `sealed` is there. What a power cut left behind it of a line, with no end, lies there until something follows.
 */
export async function verifyChain(virtual: VirtualDisk, sealed: number): Promise<string | undefined> {
  const disk = virtual.disk(async () => 'pass');
  const folder = '/profile/journal';
  let prev = '0'.repeat(64);
  let seq = 0;
  const isOurs = (name: string) => /\.(jsonl|ndjson|log|journal)$/.test(name) || /^\d+/.test(name);
  const names = (await disk.list(folder)).filter(isOurs);
  for (const name of names) {
    const text = (await disk.read(`${folder}/${name}`))?.toString('utf8') ?? '';
    const lines = text.split('\n');
    const last = lines.pop() ?? '';
    if (last !== '' && name !== names.at(-1)) return `${name} ends within a line`;
    for (const line of lines) {
      if (line === '') continue;
      const match = /^\{"hash":"([0-9a-f]{64})","id":"[^"]*",(?:"more":true,)?(.*)$/.exec(line);
      if (match === null) return `${name} holds a line that is none`;
      const [, hash = '', rest = ''] = match;
      const entry: { prev?: string; seq?: number; veil?: string; salt?: string } = JSON.parse(line);
      // What is kept from some stands before the text that was hashed, under a hash of its own.
      const [, fact, salt, bare] = /^"fact":(.*),"salt":"([^"]*)",("at":.*)$/.exec(rest) ?? [];
      if (fact !== undefined && sha256(`{"fact":${fact},"salt":"${salt}"}`) !== entry.veil)
        return `entry ${seq + 1} is not what its veil says`;
      if (sha256(`{${bare ?? rest}`) !== hash) return `entry ${seq + 1} is not what its hash says`;
      if (entry.prev !== prev || entry.seq !== seq + 1) return `entry ${entry.seq} does not follow entry ${seq}`;
      prev = hash;
      seq += 1;
    }
  }
  return seq < sealed ? `the last entry is ${seq}, and ${sealed} are sealed` : undefined;
}
