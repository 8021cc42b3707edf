import { expect, test } from 'vitest';
import { hostErrorSchema } from '../../../shared/ports/host.ts';
import type { LedgerError } from '../../../renderer/ledger/ledger.ts';
import { allTexts, chooseLanguage, startTexts } from '../../../renderer/texts/texts.ts';

type Texts = { readonly [key: string]: string | Texts };
const texts = allTexts();

/** `a.b` → text; plural endings are left out, as languages have different ones. */
function flat(tree: Texts, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') found.set(here.replace(/_(zero|one|two|few|many|other)$/, ''), value);
    else for (const [inner, text] of flat(value, here)) found.set(inner, text);
  }
  return found;
}

/** Values that a text names, e.g. `{{bin}}`. `count` only chooses the plural. */
function values(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'count')
    .toSorted();
}

test('U110 every English text has a German one that names the same values', () => {
  for (const [namespace, english] of Object.entries(texts['en'] ?? {})) {
    const german = flat(texts['de']?.[namespace] ?? {});
    const both = flat(english);
    expect([namespace, [...german.keys()].toSorted()]).toEqual([namespace, [...both.keys()].toSorted()]);
    for (const [key, text] of both)
      expect([namespace, key, values(german.get(key) ?? '')]).toEqual([namespace, key, values(text)]);
  }
});

/** Refusals of the page itself; the type makes this list complete. */
const PAGE_CODES: Readonly<
  Record<Exclude<LedgerError['code'], (typeof hostErrorSchema)['options'][number]['shape']['code']['value']>, true>
> = {
  not_stored: true,
  unknown_stocktake: true,
  bin_submitted: true,
  unknown_bin: true,
  quantity_out_of_range: true,
  same_bin: true,
  serial_seen: true,
  nothing_to_undo: true,
  nothing_to_submit: true,
  nothing_to_post: true,
  figures_changed: true,
  bins_changed: true,
  hidden: true,
};

test('U111 every refusal of the host and of the ledger has one sentence in every language', () => {
  const codes = [...hostErrorSchema.options.map((option) => option.shape.code.value), ...Object.keys(PAGE_CODES)];
  for (const language of ['en', 'de']) {
    const sentences = texts[language]?.['errors'] ?? {};
    expect(codes.filter((code) => typeof sentences[code] !== 'string')).toEqual([]);
  }
});

test('U112 the page speaks the first language it has of those the system prefers', () => {
  expect(chooseLanguage(['fr-FR', 'de-AT', 'en-GB'])).toBe('de');
  expect(chooseLanguage(['EN-us'])).toBe('en');
  expect(chooseLanguage(['fr', 'ar'])).toBe('en');
});

test('U113 changing the language changes what is said', async () => {
  const texts = await startTexts('en');
  expect(texts.t('ui:scan.taken')).toBe('TAKEN');
  await startTexts('de');
  expect(texts.t('ui:scan.taken')).toBe('ERFASST');
});

test('U542 German words say what a German warehouse means by them', () => {
  const said = JSON.stringify(texts['de']);
  // "Nicht sicher" is "not sure", net and gross are about tax, the others nobody says.
  for (const word of [/Nicht sicher/, /netto/i, /brutto/i, /"Entscheid"/, /Läufe/, /Buch da/, /Braucht einen Menschen/])
    expect(said).not.toMatch(word);
});
