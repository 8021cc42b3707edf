import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** Rules are kept in shared/README.md, below `## Rules`, one a line: "- **L12** a sentence". */
const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'shared/README.md'), 'utf8');
const rules = [...readme.slice(readme.indexOf('\n## Rules')).matchAll(/^- \*\*([A-Z]\d+)\*\* (.*)$/gm)].map(
  ([, id = '', sentence = '']) => ({ id, sentence }),
);

const sources = readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => ({ file: entry.name, source: readFileSync(join(entry.parentPath, entry.name), 'utf8') }));
/** Titles, also of loops (`test.each`) and of suites that several things must pass: whatever is called with an id first. */
const titles = sources.flatMap(({ file, source }) =>
  [...source.matchAll(/\(\s*['"`]([A-Z]\d+) /g)].map(([, id = '']) => ({ file, id })),
);
const nameless = sources.flatMap(({ file, source }) =>
  [...source.matchAll(/\b(?:test|it)\(\s*['"`](?![A-Z]\d+ )([^'"`]{0,60})/g)].map(
    ([, title = '']) => `${file}: ${title}`,
  ),
);

describe('rules', () => {
  test('L150 every rule has a test whose title begins with its id', () => {
    const tested = new Set(titles.map(({ id }) => id));
    expect(rules.length).toBeGreaterThan(100);
    expect(rules.filter(({ id }) => !tested.has(id)).map(({ id, sentence }) => `${id} ${sentence}`)).toEqual([]);
  });

  test('L151 every test is named after a rule that is written down', () => {
    const known = new Set(rules.map(({ id }) => id));
    expect(titles.filter(({ id }) => !known.has(id)).map(({ file, id }) => `${file}: ${id}`)).toEqual([]);
    expect(nameless).toEqual([]);
  });

  test('L152 an id means one rule, said in one line', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(rules.filter(({ sentence }) => sentence.length > 140 || sentence.trim() === '').map(({ id }) => id)).toEqual(
      [],
    );
  });
});
