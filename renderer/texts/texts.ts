import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** Languages with complete texts. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

type Texts = { readonly [key: string]: string | Texts };

const files = import.meta.glob<Texts>('./*/*.json', { eager: true, import: 'default' });

/** Every text: language → namespace (the file's name) → keys. */
export function allTexts(): Record<string, Record<string, Texts>> {
  const texts: Record<string, Record<string, Texts>> = {};
  for (const [path, content] of Object.entries(files)) {
    const [, language = '', namespace = ''] = /^\.\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
    texts[language] = { ...texts[language], [namespace]: content };
  }
  return texts;
}

/** The best language we have for what the system prefers, in order of preference. */
export function chooseLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const found = LANGUAGES.find((language) => language === tag.split('-')[0]?.toLowerCase());
    if (found) return found;
  }
  return 'en';
}

/** Loads every text and tells the page its language and direction. May be called again to change the language. */
export async function startTexts(language: Language): Promise<i18n> {
  if (i18next.isInitialized) await i18next.changeLanguage(language);
  else {
    await i18next.use(initReactI18next).init({
      lng: language,
      fallbackLng: 'en',
      resources: allTexts(),
      defaultNS: 'ui',
      // React escapes what it shows.
      interpolation: { escapeValue: false },
      returnNull: false,
    });
  }
  if (typeof document !== 'undefined') {
    document.documentElement.lang = language;
    document.documentElement.dir = i18next.dir(language);
  }
  return i18next;
}
