// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import i18next from 'i18next';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTexts } from '../../../renderer/texts/texts.ts';
import { clearNotice, Notice, notify, warn } from '../../../renderer/ui/notice.tsx';

beforeEach(async () => {
  // Popovers are not known to the test's document.
  Object.assign(HTMLElement.prototype, { showPopover() {}, hidePopover() {} });
  await startTexts('en');
});
afterEach(() => {
  act(clearNotice);
  cleanup();
});

/** A screen that says something, and is left. */
function Says({ then }: { then: (t: (name: string) => string) => void }): ReactElement {
  const { i18n } = useTranslation();
  return (
    <button type="button" onClick={() => then((name) => i18n.t('team:revoke.done', { name }))}>
      say
    </button>
  );
}

test('U894 what a notice says follows a change of language, also when the screen that said it is gone', async () => {
  const said = (shown: ReactElement) => (
    <>
      <Notice />
      {shown}
    </>
  );
  const { rerender } = render(
    said(
      <Says
        then={(t) => {
          notify(() => t('Yard'));
          warn(() => t('Dock'));
        }}
      />,
    ),
  );
  act(() => screen.getByRole('button').click());
  rerender(said(<p>another screen</p>));
  const text = () => screen.getByTestId('notice').textContent;
  expect(text()).toMatch(/Dock is revoked.*Yard is revoked/);
  await act(async () => void (await startTexts('de')));
  expect(text()).toMatch(/Dock ist ausgeschlossen.*Yard ist ausgeschlossen/);
  expect(i18next.language).toBe('de');
});
