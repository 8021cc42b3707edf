import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ANA, countBin, countedCodes, goTo, hearSounds, realCodes, signInAs, test } from './prepared.ts';
import { eventually } from './steps/check.ts';
import { makeCutDisk, testHostAlone } from './steps/disk.ts';
import { seeded } from '../seeded.ts';

const BIN = 'A-11-12-1-2';
/** A few in every run, as many as one likes by hand. */
const CUTS = Number(process.env['TALLYBOOK_CUTS'] ?? 10);
/** The power goes after so many sounds at the most, half of them on average, and at any moment of the time after them, ms. */
const MOST_SOUNDS = Number(process.env['TALLYBOOK_CUT_SCANS'] ?? 12);
const MOMENT_MS = 300;
/** More scans than the moment has room for: the power goes while somebody scans. */
const SCANS_MORE = 48;
/** At the most: a busy machine takes seconds a scan. */
const SECONDS_A_CUT = 60 + 4 * MOST_SOUNDS;

/** From one scan to the next: a quick hand. */
const EVERY_MS = 40;

/** Scans the codes one after the other, as a scanner sends them: within the page, which no message from here slows down. */
function scanAll(page: Page, codes: readonly string[]): Promise<void> {
  return page.evaluate(
    async ({ all, everyMs }) => {
      for (const code of all) {
        let sentAt = performance.now();
        for (const key of [...code.split(''), 'Enter']) {
          for (const kind of ['keydown', 'keyup']) {
            const about = { key, code: key === 'Enter' ? key : `Digit${key}`, bubbles: true, cancelable: true };
            const event = new KeyboardEvent(kind, about);
            Object.defineProperty(event, 'timeStamp', { value: sentAt });
            (document.activeElement ?? document.body).dispatchEvent(event);
          }
          sentAt += 2;
        }
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    },
    { all: codes, everyMs: EVERY_MS },
  );
}

/** How the screen says so many scans. */
function shown(scans: number): string {
  return `${scans.toLocaleString('en')} scan${scans === 1 ? '' : 's'}`;
}

test(`J790 ${CUTS} power cuts while counting: whatever sounded as taken is there, nothing twice, and counting goes on`, async ({
  profile,
  launch,
}) => {
  test.setTimeout(60_000 + CUTS * SECONDS_A_CUT * 1000);
  const disk = makeCutDisk();
  if (disk === undefined) return testHostAlone('journal.test.ts');
  const random = seeded(20_790);
  const codes = realCodes(400);
  const folder = join(disk.folder, 'profile');
  let path = '';
  let kept: string[] = [];
  /** Scanned before the last cut, and not in the journal after it. */
  let unkept: string[] = [];
  let acknowledged = 0;

  /**
   * The screen shows what the journal holds: all that was kept and, where the page's copy had it and the journal was still
   * writing it when the power went, what was scanned next.
   */
  async function seeWhatIsKept(page: Page): Promise<void> {
    await expect(page.getByTestId('scan-count')).toHaveText(/ scans?$/);
    const now = countedCodes(folder, BIN);
    expect(now, 'What the start gave back').toEqual([...kept, ...unkept.slice(0, now.length - kept.length)]);
    await expect(page.getByTestId('scan-count')).toHaveText(shown(now.length));
    kept = now;
  }

  try {
    cpSync(profile, folder, { recursive: true });
    execFileSync('sync', ['-f', disk.folder]);
    for (let cut = 1; cut <= CUTS; cut += 1) {
      const { page, kill } = await launch(folder);
      if (path !== '') await goTo(page, path);
      await signInAs(page, ANA);
      if (path === '') path = await countBin(page, BIN);
      await seeWhatIsKept(page);
      const heard = await hearSounds(page);
      const taken = (): number => heard.filter((name) => name === 'taken').length;
      const from = Math.floor(random() * codes.length);
      const begun = Array.from(
        { length: MOST_SOUNDS + SCANS_MORE },
        (_, at) => codes[(from + at) % codes.length] ?? '',
      );
      // The connection breaks when the app dies: that is the end meant here.
      const over = scanAll(page, begun).catch(() => undefined);
      const sounds = Math.floor(random() * (MOST_SOUNDS + 1));
      await eventually(taken, (count) => count >= sounds, `Sounds of cut ${cut}`, SECONDS_A_CUT * 1000);
      await new Promise((resolve) => setTimeout(resolve, Math.floor(random() * MOMENT_MS)));
      disk.cut();
      const promised = taken();
      await kill();
      await over;
      await disk.repair();
      const now = countedCodes(folder, BIN);
      const added = now.slice(kept.length);
      const about = `cut ${cut}: ${promised} taken, ${added.length} kept, ${begun.length} begun`;
      expect(now.slice(0, kept.length), about).toEqual(kept);
      expect(added.length, about).toBeGreaterThanOrEqual(promised);
      expect(added, about).toEqual(begun.slice(0, added.length));
      kept = now;
      unkept = begun.slice(added.length);
      acknowledged += promised;
      if (cut % 20 === 0) console.log(`J790: ${cut} cuts so far, ${acknowledged} acknowledged entries, none lost`);
    }
    const { page, close } = await launch(folder);
    await goTo(page, path);
    await signInAs(page, ANA);
    await seeWhatIsKept(page);
    await close();
    console.log(`J790: ${CUTS} power cuts, ${acknowledged} acknowledged entries, none lost`);
  } finally {
    disk.remove();
  }
});
