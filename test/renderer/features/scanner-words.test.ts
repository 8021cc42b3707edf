import { describe, expect, test } from 'vitest';
import { learnedSentences } from '../../../renderer/features/settings/scanner-words.ts';
import type { Learned } from '../../../renderer/scan/learn-scanner.ts';
import { LANGUAGES, startTexts, type Language } from '../../../renderer/texts/texts.ts';
import { LAYOUT_NAMES } from '../../../shared/domain/keyboard-layout.ts';

const LEARNED: Learned = {
  keyMs: 95.4,
  spreadMs: 4,
  ending: 'Tab',
  prefix: '',
  suffix: '',
  symbology: false,
  separators: { kind: 'sent' },
  letters: 'kept',
  keyboard: { kind: 'positions', layout: 'de', capsLock: false },
};

async function sentences(language: Language, change: Partial<Learned> = {}): Promise<readonly string[]> {
  const i18n = await startTexts(language);
  return learnedSentences({ ...LEARNED, ...change }, i18n.getFixedT(language, 'settings'), language);
}

describe('what was learned of a scanner', () => {
  test('U500 is said in words: pace, ending, keyboard, separators', async () => {
    const said = (await sentences('en')).join(' ');
    expect(said).toMatch(/every 95 ms.*ends each scan with Tab.*keyboard is German.*sends the separators/);
    expect((await sentences('de')).join(' ')).toMatch(/alle 95 ms.*mit Tab ab.*ist: Deutsch/);
  });

  test('U500 what it adds, swallows or changes has a sentence of its own', async () => {
    const plain = await sentences('en', { keyboard: { kind: 'fits' } });
    const all = await sentences('en', {
      prefix: '~',
      suffix: '#',
      symbology: true,
      letters: 'capitals',
      separators: { kind: 'other', text: '|' },
      ending: 'none',
      keyMs: 0.2,
    });
    expect(plain).toHaveLength(4);
    expect(all.join(' ')).toMatch(
      /every 1 ms.*no key.*“~” in front.*“#” behind.*capitals only.*“\|” for.*kind of barcode/,
    );
    expect((await sentences('en', { separators: { kind: 'lost' } })).join(' ')).toContain('FNC1');
  });

  test('U500 every layout has a name in every language, and Caps Lock is told', async () => {
    for (const language of LANGUAGES)
      for (const layout of LAYOUT_NAMES) {
        const said = (await sentences(language, { keyboard: { kind: 'laptop', layout, capsLock: true } })).join(' ');
        expect(said).not.toMatch(new RegExp(`(is|ist:) ${layout.replace(/[()]/g, '.')}[ ,.]`));
        expect(said).toMatch(/Caps Lock|Feststelltaste/);
      }
  });
});
