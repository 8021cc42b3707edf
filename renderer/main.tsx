import { z } from 'zod';
import { NO_CHOICES } from '../shared/domain/import/choices.ts';
import { openTallybook, startTallybook } from './app/open-tallybook.ts';
import { renderApp } from './app/render-app.tsx';
import { startScans } from './scan/scans.tsx';
import { screens } from './app/screens.tsx';
import { trustOwnScripts } from './app/trusted-urls.ts';
import { createHostClient } from './host/host-client.ts';
import { pageTransport } from './host/page-transport.ts';
import { loadSample } from './import/load-sample.ts';
import { createSounds } from './sound/sounds.ts';
import { tellOfSounds } from './sound/tell-of-sounds.ts';
import { useAppearance } from './stores/appearance.ts';
import { learnedScanners } from './stores/scanners.ts';

trustOwnScripts(window.trustedTypes, window.location.href);

// Before anything else: what is scanned meanwhile waits.
const scans = startScans(window, learnedScanners);

// The page's policy forbids eval; zod would otherwise try it once.
z.config({ jitless: true });

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');

const sounds = createSounds({ context: () => new AudioContext(), level: () => useAppearance.getState().soundLevel });

void renderApp(root, {
  host: createHostClient(pageTransport),
  sounds: tellOfSounds(sounds, document),
  scans,
  screens,
  start: startTallybook,
  open: openTallybook,
  loadSample: ({ ledger }, host, onProgress) =>
    loadSample(ledger, host, { ...NO_CHOICES, leaveOutStopped: true }, onProgress),
});
