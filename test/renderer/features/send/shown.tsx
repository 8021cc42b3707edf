import { fireEvent, render, screen, within } from '@testing-library/react';
import type { ReactElement } from 'react';
import { Route, Router } from 'wouter';
import { memoryLocation } from 'wouter/memory-location';
import type { Role } from '../../../../shared/domain/person.ts';
import type { Host } from '../../../../shared/ports/host.ts';
import { TallybookContext, type Tallybook } from '../../../../renderer/tallybook/tallybook-context.tsx';
import { ReviewScreen } from '../../../../renderer/features/review/review-screen.tsx';
import { SendScreen } from '../../../../renderer/features/send/send-screen.tsx';
import type { Shop } from '../../sync/shop.ts';

/** Lists show what fits their height; here every element is a screen high. */
export function giveRoom(): void {
  for (const side of ['clientHeight', 'clientWidth'] as const)
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, value: 800 });
}

export type SavedFile = { readonly suggestedName: string; readonly text: string };

/** The Send screen, or Review, over a shop's real ledger, sending and host; files that are saved are kept here. */
export function showSend(
  shop: Shop<unknown>,
  path: string,
  roles: readonly Role[] = ['counter', 'lead', 'approver', 'admin'],
): { files: SavedFile[]; go(to: string): void } {
  const files: SavedFile[] = [];
  const { page, sending } = shop;
  const host: Host = {
    ...page.running.host,
    saveFile: async (file) => {
      files.push(file);
      return { ok: true, value: { outcome: 'saved' } };
    },
  };
  const tallybook: Tallybook = {
    host,
    ledger: page.ledger,
    sending,
    sounds: {
      taken() {},
      noted() {},
      look() {},
      notTaken() {},
      played: () => ({ taken: 0, noted: 0, look: 0, notTaken: 0 }),
    },
    person: { id: 'p', name: 'Mia', roles: [...roles], active: true },
    people: [],
    laptop: 'laptop',
    signOut: async () => {},
    reloadPeople: async () => {},
  };
  const { hook, navigate } = memoryLocation({ path });
  render(
    <TallybookContext.Provider value={tallybook}>
      <Router hook={hook}>
        <Route path="/send/:connection?/:part?">
          {({ connection, part }): ReactElement => <SendScreen connection={connection} part={part} />}
        </Route>
        <Route path="/review/:batch?">{({ batch }): ReactElement => <ReviewScreen batch={batch} />}</Route>
      </Router>
    </TallybookContext.Provider>,
  );
  return { files, go: navigate };
}

/** Rows of a list, as text. */
export function rowsOf(testId: string): readonly string[] {
  return screen.queryAllByTestId(testId).map((row) => row.textContent ?? '');
}

export function press(name: string | RegExp): void {
  fireEvent.click(screen.getByRole('button', { name }));
}

/** Presses a key where the keyboard of the screen hears it. */
export function key(name: string): void {
  fireEvent.keyDown(window, { key: name });
}

/** Stands on the row with that text and selects it. */
export function select(testId: string, text: string): void {
  const row = screen.getAllByTestId(testId).find((one) => one.textContent?.includes(text));
  if (!row) throw new Error(`no ${testId} with ${text}`);
  fireEvent.click(row);
}

/** The open dialog, to look into. */
export function dialog(): ReturnType<typeof within> {
  return within(screen.getByRole('dialog'));
}
