// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { TeamScreen } from '../../../../renderer/features/team/team-screen.tsx';
import { createScanStack } from '../../../../renderer/scan/scans.tsx';
import { requestCode } from '../../../../shared/team/request.ts';
import { silentLaptops } from '../../../../renderer/features/team/laptop-rows.ts';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import {
  choose,
  dialog,
  giveRoom,
  HERE,
  JOIN,
  laptopOf,
  press,
  REQUEST,
  showOver,
  siteHost,
  type,
  WORDS,
} from './site-double.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
const BEN = laptopOf('Ben’s laptop', { entries: 40, refused: 12, newestAt: hoursAgo(1), heardAt: hoursAgo(0.5) });
const rows = (): readonly string[] => screen.getAllByTestId('laptop-row').map((row) => row.textContent ?? '');

describe('laptops that count together', () => {
  test('U800 a laptop that works alone says what a site is for, and an admin founds one on the spot', async () => {
    const site = siteHost({ here: 'none' });
    showOver(site, <TeamScreen />);
    await screen.findByText(/Several laptops can count together without a network/);
    press('Set up several laptops');
    expect(screen.getByText('Type a name for the site.')).toBeTruthy();
    expect(site.inputsOf('foundSite')).toEqual([]);
    type('Name of the site', ' North ');
    type('Name of this laptop', 'Office');
    press('Set up several laptops');
    await screen.findByRole('heading', { name: 'Hand over' });
    expect(site.inputsOf('foundSite')).toEqual([{ site: 'North', laptop: 'Office' }]);
    expect(rows()).toEqual([expect.stringContaining('Office')]);
  });

  test('U800 whoever is no admin reads who sets it up, and founds nothing', async () => {
    showOver(siteHost({ here: 'none' }), <TeamScreen />, { roles: ['lead'] });
    await screen.findByText('An admin sets this up.');
    expect(screen.queryByRole('textbox')).toBeNull();
  });

  test('U801 the list says of each laptop what it does, its state, as of when, and what is shown and not counted', async () => {
    const gone = laptopOf('Old one', { state: 'revoked', entries: 3, newestAt: hoursAgo(1), heardAt: hoursAgo(1) });
    showOver(siteHost({ laptops: [gone, BEN, HERE, laptopOf('New one')] }), <TeamScreen />);
    await screen.findByRole('grid', { name: 'Laptops of North' });
    const [here = '', ben = '', fresh = '', old = ''] = rows();
    expect(here).toMatch(/Office.*supervises.*this one.*1,204/);
    expect(ben).toMatch(/Ben’s laptop.*counts.*enrolled.*as of .*\d\d:\d\d.*40.*12 shown, not counted/);
    expect(fresh).toMatch(/New one.*enrolled.*nothing yet.*never.*0/);
    expect(old).toMatch(/Old one.*revoked.*3/);
  });

  test('U802 a laptop that said something and was not heard for two hours is named in words', async () => {
    const silent = laptopOf('Cleo’s laptop', { entries: 9, newestAt: hoursAgo(4), heardAt: hoursAgo(3) });
    showOver(siteHost({ laptops: [HERE, BEN, silent] }), <TeamScreen />);
    const said = await screen.findAllByTestId('silent-laptop');
    expect(said.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^Cleo’s laptop was last heard .*on that laptop alone.*take the file in here\.$/),
    ]);
    const now = new Date().toISOString();
    const others = [{ isHere: true }, { state: 'revoked' as const }, { entries: 0 }, { heardAt: null }];
    expect(silentLaptops([BEN, ...others.map((more) => ({ ...silent, ...more }))], now)).toEqual([]);
  });

  test('U830 a laptop that put somebody’s name under what they did not sign is named in words, in every language', async () => {
    for (const language of ['en', 'de'] as const) {
      await startTexts(language);
      showOver(siteHost({ laptops: [HERE, { ...BEN, unsigned: 2 }] }), <TeamScreen />);
      const said = await screen.findAllByTestId('unsigned-laptop');
      expect(said.map(({ textContent }) => textContent)).toEqual([
        expect.stringMatching(/Ben’s laptop .*2 .*PIN.*\.$/),
      ]);
      cleanup();
    }
    showOver(siteHost({ laptops: [HERE, BEN] }), <TeamScreen />);
    await screen.findByRole('grid');
    expect(screen.queryByTestId('unsigned-laptop')).toBeNull();
  });

  test('U861 a laptop with two histories is named with where they part and what to do, in every language', async () => {
    for (const language of ['en', 'de'] as const) {
      await startTexts(language);
      showOver(siteHost({ laptops: [HERE, { ...BEN, entries: 40, forkedAt: 31 }] }), <TeamScreen />);
      expect((await screen.findByTestId('forked-laptop')).textContent).toMatch(/Ben’s laptop .*31.*\.$/);
      fireEvent.keyDown(await screen.findByRole('grid'), { key: 'ArrowDown' });
      fireEvent.keyDown(document.body, { key: 'v' });
      expect((await screen.findByRole('dialog')).textContent).toMatch(/31/);
      cleanup();
    }
    await startTexts('en');
  });

  test('U893 the laptops of a site stand before handing over, and that before what carries by itself', async () => {
    showOver(siteHost({ laptops: [HERE, BEN] }), <TeamScreen />);
    await screen.findByRole('grid');
    const heads = screen.getAllByRole('heading', { level: 2 }).map(({ textContent }) => textContent);
    expect(heads).toEqual(['Laptops of North', 'Hand over', 'Shared folder', 'Site server']);
    const columns = screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
    expect(columns).toEqual(['Laptop', 'What it does', 'State', 'Newest entry', 'Heard here', 'Entries', 'Change']);
  });

  test('U898 a laptop that was not heard for long says so in its row, and one that joined and said nothing does not', async () => {
    const silent = laptopOf('Cleo’s laptop', { entries: 9, newestAt: hoursAgo(4), heardAt: hoursAgo(3) });
    showOver(siteHost({ laptops: [HERE, BEN, silent, laptopOf('New one')] }), <TeamScreen />);
    await screen.findByRole('grid');
    const states = rows().map((row) => /this one|not heard|enrolled|revoked/.exec(row)?.[0]);
    expect(states).toEqual(['this one', 'enrolled', 'not heard', 'enrolled']);
  });

  test('U848 of a laptop whose clock is ahead no more is said to be held than up to when it was heard', async () => {
    const heardAt = hoursAgo(1);
    const [said = ''] =
      new Intl.DateTimeFormat('en', { timeStyle: 'short', hourCycle: 'h23' })
        .format(new Date(heardAt))
        .match(/\d\d:\d\d/) ?? [];
    const ahead = { ...BEN, refused: 0, newestAt: new Date(Date.parse(heardAt) + 18 * 60_000).toISOString(), heardAt };
    showOver(siteHost({ laptops: [HERE, ahead] }), <TeamScreen />);
    await screen.findByRole('grid');
    expect(rows()[1]?.split(said)).toHaveLength(3);
    press('Revoke Ben’s laptop');
    expect(dialog().getByText(/What stands: the 40 entries/).textContent).toContain(said);
  });

  test('U803 an admin renames a laptop from the keyboard; an empty name is not taken', async () => {
    const site = siteHost({ laptops: [HERE, BEN] });
    showOver(site, <TeamScreen />);
    fireEvent.keyDown(await screen.findByRole('grid'), { key: 'ArrowDown' });
    fireEvent.keyDown(window, { key: 'r' });
    expect(dialog().getByRole('heading').textContent).toBe('Rename Ben’s laptop');
    type('Name of this laptop', ' ');
    press('Save');
    expect(screen.getByRole('alert').textContent).toBe('Type a name.');
    type('Name of this laptop', 'Cold store');
    press('Save');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(site.inputsOf('nameLaptop')).toEqual([{ laptop: BEN.laptop, name: 'Cold store' }]);
    expect(rows()[1]).toContain('Cold store');
  });

  test('U804 before a laptop is revoked it is said what stands and what never will; at first the keys keep it', async () => {
    const site = siteHost({ laptops: [HERE, BEN] });
    showOver(site, <TeamScreen />);
    fireEvent.click(await screen.findByRole('button', { name: 'Revoke Ben’s laptop' }));
    expect(dialog().getByText(/What stands: the 40 entries of Ben’s laptop.*12 of them are shown/)).toBeTruthy();
    expect(dialog().getByText(/What never will: everything that Ben’s laptop says after that/)).toBeTruthy();
    expect(document.activeElement?.textContent).toContain('Leave it enrolled');
    press('Leave it enrolled');
    expect(site.inputsOf('revokeLaptop')).toEqual([]);
    press('Revoke Ben’s laptop');
    press('Revoke it');
    await waitFor(() => expect(rows()[1]).toContain('revoked'));
    expect(site.inputsOf('revokeLaptop')).toEqual([{ laptop: BEN.laptop }]);
    expect(screen.queryByRole('button', { name: 'Revoke Ben’s laptop' })).toBeNull();
  });

  test('U805 only an admin on a laptop that supervises changes laptops; everybody sees them and hands over', async () => {
    for (const [here, roles] of [
      ['supervising', ['counter', 'lead', 'approver']],
      ['counting', ['admin']],
      ['revoked', ['admin']],
    ] as const) {
      showOver(siteHost({ here, laptops: [HERE, BEN] }), <TeamScreen />, { roles });
      await screen.findByRole('button', { name: 'Save for other laptops' });
      expect(screen.getByRole('button', { name: 'Take in a file' })).toBeTruthy();
      expect(rows()).toHaveLength(2);
      for (const name of [/Enrol/, /^Rename/, /^Revoke/]) expect(screen.queryByRole('button', { name })).toBeNull();
      for (const pressed of ['e', 'r', 'v']) fireEvent.keyDown(window, { key: pressed });
      expect(screen.queryByRole('dialog')).toBeNull();
      if (here === 'revoked') expect(screen.getByRole('alert').textContent).toMatch(/will never count anywhere else/);
      cleanup();
    }
  });

  test('U806 enrolling shows the words of the request in their order, asks, enrols on yes, and offers the file', async () => {
    const site = siteHost({});
    showOver(site, <TeamScreen />);
    fireEvent.click(await screen.findByRole('button', { name: 'Enrol a laptop' }));
    await choose('request-file', new File([REQUEST], 'tallybook-request-Ben.json'));
    await screen.findByText('Do the same words stand on the other laptop?');
    expect([...screen.getByTestId('words').children].map(({ textContent }) => textContent)).toEqual(WORDS);
    expect(document.activeElement?.textContent).toContain('No, leave it');
    expect(site.inputsOf('enrolLaptop')).toEqual([]);
    fireEvent.click(dialog().getByRole('radio', { name: /^supervises/ }));
    type('Its name', 'Cold store');
    press('Yes, enrol it');
    await screen.findByRole('heading', { name: 'Cold store is enrolled' });
    expect(site.inputsOf('enrolLaptop')).toEqual([{ request: REQUEST, name: 'Cold store', role: 'supervising' }]);
    fireEvent.click(dialog().getByRole('button', { name: 'Save for the other laptops' }));
    await dialog().findByText(/1,244 entries saved/);
  });

  test('U806 who says no has enrolled nobody', async () => {
    const site = siteHost({});
    showOver(site, <TeamScreen />);
    fireEvent.click(await screen.findByRole('button', { name: 'Enrol a laptop' }));
    await choose('request-file', new File([REQUEST], 'request.json'));
    fireEvent.click(await screen.findByRole('button', { name: 'No, leave it' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(site.inputsOf('enrolLaptop')).toEqual([]);
  });

  test('U807 a file that is no request is refused in words, and a large one is not even read', async () => {
    const site = siteHost({});
    showOver(site, <TeamScreen />);
    fireEvent.click(await screen.findByRole('button', { name: 'Enrol a laptop' }));
    await choose('request-file', new File(['x'.repeat(10_001)], 'ben.tallybook'));
    await waitFor(() => expect(dialog().getByRole('alert').textContent).toMatch(/no request to join/));
    expect(site.inputsOf('readRequest')).toEqual([]);
    await choose('request-file', new File(['{}'], 'list.json'));
    await waitFor(() => expect(site.inputsOf('readRequest')).toHaveLength(1));
    await waitFor(() => expect(dialog().getByRole('alert').textContent).toMatch(/no request to join/));
  });

  test('U826 the code on the new laptop’s screen is scanned as its request; any other scan is refused in words', async () => {
    const site = siteHost({});
    const scans = createScanStack();
    showOver(site, <TeamScreen />, { scans });
    fireEvent.click(await screen.findByRole('button', { name: 'Enrol a laptop' }));
    const scan = (text: string, usText = text): void => scans.tell({ text, usText, letGo: '' });
    scan('4001234567890');
    await waitFor(() => expect(dialog().getByRole('alert').textContent).toMatch(/once more/));
    // The keyboard is another country's.
    scan(requestCode(JOIN).replaceAll('A', 'Q'), requestCode(JOIN));
    await screen.findByText('Do the same words stand on the other laptop?');
    expect([...screen.getByTestId('words').children].map(({ textContent }) => textContent)).toEqual(WORDS);
    press('Yes, enrol it');
    await waitFor(() => expect(site.inputsOf('enrolLaptop')).toMatchObject([{ request: requestCode(JOIN) }]));
  });
});
