import { trustOwnScripts } from '../../../renderer/app/trusted-urls.ts';
import { measureAppend, measureSaving } from './measure-append.ts';
import { measureImport, measureLookUp, measureRxImport, measureSearch } from './measure-catalogue.ts';
import { openEverything } from './measure-memory.ts';
import { measureColdOpen, measureHeal, measureRawFill, measureRawFold, measureRebuild } from './measure-open.ts';
import { openPeer } from './peer-screens.ts';
import { seedCopy } from './seed-copy.ts';

/** The cases the runner may ask of the page, by name. */
export const cases = {
  measureAppend,
  measureColdOpen,
  measureHeal,
  measureImport,
  measureLookUp,
  measureRawFill,
  measureRawFold,
  measureRebuild,
  measureRxImport,
  measureSaving,
  measureSearch,
  openEverything,
  openPeer,
  seedCopy,
};
export type BenchCases = typeof cases;

declare global {
  interface Window {
    bench?: BenchCases;
  }
}

trustOwnScripts(window.trustedTypes, location.href);
window.bench = cases;
