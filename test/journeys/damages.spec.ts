import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, type Page } from '@playwright/test';
import { DAMAGES, filesBelieved, filesBelow } from '../damage-kinds.ts';
import { ANA, BEN, copyOf, goTo, journalSegments, readJournal, send, signInAs, test as base } from './prepared.ts';
import { CLEO_NOW, COUNTED, OLD_PIN, strangersProfile, useProfile, type UsedProfile } from './steps/used-profile.ts';
import { seeded } from '../seeded.ts';
import { forgetProfile, startApp, type TallybookApp } from './tallybook-app.ts';

/** A few in every run, as many as one likes by hand. */
const TRIALS = Number(process.env['TALLYBOOK_DAMAGES'] ?? 6);
const SEED = 20_710;
const SECONDS_A_TRIAL = 60;
/** What the screen shows of a file that was found damaged comes a moment after the file was read. */
const SAID_MS = 10_000;

const test = base.extend<object, { used: UsedProfile }>({
  used: [
    async ({ template }, use) => {
      const used = await useProfile(template);
      await use(used);
      for (const folder of [used.folder, used.older]) forgetProfile(folder);
    },
    { scope: 'worker', timeout: 240_000 },
  ],
});
// One after the other, so that the profile is made once.
test.describe.configure({ mode: 'default' });

/** Figures as people see them: the counter's shelf, the approver's batch and the book of what was posted. */
type Figures = { rail: string[]; shelf: string[]; approverRail: string[]; batch: string[]; book: string[] };
type Seen = { readonly said: string[]; readonly gained: string[]; readonly figures: Partial<Figures> };

/** A damaged file: `place` is the folder below the profile. */
type Target = { readonly place: 'ledger' | 'IndexedDB'; readonly name: string };

/** Chromium's own log and lock of a store: nothing of them is read back. */
const NOTHING_READ_BACK = /(^|\/)(LOCK|LOG|LOG\.old)$/;

function targetsOf(profile: string): Target[] {
  return [
    ...filesBelieved(join(profile, 'ledger')).map((name) => ({ place: 'ledger' as const, name })),
    ...filesBelow(join(profile, 'IndexedDB'))
      .filter((name) => !NOTHING_READ_BACK.test(name))
      .map((name) => ({ place: 'IndexedDB' as const, name })),
  ];
}

/** The same in another order, by chance. */
function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  return values
    .map((value) => ({ value, place: random() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ value }) => value);
}

/** Whatever tells a person that something is not as it was: banners, refusals, and screens that open nothing else. */
const WORDS = '.healing .text, .signin .banner .text, main.whole .card, main.whole .empty, .screen .banner.stop .text';

/** One start of the app: what it says, what somebody can do that they could not, and the figures that it shows. */
async function use(page: Page, { shelf, batch, posted, postedFact }: UsedProfile): Promise<Seen> {
  const said = new Set<string>();
  const gained: string[] = [];
  const figures: Partial<Figures> = {};
  const listen = async (): Promise<void> => {
    for (const text of await page.locator(WORDS).allInnerTexts()) said.add(text.trim());
  };
  const names = page.getByRole('radiogroup', { name: 'People' });
  const other = page.locator('main.whole').getByRole('button').first();
  await expect(names.or(other).first()).toBeVisible({ timeout: 60_000 });
  await listen();
  if (await page.getByLabel('Your name').isVisible()) gained.push('anybody may come first');
  if (!(await names.isVisible())) return { said: [...said], gained, figures };

  /** Signs somebody in; answers false when that is refused, and has listened to why. */
  async function enter(person: { name: string; pin: string }): Promise<boolean> {
    const name = page.getByRole('radio', { name: person.name });
    if (!(await name.isVisible())) return false;
    await name.check();
    const pin = page.getByLabel(/^PIN/);
    await pin.fill(person.pin);
    await page.keyboard.press('Enter');
    const inside = page.getByLabel('Status').filter({ hasText: person.name });
    const isIn = async (): Promise<boolean> => (await inside.isVisible()) && !(await names.isVisible());
    const isRefused = async (): Promise<boolean> =>
      (await other.isVisible()) || ((await pin.isVisible()) && (await pin.inputValue()) === '');
    await expect.poll(async () => (await isIn()) || (await isRefused()), { timeout: 60_000 }).toBe(true);
    await listen();
    for (const text of await page.locator('.signin .field-error').allInnerTexts()) said.add(text);
    return isIn();
  }
  const rail = () => page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts();

  if (await enter(BEN)) {
    figures.rail = await rail();
    await goTo(page, shelf);
    const count = page.getByTestId('scan-count');
    await expect(count.or(page.getByText('is not on this laptop')).first()).toBeVisible();
    figures.shelf = [...(await count.allInnerTexts()), ...(await page.getByTestId('line-row').allInnerTexts())];
    await listen();
    const here = (await send(page, 'whoIsHere', {})) as { value: { signedIn: { id: string } | null } };
    const me = {
      id: here.value.signedIn?.id ?? '',
      name: BEN.name,
      active: true,
      roles: ['counter', 'approver', 'admin'],
    };
    if (((await send(page, 'savePerson', me)) as { ok: boolean }).ok) gained.push('a counter gave themselves roles');
    await page.keyboard.press('Control+l');
    await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
  }
  if (await enter(CLEO_NOW)) {
    figures.approverRail = await rail();
    await goTo(page, batch);
    const tab = page.getByRole('tab', { name: /^Decided/ });
    const none = page.getByText(/no such batch|not on this laptop|does not exist/i);
    await expect(tab.or(none).first()).toBeVisible();
    if (await tab.isVisible()) await tab.click();
    figures.batch = await page.getByTestId('review-row').allInnerTexts();
    // What was posted is posted once, whatever the host has left to judge it by; and reading that is when its files are met.
    const again = (await send(page, 'append', { facts: [postedFact] })) as { ok: boolean };
    if (again.ok) gained.push('posted twice');
    await goTo(page, '/items');
    const search = page.getByRole('searchbox');
    await expect(search.or(page.getByText('Import all item lists again.')).first()).toBeVisible();
    if (await search.isVisible()) {
      await search.fill(posted);
      const row = page.getByTestId('item-row').filter({ hasText: posted });
      await row.click();
      await expect(page.getByRole('complementary')).toContainText(posted);
      figures.book = await page.getByRole('complementary').getByRole('listitem').allInnerTexts();
    }
    await listen();
  }
  gained.push(...(await tryToGetIn(page)));
  return { said: [...said], gained, figures };
}

/** Nobody comes in with a PIN that is somebody else's, or was theirs once; and nobody comes first again. */
async function tryToGetIn(page: Page): Promise<string[]> {
  const here = (await send(page, 'whoIsHere', {})) as { value: { people: { id: string; name: string }[] } };
  const idOf = (name: string): string => here.value.people.find((one) => one.name === name)?.id ?? '';
  const tries = [
    [ANA, BEN.pin],
    [CLEO_NOW, BEN.pin],
    [CLEO_NOW, OLD_PIN],
    [BEN, CLEO_NOW.pin],
  ] as const;
  const gained: string[] = [];
  for (const [{ name }, pin] of tries)
    if (((await send(page, 'signIn', { person: idOf(name), pin })) as { ok: boolean }).ok)
      gained.push(`in as ${name} with ${pin}`);
  if (((await send(page, 'createFirstPerson', { name: 'Eve', pin: '4444' })) as { ok: boolean }).ok)
    gained.push('first again');
  return gained;
}

/** Every row of every store of the page's own copy, as Chromium reads it before the app has opened it. */
function rowsOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const all: string[] = [];
    for (const { name = '' } of (await indexedDB.databases()).toSorted((a, b) =>
      (a.name ?? '') < (b.name ?? '') ? -1 : 1,
    )) {
      const database = await new Promise<IDBDatabase | undefined>((resolve) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('success', () => resolve(opening.result));
        opening.addEventListener('error', () => resolve(undefined));
      });
      for (const store of database?.objectStoreNames ?? []) {
        const rows = await new Promise<unknown>((resolve) => {
          const asking = database?.transaction(store).objectStore(store).getAll();
          asking?.addEventListener('success', () => resolve(asking.result));
          asking?.addEventListener('error', () => resolve('unreadable'));
        });
        all.push(`${name} ${store} ${JSON.stringify(rows)}`);
      }
      database?.close();
    }
    return all.join('\n');
  });
}

/** The rows of the page's copy in a profile that nobody has opened since it was damaged. */
async function rowsIn(profile: string): Promise<string> {
  const { page, kill } = await startApp(profile);
  try {
    await expect(page.getByRole('radio', { name: BEN.name })).toBeVisible({ timeout: 60_000 });
    return await rowsOf(page);
  } finally {
    await kill();
  }
}

/**
 * Damages after which whatever is believed is what it was. An older summary of this journal is one that an entry of it vouches
 * for, and whatever came since is folded onto it: the roles and figures that come of it are compared above.
 */
const CHANGES_NOTHING: readonly string[] = ['older ledger/authority/authority.json'];

/** What comes of one damage. */
type Outcome = 'mended and said' | 'lost and said' | 'nothing read is another' | 'silent' | 'wrong';

test(`J710 ${TRIALS} damages of every kind spread over every file of a used profile: the figures are as before or it is said, and nobody is more than they were`, async ({
  used: mine,
  launch,
}) => {
  test.setTimeout(240_000 + TRIALS * SECONDS_A_TRIAL * 1000);
  const stranger = await strangersProfile();
  const pristine = copyOf(mine.folder);
  const rows = await rowsIn(pristine);
  const whole = await launch(pristine);
  const before = await use(whole.page, mine);
  await whole.kill();
  expect(before).toMatchObject({ said: [], gained: [] });
  expect(before.figures.shelf?.[0]).toBe(`${COUNTED} scans`);
  expect(before.figures.rail).toEqual(['Count', 'Move', 'Items', 'Settings']);
  expect([before.figures.batch, before.figures.book]).toEqual([[expect.any(String)], expect.arrayContaining([])]);

  const random = seeded(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const targets = shuffled(targetsOf(mine.folder), random);
  const kinds = shuffled(Object.keys(DAMAGES), random);
  const outcomes: { outcome: Outcome; damage: string; said: readonly string[] }[] = [];
  const gains: string[] = [];
  for (let turn = 0; outcomes.length < TRIALS; turn += 1) {
    const { place, name } = targets[turn % targets.length] ?? { place: 'ledger', name: '' };
    const kind = kinds[(turn + Math.floor(turn / targets.length)) % kinds.length] ?? '';
    const profile = copyOf(mine.folder);
    const path = join(profile, place, name);
    const others = { older: join(mine.older, place), foreign: join(stranger, place) };
    if (DAMAGES[kind]?.(path, name, others, below) === true) {
      const damage = `${kind} ${place}/${name}`;
      const asDamaged = copyOf(profile);
      const tallybook = await launch(profile);
      const seen = await use(tallybook.page, mine);
      const isRead = place === 'ledger' ? !CHANGES_NOTHING.includes(damage) : (await rowsIn(asDamaged)) !== rows;
      const said = isRead ? await untilSaid(tallybook, seen.said) : seen.said;
      const outcome = judge(isDeepStrictEqual(seen.figures, before.figures), said, isRead);
      outcomes.push({ outcome, damage, said });
      gains.push(...seen.gained.map((gain) => `${damage}: ${gain}`));
      await tallybook.kill();
      forgetProfile(asDamaged);
    }
    forgetProfile(profile);
  }
  for (const folder of [stranger, pristine]) forgetProfile(folder);
  const counts = new Map<Outcome, number>();
  for (const { outcome } of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const figures = [...counts].map(([outcome, count]) => `${count} ${outcome}`);
  console.log(
    `J710: ${TRIALS} damages over ${targets.length} files: ${figures.join(', ')}; ${gains.length} roles gained`,
  );
  expect(outcomes.filter(({ outcome }) => outcome === 'silent' || outcome === 'wrong')).toEqual([]);
  expect(gains).toEqual([]);
});

/** What was said, once something was; whatever was said by then when nothing is. */
async function untilSaid({ page }: TallybookApp, said: readonly string[]): Promise<readonly string[]> {
  if (said.length > 0) return said;
  const words = page.locator(WORDS);
  await words
    .first()
    .waitFor({ timeout: SAID_MS })
    .catch(() => undefined);
  return words.allInnerTexts();
}

/** Where figures are missing or others, it does not do to say that nothing is lost. */
function judge(isAsBefore: boolean, said: readonly string[], isRead: boolean): Outcome {
  if (!isAsBefore) return said.some((text) => !text.includes('Nothing is lost')) ? 'lost and said' : 'wrong';
  if (said.length > 0) return 'mended and said';
  return isRead ? 'silent' : 'nothing read is another';
}

test('J711 a bit that flips in a file of the journal that is written no more is found at the next start, and mended', async ({
  used,
  launch,
}) => {
  const profile = copyOf(used.folder);
  const [oldest = '', ...newer] = journalSegments(profile);
  expect(newer.length).toBeGreaterThan(0);
  const bytes = readFileSync(oldest);
  const flipped = Buffer.from(bytes);
  const at = Math.floor(bytes.length / 2);
  flipped[at] = (bytes[at] ?? 0) ^ 0x01;
  writeFileSync(oldest, flipped);
  const { page, close } = await launch(profile);
  await signInAs(page, BEN);
  await expect(page.locator('.healing')).toContainText('set aside');
  await goTo(page, used.shelf);
  await expect(page.getByTestId('scan-count')).toHaveText(`${COUNTED} scans`);
  await close();
  const hashes = (folder: string): string[] => readJournal(folder).map(({ id, hash }) => `${id} ${hash}`);
  const before = hashes(used.folder);
  expect(hashes(profile).slice(0, before.length)).toEqual(before);
  forgetProfile(profile);
});
