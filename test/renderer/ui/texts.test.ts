import { expect, test } from 'vitest';
import { hostErrorSchema } from '../../../shared/ports/host.ts';
import type { LedgerError } from '../../../renderer/ledger/ledger.ts';
import english from '../../../renderer/texts/en/errors.json';
import { textOr } from '../../../renderer/texts/keys.ts';
import { allTexts, chooseLanguage, LANGUAGES, startTexts } from '../../../renderer/texts/texts.ts';

type Texts = { readonly [key: string]: string | Texts };
const texts = allTexts();

/** Every text by its key, `a.b`; the plural forms of a key stand together, as languages have different ones. */
function flat(tree: Texts, path = '', found = new Map<string, string[]>()): Map<string, string[]> {
  for (const [key, value] of Object.entries(tree)) {
    const here = path === '' ? key : `${path}.${key}`;
    if (typeof value !== 'string') flat(value, here, found);
    else {
      const name = here.replace(/_(zero|one|two|few|many|other)$/, '');
      found.set(name, [...(found.get(name) ?? []), value]);
    }
  }
  return found;
}

/** Values that the forms of a text name, e.g. `{{bin}}`. `count` only chooses the plural. */
function values(forms: readonly string[]): string[] {
  const named = forms.flatMap((text) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = '']) => name));
  return [...new Set(named)].filter((name) => name !== 'count').toSorted();
}

test.each(LANGUAGES)('U110 every English text has one in "%s" that names the same values', (language) => {
  expect(Object.keys(texts[language] ?? {}).toSorted()).toEqual(Object.keys(texts['en'] ?? {}).toSorted());
  for (const [namespace, english] of Object.entries(texts['en'] ?? {})) {
    const theirs = flat(texts[language]?.[namespace] ?? {});
    const ours = flat(english);
    expect([namespace, [...theirs.keys()].toSorted()]).toEqual([namespace, [...ours.keys()].toSorted()]);
    for (const [key, forms] of ours)
      expect([namespace, key, values(theirs.get(key) ?? [])]).toEqual([namespace, key, values(forms)]);
  }
});

test('U111 every refusal of the host and of the ledger has one sentence in every language', () => {
  // What the ledger can refuse, host included, is known to the compiler.
  const sentences: Readonly<Record<LedgerError['code'], string>> = english;
  const codes = hostErrorSchema.options.map((option) => option.shape.code.value);
  for (const language of LANGUAGES) {
    const theirs = texts[language]?.['errors'] ?? {};
    const missing = [...codes, ...Object.keys(sentences)].filter((code) => typeof theirs[code] !== 'string');
    expect([language, missing]).toEqual([language, []]);
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

test('U780 a key that no text has does not compile, in any namespace, also where it is put together', async () => {
  const { t } = await startTexts('en');
  const said = t('ui:scan.taken');
  const outcome: 'taken' | 'lost' = said === 'TAKEN' ? 'lost' : 'taken';
  // @ts-expect-error -- no such key in the namespace that goes without saying
  expect(t('scan.lost')).toBe('scan.lost');
  // @ts-expect-error -- no such key in another one, and a default does not make it one
  expect(t('send:nowhere', { defaultValue: 'x' })).toBe('x');
  // @ts-expect-error -- one of the two is no key
  expect(t(`ui:scan.${outcome}`)).toBe('scan.lost');
  // @ts-expect-error -- no such namespace
  expect(t('nowhere:taken')).toBe('taken');
});

test('U781 a key from outside is asked for by name, and what stands for it is shown as it is', async () => {
  const { t } = await startTexts('de');
  expect(textOr(t, 'scan.taken', 'x')).toBe('ERFASST');
  expect(textOr(t, 'word.of.theirs', '{{count}} $t(scan.taken)', { count: 2 })).toBe('{{count}} $t(scan.taken)');
});
