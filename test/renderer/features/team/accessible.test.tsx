// @vitest-environment happy-dom
import axe from 'axe-core';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { JoinSite } from '../../../../renderer/app/join-site.tsx';
import { TeamScreen } from '../../../../renderer/features/team/team-screen.tsx';
import { teamSource } from '../../../../renderer/tallybook/team.ts';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import {
  choose,
  EXCHANGE,
  giveRoom,
  HAND_OVER,
  handOverFile,
  HERE,
  laptopOf,
  REQUEST,
  showBefore,
  showOver,
  siteHost,
  ASKED,
} from './site-double.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

/** What breaks WCAG 2.2 A or AA in what is shown, but for colours and sizes: nothing is drawn here. */
async function broken(): Promise<readonly string[]> {
  const { violations } = await axe.run(document.body, {
    runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
    rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
    resultTypes: ['violations'],
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

describe('laptops for whoever does not see or point', () => {
  test('U823 no part of the laptops’ screens breaks WCAG 2.2 A or AA', async () => {
    // What is looked for is found where it is.
    const nameless = document.body.appendChild(document.createElement('button'));
    expect(await broken()).toEqual([expect.stringMatching(/^button-name/)]);
    nameless.remove();

    const found: string[] = [];
    const look = async (place: string) => found.push(...(await broken()).map((line) => `${place}: ${line}`));
    showOver(siteHost({ here: 'none' }), <TeamScreen />);
    await screen.findByLabelText('Name of the site');
    await look('no site');
    cleanup();

    const silent = laptopOf('Ben', { entries: 9, refused: 2, heardAt: '2020-01-01T08:00:00.000Z' });
    const problems = [{ laptop: 'Cleo', why: 'fork' as const, fromSeq: 7 }];
    showOver(siteHost({ laptops: [HERE, silent], handOver: { ...HAND_OVER, problems } }), <TeamScreen />);
    await screen.findByRole('grid');
    await look('the list');
    for (const name of ['Rename Ben', 'Revoke Ben', 'Enrol a laptop']) {
      fireEvent.click(screen.getByRole('button', { name }));
      await look(name);
      fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }));
    }
    fireEvent.click(screen.getByRole('button', { name: 'Enrol a laptop' }));
    await choose('request-file', new File([REQUEST], 'request.json'));
    await screen.findByTestId('words');
    await look('the words');
    fireEvent.click(screen.getByRole('button', { name: 'No, leave it' }));
    await choose('hand-over-file', handOverFile());
    await screen.findByTestId('hand-over-problems');
    await look('the preview');
    cleanup();

    const troubled = { ...EXCHANGE, state: 'away' as const, toPut: 3, missing: [{ laptop: 'Cleo', fromSeq: 7 }] };
    const spoiled = { laptop: 'Cleo', why: 'damaged' as const, fromSeq: 7, file: 'c.1-7.seg' };
    const shared = siteHost({ laptops: [HERE, silent] });
    showOver(shared, <TeamScreen />);
    teamSource(shared.host).tell({ ...troubled, refused: [spoiled] });
    await screen.findByTestId('folder-refused');
    await look('the shared folder');
    cleanup();

    showBefore(
      <JoinSite
        host={siteHost({ here: 'asked' }).host}
        laptop="cold-pc"
        asked={ASKED}
        onBack={() => undefined}
        onJoined={() => undefined}
      />,
    );
    await look('joining');
    expect(found).toEqual([]);
  });
});
