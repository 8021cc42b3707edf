// @vitest-environment happy-dom
import { act, cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Rail } from '../../../renderer/app/rail.tsx';
import { StatusLine } from '../../../renderer/app/status-line.tsx';
import { laptopName, teamSource } from '../../../renderer/tallybook/team.ts';
import { startTexts } from '../../../renderer/texts/texts.ts';
import { EXCHANGE, HERE, laptopOf, SERVER, showOver, siteHost } from '../features/team/site-double.tsx';

beforeEach(() => startTexts('en'));
afterEach(cleanup);

const today = (hour: number): string => new Date(new Date().setHours(hour, 12, 0, 0)).toISOString();
const heard = (name: string, hour: number) => laptopOf(name, { entries: 1, heardAt: today(hour) });

describe('a site in the frame', () => {
  test('U820 the status line says how many other laptops were heard and the newest; each is told with its time', async () => {
    const gone = laptopOf('Lost', { state: 'revoked', heardAt: today(11) });
    const laptops = [HERE, heard('Ana’s laptop', 8), heard('Ben’s laptop', 9), laptopOf('Cleo’s laptop'), gone];
    showOver(siteHost({ laptops }), <StatusLine />);
    const line = await screen.findByTestId('heard-from');
    const described = document.getElementById(line.getAttribute('aria-describedby') ?? '');
    expect(described?.textContent).toBe('Ana’s laptop: 08:12; Ben’s laptop: 09:12; Cleo’s laptop: never');
    described?.remove();
    expect(line.textContent).toBe('Heard from 2 of 3 · Ben’s laptop 09:12');
  });

  test('U820 where nothing was heard yet it says so, and alone it says nothing', async () => {
    showOver(siteHost({ laptops: [HERE, laptopOf('Ana’s laptop')] }), <StatusLine />);
    expect((await screen.findByTestId('heard-from')).textContent).toMatch(/^Heard from 0 of 1/);
    cleanup();
    for (const site of [siteHost({ here: 'none' }), siteHost({ laptops: [HERE] })]) {
      showOver(site, <StatusLine />);
      await act(async () => {});
      expect(screen.queryByTestId('heard-from')).toBeNull();
      cleanup();
    }
  });

  test('U897 a shared folder or a server that is not reached is said in the status line, in words, in every language', async () => {
    for (const [language, words] of [
      [
        'en',
        [
          'Shared folder not there',
          'Shared folder needs a look',
          'Site server not reached',
          'Site server needs a look',
        ],
      ],
      ['de', ['Ordner nicht da', 'Ordner prüfen', 'Server nicht erreicht', 'Server prüfen']],
    ] as const) {
      await startTexts(language);
      const said: string[] = [];
      for (const state of ['away', 'read_only', 'reached', 'waiting'] as const) {
        const site = siteHost({ laptops: [HERE, laptopOf('Ana’s laptop')] });
        showOver(site, <StatusLine />);
        await screen.findByTestId('heard-from');
        act(() => {
          teamSource(site.host).tell({ ...EXCHANGE, state });
          teamSource(site.host).tellServer({ ...SERVER, state });
        });
        said.push(...screen.queryAllByTestId(/-trouble$/).map(({ textContent }) => textContent));
        cleanup();
      }
      const [folderAway, folderTrouble, serverAway, serverTrouble] = words;
      expect(said).toEqual([folderAway, serverAway, folderTrouble, serverTrouble]);
    }
  });

  test('U821 the rail leads to the laptops of a site whoever is there, and without a site only an admin', async () => {
    for (const [here, roles, shown] of [
      ['supervising', ['counter'], true],
      ['counting', ['approver'], true],
      ['none', ['lead'], false],
      ['none', ['admin'], true],
    ] as const) {
      showOver(siteHost({ here }), <Rail />, { roles });
      await act(async () => {});
      expect([here, roles, screen.queryByRole('link', { name: 'Laptops' }) !== null]).toEqual([here, roles, shown]);
      cleanup();
    }
  });

  test('U822 a laptop is called by the name that the site gave it, and by its number where none knows it', () => {
    const team = { site: null, here: 'counting' as const, asked: null, laptops: [laptopOf('Ana’s laptop')] };
    expect(laptopName(team, 'id of Ana’s laptop')).toBe('Ana’s laptop');
    expect(laptopName(team, '0123456789')).toBe('01234567');
    expect(laptopName(undefined, '0123456789')).toBe('01234567');
  });
});
