// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ScansProvider } from '../../../../renderer/scan/scans.tsx';
import { ShownCode } from '../../../../renderer/tallybook/shown-code.tsx';
import { RecordsMissing } from '../../../../renderer/features/signin/records-missing.tsx';
import { SignIn } from '../../../../renderer/features/signin/sign-in.tsx';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { err, ok } from '../../../../shared/domain/result.ts';
import type { FilesFound, Host, HostError } from '../../../../shared/ports/host.ts';

beforeAll(() => startTexts('en'));
afterEach(cleanup);

const ADA: Person = { id: 'p1', name: 'Ada', roles: ['admin'], active: true };
const BEN: Person = { id: 'p2', name: 'Ben', roles: ['counter'], active: true };
const CODE = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';

type Asked = { recovered: unknown[]; signedIn: Person[] };

function show(entry: FilesFound['entry'], refusal: HostError, rightCode = CODE): Asked {
  const asked: Asked = { recovered: [], signedIn: [] };
  const host = {
    signIn: async () => err(refusal),
    team: async () => ok({ site: null, here: 'none', words: [], laptops: [] }),
    recoverAccess: async (input: { code: string }) => {
      asked.recovered.push(input);
      return input.code === rightCode ? ok({ person: ADA, entries: [] }) : err({ code: 'wrong_code', triesLeft: 4 });
    },
  } as unknown as Host;
  const scans = { add: () => () => undefined, onNews: () => () => undefined } as never;
  render(
    <ScansProvider scans={scans} onNews={() => undefined}>
      <SignIn
        host={host}
        ledger={{ takeIn: async () => ok(null) }}
        entry={entry}
        sounds={{ noted: () => undefined, notTaken: () => undefined }}
        people={[ADA, BEN]}
        onSignedIn={(person) => asked.signedIn.push(person)}
      />
    </ScansProvider>,
  );
  return asked;
}

const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });

describe('PINs that cannot be checked', () => {
  test('U700 the first screen says at once that no PIN can be checked, and what helps', () => {
    show('recovery_code', { code: 'pin_lost', cure: 'recovery_code' });
    expect(screen.getByRole('alert').textContent).toMatch(/missing or damaged.*recovery code.*new PIN/s);
    cleanup();
    show('closed', { code: 'pin_lost', cure: 'none' });
    expect(screen.getByRole('alert').textContent).toMatch(/people\.json back from a backup.*counts are whole/s);
    cleanup();
    show('open', { code: 'wrong_pin', triesLeft: 4 });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('U701 whoever’s PIN alone is lost reads that an admin gives a new one', async () => {
    show('open', { code: 'pin_lost', cure: 'admin' });
    fireEvent.click(screen.getByLabelText('Ben'));
    type('PIN of Ben', '1234');
    fireEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/Ben.*An admin signs in.*new PIN/s));
    expect(screen.queryByRole('button', { name: 'Use the recovery code' })).toBeNull();
  });

  test('U702 an admin types the code and a new PIN twice, and is signed in; a wrong code says how many tries are left', async () => {
    const asked = show('recovery_code', { code: 'pin_lost', cure: 'recovery_code' });
    fireEvent.click(screen.getByRole('button', { name: 'Use the recovery code' }));
    expect(screen.getAllByRole('radio')).toHaveLength(1);
    const set = () => fireEvent.click(screen.getByRole('button', { name: 'Set the PIN' }));
    set();
    expect(asked.recovered).toEqual([]);
    type('Recovery code', 'wrong');
    type('New PIN', '13579');
    type('New PIN again', '13578');
    set();
    expect(asked.recovered).toEqual([]);
    type('New PIN again', '13579');
    set();
    await waitFor(() => expect(screen.getByRole('alert').textContent).toMatch(/wrong.*4/));
    type('Recovery code', CODE);
    set();
    await waitFor(() => expect(asked.signedIn).toEqual([ADA]));
    expect(asked.recovered.at(-1)).toEqual({ person: 'p1', code: CODE, pin: '13579' });
  });

  test('U703 where records are missing nobody is asked who they are: it says what is gone and what can be done', () => {
    render(<RecordsMissing laptop="bench" />);
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(screen.getByRole('alert').textContent).toMatch(/journal and the working copy are both gone.*backup/s);
  });

  test('U704 a recovery code is shown until its own button is pressed, and can be saved', async () => {
    let done = 0;
    const saved: string[] = [];
    const saveFile = async ({ text }: { text: string }) => {
      saved.push(text);
      return ok({ outcome: 'saved' as const });
    };
    render(<ShownCode code={CODE} host={{ saveFile }} laptop="bench" onDone={() => (done += 1)} />);
    expect(screen.getByTestId('recovery-code').textContent).toBe(CODE);
    fireEvent.click(screen.getByRole('button', { name: 'Save as a file' }));
    await waitFor(() => expect(screen.getByText('Saved.')).toBeTruthy());
    expect(saved[0]).toContain(CODE);
    fireEvent.keyDown(document.body, { key: 'Enter' });
    fireEvent.keyDown(document.body, { key: 'Escape' });
    expect(done).toBe(0);
    fireEvent.click(screen.getByRole('button', { name: 'I have written it down' }));
    expect(done).toBe(1);
  });
});
