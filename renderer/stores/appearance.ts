import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Language } from '../texts/texts.ts';

export type Scheme = 'system' | 'light' | 'dark' | 'contrast';

/** How this laptop looks and sounds. Kept in localStorage: losing it costs a minute, never a count. */
export type Appearance = {
  scheme: Scheme;
  /** 0 is off, 1 is as loud as the system allows. */
  soundLevel: number;
  language: 'system' | Language;
  setScheme: (scheme: Scheme) => void;
  setSoundLevel: (level: number) => void;
  setLanguage: (language: 'system' | Language) => void;
};

export const useAppearance = create<Appearance>()(
  persist(
    (set) => ({
      scheme: 'system',
      soundLevel: 0.7,
      language: 'system',
      setScheme: (scheme) => set({ scheme }),
      setSoundLevel: (level) => set({ soundLevel: Math.min(1, Math.max(0, level)) }),
      setLanguage: (language) => set({ language }),
    }),
    { name: 'tallybook-appearance', version: 1 },
  ),
);

/** The level for `createSounds`, asked for at each sound. */
export function soundLevel(): number {
  return useAppearance.getState().soundLevel;
}
