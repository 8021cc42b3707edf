import type { TFunction } from 'i18next';
import type { Learned } from '../../scan/learn-scanner.ts';

/** Quicker scanners are told from a person anywhere, whatever they send. */
const SURELY_FAST_MS = 30;

/** Whose keyboard a layout is, as a language that the page can name. */
const LANGUAGE_OF: Readonly<Record<string, string>> = {
  us: 'en-US',
  gb: 'en-GB',
  be: 'fr-BE',
  ch: 'de-CH',
  'ch(fr)': 'fr-CH',
  at: 'de-AT',
  cz: 'cs',
  br: 'pt-BR',
  se: 'sv',
  dk: 'da',
  gr: 'el',
  il: 'he',
  ua: 'uk',
};

/** What was learned of a scanner, in sentences, the one that identifies it first. */
export function learnedSentences(learned: Learned, t: TFunction<'settings'>, language: string): readonly string[] {
  const { keyMs, ending, prefix, suffix, separators, symbology } = learned;
  return [
    t(keyMs > SURELY_FAST_MS ? 'scanner.pace.slow' : 'scanner.pace.fast', { ms: Math.max(1, Math.round(keyMs)) }),
    t(`scanner.ending.${ending}`),
    ...(prefix === '' ? [] : [t('scanner.prefix', { prefix })]),
    ...(suffix === '' ? [] : [t('scanner.suffix', { suffix })]),
    ...keyboardSentences(learned, t, language),
    t(`scanner.separators.${separators.kind}`, { text: separators.kind === 'other' ? separators.text : '' }),
    ...(symbology ? [t('scanner.symbology')] : []),
  ];
}

function keyboardSentences(
  { keyboard, letters }: Learned,
  t: TFunction<'settings'>,
  language: string,
): readonly string[] {
  const name = (layout: string): string =>
    new Intl.DisplayNames([language], { type: 'language' }).of(LANGUAGE_OF[layout] ?? layout) ?? layout;
  const capsLock = 'capsLock' in keyboard && keyboard.capsLock;
  const spelled = capsLock ? 'capsLock' : letters === 'kept' ? undefined : letters;
  return [keyboardSentence(), ...(spelled === undefined ? [] : [t(`scanner.letters.${spelled}`)])];

  function keyboardSentence(): string {
    switch (keyboard.kind) {
      case 'fits':
        return t('scanner.keyboard.fits');
      case 'positions':
        if (keyboard.layout === 'us') return t('scanner.keyboard.fits');
        return keyboard.layout === undefined
          ? t('scanner.keyboard.unnamed')
          : t('scanner.keyboard.laptop', { layout: name(keyboard.layout) });
      case 'laptop':
        return keyboard.layout === 'us'
          ? t('scanner.keyboard.fits')
          : t('scanner.keyboard.laptop', { layout: name(keyboard.layout) });
      case 'scanner':
        return t('scanner.keyboard.scanner', { layout: name(keyboard.layout) });
    }
  }
}
