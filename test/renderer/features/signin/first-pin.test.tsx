// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SignIn } from '../../../../renderer/features/signin/sign-in.tsx';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { err, ok } from '../../../../shared/domain/result.ts';
import type { FilesFound, Host, HostError, Team } from '../../../../shared/ports/host.ts';
import { press, showBefore, siteHost, type } from '../team/site-double.tsx';

beforeEach(() => startTexts('en'));
afterEach(cleanup);

const ADA: Person = { id: 'p1', name: 'Ada', roles: ['admin'], active: true };
const BEN: Person = { id: 'p2', name: 'Ben', roles: ['counter'], active: true };

type Shown = { readonly set: unknown[]; readonly signedIn: Person[]; readonly taken: unknown[] };

function show(
  here: Team['here'],
  { entry = 'open', refusal }: { entry?: FilesFound['entry']; refusal?: HostError } = {},
): Shown {
  const seen: Shown = { set: [], signedIn: [], taken: [] };
  const host: Host = {
    ...siteHost({ here }).host,
    signIn: async () => err({ code: 'pin_lost', cure: 'admin' }),
    setFirstPin: async (input) => {
      seen.set.push(input);
      return refusal === undefined ? ok({ person: BEN, entries: [] }) : err(refusal);
    },
  };
  showBefore(
    <SignIn
      host={host}
      ledger={{
        takeIn: async (entries) => {
          seen.taken.push(entries);
          return ok(null);
        },
      }}
      entry={entry}
      here={here}
      sounds={{ noted: () => undefined, notTaken: () => undefined }}
      people={[ADA, BEN]}
      onSignedIn={(person) => seen.signedIn.push(person)}
    />,
  );
  return seen;
}

function enterAsBen(): void {
  fireEvent.click(screen.getByLabelText('Ben'));
  type('PIN of Ben', '1234');
  press('Sign in');
}

describe('the first time on a laptop', () => {
  test('U818 on a laptop that counts, whoever has no PIN there chooses one, typed twice, and is signed in', async () => {
    const seen = show('counting');
    enterAsBen();
    await screen.findByRole('heading', { name: 'First time on this laptop: choose a PIN' });
    expect(screen.getByText(/^Ben has no PIN on this laptop yet/)).toBeTruthy();
    press('Sign in with it');
    expect(screen.getByText('Use at least 4 characters.')).toBeTruthy();
    type('New PIN', '24680');
    type('New PIN again', '24681');
    press('Sign in with it');
    expect(screen.getByText(/^The two PINs differ/)).toBeTruthy();
    expect(seen.set).toEqual([]);
    type('New PIN again', '24680');
    press('Sign in with it');
    await waitFor(() => expect(seen.signedIn).toEqual([BEN]));
    expect(seen.set).toEqual([{ person: BEN.id, pin: '24680' }]);
    expect(seen.taken).toEqual([[]]);
  });

  test('U818 a PIN that the host does not take is said, and the way back leads to the names', async () => {
    const seen = show('counting', { refusal: { code: 'pin_too_short', length: 8 } });
    enterAsBen();
    await screen.findByLabelText('New PIN');
    type('New PIN', '24680');
    type('New PIN again', '24680');
    press('Sign in with it');
    expect((await screen.findByRole('alert')).textContent).toMatch(/at least 8/);
    expect(seen.signedIn).toEqual([]);
    press('Somebody else');
    expect(screen.getByLabelText('Ada')).toBeTruthy();
  });

  test('U819 on a laptop that supervises nobody chooses a PIN: it is said who gives one, and that nothing is lost', async () => {
    const seen = show('supervising');
    enterAsBen();
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/no PIN of Ben.*An admin.*gives one/s));
    expect(screen.getByRole('alert').textContent).not.toMatch(/missing|damaged/);
    expect(screen.queryByLabelText('New PIN')).toBeNull();
    expect(seen.set).toEqual([]);
    cleanup();
    show('supervising', { entry: 'recovery_code' });
    expect(screen.getByRole('alert').textContent).toMatch(/No admin has a PIN on this laptop yet.*recovery code/);
    cleanup();
    show('counting', { entry: 'recovery_code' });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('U819 on a laptop that works alone a PIN that is gone is lost, as ever', async () => {
    show('none');
    enterAsBen();
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/Ben's PIN is missing or damaged/));
  });
});
