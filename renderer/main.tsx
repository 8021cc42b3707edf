import { z } from 'zod';
import { renderApp } from './app/render-app.tsx';
import { startTallybook } from './app/start-tallybook.ts';
import { startScans } from './scan/scans.tsx';
import { trustOwnScripts } from './app/trusted-urls.ts';
import { createHostClient } from './host/host-client.ts';
import { pageTransport } from './host/page-transport.ts';
import { createSounds } from './sound/sounds.ts';
import { tellOfSounds } from './sound/tell-of-sounds.ts';
import { useAppearance } from './stores/appearance.ts';
import { learnedScanners } from './stores/scanners.ts';

trustOwnScripts(window.trustedTypes, window.location.href);

// Before anything else: what is scanned meanwhile waits.
const scans = startScans(window, learnedScanners);

// The page's policy forbids eval; zod would otherwise try it once.
z.config({ jitless: true });

/** Ledger and screens: nobody needs them before they have signed in. */
const afterSignIn = () => import('./app/after-sign-in.ts');

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');

const sounds = createSounds({ context: () => new AudioContext(), level: () => useAppearance.getState().soundLevel });

void renderApp(root, {
  host: createHostClient(pageTransport),
  sounds: tellOfSounds(sounds, document),
  scans,
  start: startTallybook,
  open: async (...input) => (await afterSignIn()).openTallybook(...input),
  loadSample: async (...input) => (await afterSignIn()).loadSample(...input),
});
// While the first screen is read: whoever has signed in waits for none of it.
requestIdleCallback(() => void afterSignIn());
