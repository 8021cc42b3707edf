// The page's one entry: main.tsx builds a `Wiring` (see wiring.ts) and calls `renderApp(document.getElementById('root'), wiring)`.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { useAppearance } from '../stores/appearance.ts';
import { chooseLanguage, startTexts } from '../texts/texts.ts';
import '../ui/fonts.ts';
import '../ui/tokens.css';
import '../ui/base.css';
import '../ui/ui.css';
import './app.css';
import { App } from './app.tsx';
import type { Wiring } from './wiring.ts';

/** Shows the app in `root`; texts are loaded before the first paint. */
export async function renderApp(root: HTMLElement, wiring: Wiring): Promise<void> {
  const { language } = useAppearance.getState();
  await startTexts(language === 'system' ? chooseLanguage(navigator.languages) : language);
  createRoot(root).render(
    <StrictMode>
      <App wiring={wiring} />
    </StrictMode>,
  );
}
