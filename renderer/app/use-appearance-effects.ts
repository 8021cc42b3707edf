import { useEffect } from 'react';
import { useAppearance, type Scheme } from '../stores/appearance.ts';
import { chooseLanguage, startTexts } from '../texts/texts.ts';

/** What the page shows for a chosen scheme, given what the system prefers. */
export function resolveScheme(
  scheme: Scheme,
  system: { dark: boolean; contrast: boolean },
): 'light' | 'dark' | 'contrast' {
  if (scheme !== 'system') return scheme;
  if (system.contrast) return 'contrast';
  return system.dark ? 'dark' : 'light';
}

/** Keeps <html> in step with the chosen scheme and language. */
export function useAppearanceEffects(): void {
  const scheme = useAppearance((state) => state.scheme);
  const language = useAppearance((state) => state.language);

  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const contrast = window.matchMedia('(prefers-contrast: more)');
    function apply(): void {
      document.documentElement.dataset['scheme'] = resolveScheme(scheme, {
        dark: dark.matches,
        contrast: contrast.matches,
      });
    }
    apply();
    dark.addEventListener('change', apply);
    contrast.addEventListener('change', apply);
    return () => {
      dark.removeEventListener('change', apply);
      contrast.removeEventListener('change', apply);
    };
  }, [scheme]);

  useEffect(() => {
    void startTexts(language === 'system' ? chooseLanguage(navigator.languages) : language);
  }, [language]);
}
