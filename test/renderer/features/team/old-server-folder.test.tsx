// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { useOthers } from '../../../../renderer/app/use-others.ts';
import { TeamScreen } from '../../../../renderer/features/team/team-screen.tsx';
import { useTallybook } from '../../../../renderer/tallybook/tallybook-context.tsx';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import type { HostError, SiteServer } from '../../../../shared/ports/host.ts';
import { giveRoom, HERE, laptopOf, press, SERVER, showOver, siteHost, type Site } from './site-double.tsx';

beforeAll(giveRoom);
beforeEach(() => startTexts('en'));
afterEach(cleanup);

/** The screen as it stands in the app, which asks the host now and then. */
function Shown(): ReactElement {
  const { host, ledger, reloadPeople } = useTallybook();
  useOthers(host, { ledger, reloadPeople });
  return <TeamScreen />;
}

const laptops = [HERE, laptopOf('Yard')];

type Laid = NonNullable<SiteServer['laidOut']>;
const LAID: Laid = { host: 'depot-pc', port: 4222, unknown: [], revoked: [] };

/** Its server’s folder is as old as that until it is saved again. */
function siteWith(laidOut: Partial<Laid>, refuses?: HostError): Site {
  const site = siteHost({
    laptops,
    server() {
      const isSaved = refuses === undefined && site.inputsOf('saveServerFolder').length > 0;
      return { ...SERVER, laidOut: isSaved ? LAID : { ...LAID, ...laidOut } };
    },
    ...(refuses !== undefined && { refusals: { saveServerFolder: refuses } }),
  });
  return site;
}

describe('a server’s folder that is older than what is so', () => {
  test('U896 laptops that the saved server folder does not know are named, with the one act, by button or key', async () => {
    for (const act of [
      () => press('Save the server’s folder again'),
      () => fireEvent.keyDown(document.body, { key: 'n' }),
    ]) {
      const site = siteWith({ unknown: ['Mezzanine', 'Goods in'] });
      showOver(site, <Shown />);
      const said = await screen.findByTestId('server-folder-unknown');
      expect(said.textContent).toMatch(/does not know Goods in and Mezzanine yet.*nothing of them/);
      // It stands before the list, where nobody has to look for it.
      expect(said.compareDocumentPosition(screen.getByRole('grid'))).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
      act();
      await waitFor(() => expect(screen.getByTestId('server-folder-saved').textContent).toMatch(/replaced where/));
      expect(screen.queryByTestId('server-folder-unknown')).toBeNull();
      // Where the laptops reach it is not asked once more.
      expect(site.inputsOf('saveServerFolder')).toEqual([{ host: 'depot-pc', port: 4222 }]);
      cleanup();
    }
  });

  test('U896 one that is revoked and still let in is named, and whoever may not save is told who does', async () => {
    showOver(siteWith({ revoked: ['Yard'] }), <Shown />, { roles: ['counter'] });
    const said = await screen.findByTestId('server-folder-revoked');
    expect(said.textContent).toBe('Yard is revoked, and the server still lets it in.');
    expect(screen.getByText(/An admin saves the folder again/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /Save the server’s folder/ })).toBeNull();
    cleanup();
    await startTexts('de');
    showOver(siteWith({ unknown: ['Hof'], revoked: ['Rampe', 'Tor'] }), <Shown />);
    expect((await screen.findByTestId('server-folder-unknown')).textContent).toMatch(
      /kennt Hof noch nicht.*nichts von ihm/,
    );
    expect(screen.getByTestId('server-folder-revoked').textContent).toMatch(/^Rampe und Tor sind ausgeschlossen/);
  });

  test('U896 a folder that knows every laptop is not spoken of; one that cannot be written stays old, and says why', async () => {
    showOver(siteWith({}), <Shown />);
    await screen.findByTestId('site-server');
    expect(screen.queryByText('Server’s folder')).toBeNull();
    cleanup();
    showOver(siteWith({ unknown: ['Yard'] }, { code: 'file_not_written', detail: 'EROFS' }), <Shown />);
    await screen.findByTestId('server-folder-unknown');
    press('Save the server’s folder again');
    await screen.findByText(/EROFS/);
    expect(screen.getByTestId('server-folder-unknown').textContent).toMatch(/know Yard yet.*nothing of it/);
  });
});
