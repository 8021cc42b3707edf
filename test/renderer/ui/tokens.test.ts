import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('../../../renderer/ui/tokens.css', import.meta.url), 'utf8');

/** The roles of one scheme: what `:root` says, and what the scheme changes. */
function scheme(name: 'light' | 'dark' | 'contrast'): Map<string, string> {
  const blocks = [...css.matchAll(/(:root|\[data-scheme='(\w+)'\]) \{([^}]*)\}/g)];
  const roles = new Map<string, string>();
  for (const [, selector, scheme, body = ''] of blocks) {
    if (selector !== ':root' && scheme !== name) continue;
    for (const [, role = '', value = ''] of body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)) roles.set(role, value);
  }
  return roles;
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(left: string, right: string): number {
  const [dark = 0, light = 0] = [luminance(left), luminance(right)].toSorted((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['paper', 'surface', 'raised'];
const TEXTS = ['ink', 'ink-muted', 'accent', 'ok', 'look', 'stop', 'info'];
const PAIRS = [
  ...TEXTS.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)),
  ...['accent', 'ok', 'look', 'stop', 'info'].flatMap((role) => [
    [role, `${role}-soft`] as const,
    ['ink', `${role}-soft`] as const,
    ['ink-muted', `${role}-soft`] as const,
  ]),
  ['accent-ink', 'accent'] as const,
];

describe.each(['light', 'dark', 'contrast'] as const)('%s', (name) => {
  const roles = scheme(name);
  const of = (role: string): string => roles.get(role) ?? expect.fail(`${role} is not named in ${name}`);

  test(`U101 every text reads on every ground in ${name}: 4.5 to 1 at least`, () => {
    const weak = PAIRS.filter(([text, ground]) => contrast(of(text), of(ground)) < 4.5).map(
      ([text, ground]) => `${text} on ${ground}: ${contrast(of(text), of(ground)).toFixed(2)}`,
    );
    expect(weak).toEqual([]);
  });

  test(`U102 the edges of fields and buttons are seen in ${name}: 3 to 1 at least`, () => {
    for (const ground of GROUNDS) expect(contrast(of('line-strong'), of(ground))).toBeGreaterThanOrEqual(3);
  });
});

test('U103 high contrast is black on white exactly', () => {
  const roles = scheme('contrast');
  expect([roles.get('ink'), roles.get('paper'), roles.get('surface')]).toEqual(['#000000', '#ffffff', '#ffffff']);
});
