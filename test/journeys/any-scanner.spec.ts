import { expect, type Page } from '@playwright/test';
import { parseBarcode } from '../../shared/domain/barcode.ts';
import {
  between,
  type Chance,
  couldBeAPerson,
  type MachineBurst,
  machineBurst,
  oneOf,
} from '../renderer/scan/keyboards.ts';
import { ANA, countBin, goTo, readJournal, realCodes, signInAs, test } from './prepared.ts';
import { type OwnTimes, ownTimes } from './steps/scanner.ts';
import { scan as scanFast, typeUnevenly } from './tallybook-app.ts';
import { seeded } from '../seeded.ts';

/** In each of the two: a few in every run, as many as one likes by hand. */
const BURSTS = Number(process.env['TALLYBOOK_BURSTS'] ?? 60);
/** Longest time of one scan with everything around it, ms. */
const LONGEST_MS = 3000;
/** So many scans come one after another before it is asked what became of them. */
const AT_ONCE = 4;
const BIN = 'A-11-12-1-2';
const KNOWN = realCodes(40);
/** On each screen, so that some are left for the lock. */
const ROUNDS = Math.floor((BURSTS - AT_ONCE) / (12 * AT_ONCE));
/** A screen; the focus on it is on a button, a field, or nowhere. */
type Place = { readonly name: string; readonly open: (page: Page) => Promise<void> };

const at =
  (path: string, ready: string) =>
  async (page: Page): Promise<void> => {
    await goTo(page, path);
    await expect(page.getByRole('heading', { level: 1, name: ready })).toBeVisible();
  };

const PLACES: readonly Place[] = [
  { name: 'my counts', open: at('/count', 'My counts') },
  { name: 'bin label asked', open: at('/count/bin', 'Count a bin') },
  { name: 'move', open: at('/move', 'Move stock') },
  { name: 'stocktakes', open: at('/stocktakes', 'Stocktakes') },
  { name: 'new stocktake', open: at('/stocktakes/new', 'New stocktake') },
  { name: 'review', open: at('/review', 'Review') },
  { name: 'send', open: at('/send', 'Send') },
  { name: 'items', open: at('/items', 'Items') },
  { name: 'import', open: at('/items/import', 'Import') },
  { name: 'settings', open: at('/settings', 'Settings') },
  { name: 'scanner set-up', open: at('/settings/scanner', 'Set up a scanner') },
  { name: 'people', open: at('/settings/people', 'People') },
];

/** Most scanners are quick, some slow, a few as slow as a person: 80, 14 and 6 of 100, ms a key. */
function paceOf(chance: Chance): number {
  const share = chance();
  return share < 0.8 ? between(chance, 1, 12) : share < 0.94 ? between(chance, 13, 35) : between(chance, 36, 120);
}

/** What a label can say on any screen without a question of its own: no lot, no other GS1 label. */
function isPlain(code: string): boolean {
  return parseBarcode(code).kind !== 'gs1' && !/^(10|11|15|17|21)./.test(code);
}

/** A burst that cannot be a person's; those that can are judged without a browser (S500). */
function nextBurst(chance: Chance, end: MachineBurst['end'], inField: boolean): MachineBurst {
  const keyMs = paceOf(chance);
  for (;;) {
    const known = chance() < 0.2;
    const wanted = { keyMs, end, ...(known && { code: oneOf(chance, [KNOWN[0] ?? '', ...KNOWN]) }) };
    const burst = machineBurst(chance, 0, wanted);
    const isShortEnough = burst.keyMs <= 35 || burst.code.length <= 13;
    if (!isShortEnough || !isPlain(burst.code)) continue;
    if (!couldBeAPerson(burst, inField ? 'field' : 'button', known)) return burst;
  }
}

/** What the page looks like to somebody who asks whether anything was pressed. */
function look(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement } = document;
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, select, textarea')];
    return JSON.stringify({
      at: location.hash,
      focus: activeElement === null ? '' : `${activeElement.tagName} ${activeElement.id}`,
      dialogs: [...document.querySelectorAll('dialog[open] h2')].map((title) => title.textContent),
      fields: fields.map((field) =>
        field.type === 'checkbox' || field.type === 'radio' ? field.checked : field.value,
      ),
    });
  });
}

/** Puts the focus nowhere, on a field, or on one of the buttons; answers whether it is in a field. */
function focusOn(page: Page, chance: Chance): Promise<boolean> {
  return page.evaluate((where) => {
    const scope = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
    const all = [
      ...scope.querySelectorAll<HTMLElement>('button:enabled, a[href], input:enabled, select:enabled, [tabindex="0"]'),
    ];
    const seen = all.filter((one) => one.checkVisibility());
    if (where < 0.15 || seen.length === 0) {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      return false;
    }
    const chosen = seen[Math.floor(((where - 0.15) / 0.85) * seen.length)];
    chosen?.focus({ preventScroll: true });
    return chosen instanceof HTMLInputElement && !/checkbox|radio|file|button/.test(chosen.type);
  }, chance());
}

/** The page is busy for a while, from a moment on: keys reach it late, and their own times tell. */
async function stall(page: Page, fromMs: number, lastsMs: number): Promise<void> {
  await page.evaluate(
    ([from, lasts]) => {
      setTimeout(() => {
        const end = performance.now() + lasts;
        while (performance.now() < end);
      }, from);
    },
    [fromMs, lastsMs] as const,
  );
}

/**
 * How far the times that the page reads from keys lie from those that the keyboard gave them, ms at most, though the page
 * was busy and got them in one heap. What the browser's input queue is told of a key is what a real keyboard tells it.
 */
async function timesAreOwn(page: Page, keyboard: OwnTimes): Promise<number> {
  await page.addInitScript(() => {
    const seen: number[] = [];
    Object.assign(window, { keyTimes: seen });
    window.addEventListener('keydown', ({ timeStamp }) => seen.push(timeStamp), true);
  });
  await page.reload();
  await expect(page.getByTestId('saved-at')).toBeVisible();
  await stall(page, 0, 800);
  const keys = [0, 3, 40, 41, 160, 161].map((timeMs, key) => ({ key: String(key), timeMs }));
  await keyboard.send(keys);
  const seen = await page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
  const first = seen[0] ?? Number.NaN;
  return Math.max(...keys.map(({ timeMs }, key) => Math.abs((seen[key] ?? Number.NaN) - first - timeMs)));
}

type Heard = { readonly sounds: () => number; readonly more: (than: number) => Promise<boolean> };

/** Counts the sounds of the page, and waits for the next one. */
async function listen(page: Page): Promise<Heard> {
  let sounds = 0;
  let wake = (): void => undefined;
  await page.exposeFunction('journeyHears', () => {
    sounds += 1;
    wake();
  });
  await page.evaluate(() => {
    const { journeyHears } = window as unknown as { journeyHears: () => void };
    document.addEventListener('tallybook:sound', journeyHears);
    const notice = document.querySelector('[data-testid="notice"]');
    let said = '';
    Object.assign(window, { torn: 0 });
    new MutationObserver(() => {
      const warning = notice?.querySelector('.warning')?.textContent ?? '';
      if (warning !== '' && warning !== said) (window as unknown as { torn: number }).torn += 1;
      said = warning;
    }).observe(notice ?? document.body, { childList: true, subtree: true, characterData: true });
  });
  return {
    sounds: () => sounds,
    async more(than) {
      const limit = Date.now() + 12_000;
      const isDue = (): boolean => sounds <= than && Date.now() < limit;
      while (isDue())
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, 250);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      return sounds > than;
    },
  };
}

type Bench = {
  readonly page: Page;
  readonly heard: Heard;
  readonly chance: Chance;
  readonly sent: () => number;
  /** A few scans of one scanner, and what became of them: a sound each, and nothing pressed. Answers their codes. */
  readonly scans: (
    place: string,
    end: MachineBurst['end'],
    count: number,
    typed?: string,
  ) => Promise<readonly string[]>;
  /** Fails with what went wrong, and when the scanners were not as fast and as slow as they are said to be. */
  readonly judge: () => void;
};

async function openBench(page: Page, seed: number): Promise<Bench> {
  await signInAs(page, ANA);
  const keyboard = ownTimes(page, Number.POSITIVE_INFINITY);
  expect(await timesAreOwn(page, keyboard)).toBeLessThan(1);
  const heard = await listen(page);
  const chance = seeded(seed);
  const wrong: unknown[] = [];
  let sent = 0;
  const paces = { quick: 0, slow: 0, asAPerson: 0 };

  return {
    page,
    heard,
    chance,
    sent: () => sent,
    async scans(place, end, count, typed = '') {
      const inField = typed === '' ? await focusOn(page, chance) : false;
      if (typed !== '') await typeUnevenly(page, typed, 90);
      const before = await look(page);
      const sounds = heard.sounds();
      // After a number somebody reaches for the scanner.
      const startsMs = typed === '' ? 0 : between(chance, 350, 600);
      if (chance() < 1 / 8) await stall(page, startsMs + chance() * 300, chance() ** 2 * 3000);
      const scans = Array.from({ length: count }, () => nextBurst(chance, end, inField));
      for (const [which, { keys, keyMs }] of scans.entries()) {
        await keyboard.send(keys.map((one) => ({ ...one, timeMs: one.timeMs + (which === 0 ? startsMs : 0) })));
        paces[keyMs <= 12 ? 'quick' : keyMs <= 35 ? 'slow' : 'asAPerson'] += 1;
      }
      const isHeard = await heard.more(sounds + count - 1);
      const after = await look(page);
      sent += count;
      if (!isHeard || before !== after)
        wrong.push({ place, end, typed, scans: scans.map(({ code, keyMs }) => [code, keyMs]), isHeard, before, after });
      return scans.map(({ code }) => code);
    },
    judge() {
      expect(wrong.slice(0, 6)).toEqual([]);
      expect(wrong).toHaveLength(0);
      expect(sent).toBeGreaterThanOrEqual(BURSTS);
      expect(paces.quick).toBeGreaterThan(BURSTS * 0.6);
      expect(paces.asAPerson).toBeGreaterThan(BURSTS * 0.02);
    },
  };
}

/** A code and how much of it. */
type Counted = readonly [string, string];

/** Without the beginnings of scans that were counted by themselves before the whole came in; answers how many there were. */
function withoutPieces(
  taken: readonly Counted[],
  counted: readonly Counted[],
): { readonly whole: readonly Counted[]; readonly pieces: number } {
  const whole: Counted[] = [];
  for (const one of taken) {
    const due = counted[whole.length]?.[0] ?? '';
    const isPiece = due !== one[0] && due.startsWith(one[0]);
    if (!isPiece) whole.push(one);
  }
  return { whole, pieces: taken.length - whole.length };
}

test(`J500 of ${BURSTS} scans on every screen that counts nothing, and locked, none is a press and none is lost`, async ({
  profile,
  launch,
}) => {
  test.setTimeout(90_000 + BURSTS * LONGEST_MS);
  const bench = await openBench((await launch(profile)).page, 500);
  const { page, scans } = bench;
  const endings = [undefined, 'Enter', 'Tab', 'Enter'] as const;
  for (const [which, { name, open }] of PLACES.entries()) {
    await open(page);
    for (let round = 0; round < ROUNDS; round += 1) await scans(name, endings[which % endings.length], AT_ONCE);
  }
  await page.keyboard.press('Control+l');
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
  while (bench.sent() < BURSTS) await scans('locked', 'Enter', AT_ONCE);

  bench.judge();
  // A code that nobody knows is noted with no bin; nothing is counted, moved or finished.
  const done = readJournal(profile).filter(({ fact }) =>
    /^(counted|unknown_scanned|stock_moved|bin_[cfs]|count_)/.test(fact.kind),
  );
  expect(done).toEqual([]);
});

test(`J500 ${BURSTS} scans while counting, after numbers and at questions are as many counts, and typing stays typing`, async ({
  profile,
  launch,
}) => {
  test.setTimeout(90_000 + BURSTS * LONGEST_MS);
  const bench = await openBench((await launch(profile)).page, 501);
  const { page, heard, chance } = bench;
  await countBin(page, BIN);
  const first = KNOWN[0] ?? '';
  await scanFast(page, first);
  await expect(page.getByTestId('hero-total')).toHaveText('1');
  const counted: Counted[] = [[first, '1']];
  let left = '';
  const count = async (place: string, end: MachineBurst['end'], typed = ''): Promise<void> => {
    const codes = await bench.scans(place, end, typed === '' ? AT_ONCE : 1, typed);
    left = `${left}${typed}`;
    for (const code of codes) {
      // The number stays for another try where the label was misread.
      if (parseBarcode(code).kind === 'damaged') continue;
      counted.push([code, left === '' ? '1' : left]);
      left = '';
    }
  };

  // A person's keys stay typing.
  const quiet = heard.sounds();
  const strip = page.getByTestId('quantity-strip');
  for (let round = 0; round < 6; round += 1) {
    const typed = String(between(chance, 2, 999));
    await typeUnevenly(page, typed, 90);
    await page.keyboard.press('Insert');
    await expect(strip).toHaveText(typed);
    await page.keyboard.press('Escape');
    await expect(strip).toHaveText('1');
  }
  await page.keyboard.press('F3');
  await typeUnevenly(page, 'oats 500', 90);
  await expect(page.getByRole('combobox', { name: /Name, SKU/ })).toHaveValue('oats 500');
  await page.keyboard.press('Escape');
  expect(heard.sounds()).toBe(quiet);

  // At a question each scan waits for the answer, and says so; in the search it leaves no character behind.
  for (const [key, shown] of [
    ['F8', /Skip/],
    ['F3', /Name, SKU/],
  ] as const) {
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog')).toContainText(shown);
    for (const end of ['Enter', 'Tab'] as const) await count(`question of ${key}`, end);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }

  for (const end of ['Enter', 'Tab', undefined] as const)
    for (let round = 0; round < BURSTS / 12; round += 1)
      await count('counting', end, round % 3 === 2 ? String(between(chance, 2, 48)) : '');
  while (bench.sent() < BURSTS) await count('counting', undefined);

  bench.judge();
  const facts = readJournal(profile).map(({ fact }) => fact);
  const taken = facts.filter(({ kind }) => kind === 'counted' || kind === 'unknown_scanned');
  const { whole, pieces } = withoutPieces(
    taken.map((fact): Counted => [String(fact['code']), String(fact['quantity'])]),
    counted,
  );
  expect(whole).toEqual(counted);
  // A scan that came in two pieces says so, each time.
  expect(await page.evaluate(() => (window as unknown as { torn: number }).torn)).toBe(pieces);
  expect(
    facts.filter(({ kind }) => /^(count_voided|bin_finished|bin_skipped|bin_confirmed_empty|stock_moved)/.test(kind)),
  ).toEqual([]);
});
