// @vitest-environment happy-dom
import axe from 'axe-core';
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SaveEvidence } from '../../../renderer/tallybook/save-evidence.tsx';
import { LANGUAGES, startTexts } from '../../../renderer/texts/texts.ts';
import type { HostError, HostOutput } from '../../../shared/ports/host.ts';
import { dialog, showOver, siteHost } from '../features/team/site-double.tsx';

beforeEach(() => startTexts('en'));
afterEach(cleanup);

const DIGEST = '3f2a-91c0-77de-04b1-5e6f';
const SAVED: HostOutput<'exportEvidence'> = {
  outcome: 'saved',
  entries: 20_112,
  sha256: '3f'.repeat(32),
  digest: DIGEST,
  verifier: 'verify.mjs',
};
const WORDS = {
  en: { save: 'Save evidence', holds: '20,112 entries', none: 'No evidence saved', full: /could not be written there/ },
  de: { save: 'Nachweis speichern', holds: '20.112 Einträge', none: 'Kein Nachweis gespeichert', full: /ENOSPC/ },
} as const;

describe('saving evidence', () => {
  test('U867 evidence of a stocktake is saved by key, and says in every language what to write down and how to check it', async () => {
    for (const language of LANGUAGES) {
      await startTexts(language);
      const site = siteHost({ evidence: async () => SAVED });
      showOver(site, <SaveEvidence stocktake="autumn" />, { roles: ['approver'] });
      fireEvent.keyDown(window, { key: 's' });
      await screen.findByRole('dialog');
      expect(site.inputsOf('exportEvidence')).toEqual([{ stocktake: 'autumn' }]);
      expect(screen.getByTestId('evidence-digest').textContent).toBe(DIGEST);
      const said = screen.getByRole('dialog').textContent;
      for (const words of [WORDS[language].holds, 'node verify.mjs']) expect(said).toContain(words);
      fireEvent.submit(dialog().getByRole('button').closest('form') ?? document.body);
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
      cleanup();
    }
  });

  test('U868 counters are offered no evidence, a second press while it is saved does nothing, and a way back says nothing', async () => {
    const counter = siteHost({ evidence: async () => SAVED });
    showOver(counter, <SaveEvidence stocktake="autumn" />, { roles: ['counter'] });
    fireEvent.keyDown(window, { key: 's' });
    expect([screen.queryByRole('button'), counter.inputsOf('exportEvidence')]).toEqual([null, []]);
    cleanup();
    for (const role of ['lead', 'approver', 'admin'] as const) {
      let answer = (_output: HostOutput<'exportEvidence'>): void => undefined;
      const site = siteHost({
        evidence: () =>
          new Promise((resolve) => {
            answer = resolve;
          }),
      });
      showOver(site, <SaveEvidence stocktake="autumn" />, { roles: [role] });
      const button = screen.getByRole('button', { name: /Save evidence/ });
      fireEvent.click(button);
      fireEvent.click(button);
      fireEvent.keyDown(window, { key: 's' });
      await waitFor(() => expect(button.textContent).toContain('Saving'));
      await act(async () => answer({ outcome: 'cancelled' }));
      await waitFor(() => expect(button.textContent).toContain('Save evidence'));
      expect([screen.queryByRole('dialog'), site.inputsOf('exportEvidence').length]).toEqual([null, 1]);
      cleanup();
    }
  });

  test('U869 why no evidence was saved is said in words, in every language, and no part of it breaks WCAG 2.2 A or AA', async () => {
    const refusals: readonly HostError[] = [
      { code: 'file_not_written', detail: 'ENOSPC' },
      { code: 'chain_damaged' },
      { code: 'not_found', what: 'laptop key' },
      { code: 'role_missing', kind: 'exportEvidence', roles: ['lead'] },
    ];
    for (const language of LANGUAGES) {
      await startTexts(language);
      const told = new Set<string>();
      for (const refusal of refusals) {
        showOver(siteHost({ refusals: { exportEvidence: refusal } }), <SaveEvidence stocktake="autumn" />);
        fireEvent.click(screen.getByRole('button', { name: new RegExp(WORDS[language].save) }));
        const words = (await screen.findByRole('alert')).textContent;
        expect([refusal.code, dialog().getByRole('heading').textContent]).toEqual([refusal.code, WORDS[language].none]);
        if (refusal.code === 'file_not_written') expect(words).toMatch(WORDS[language].full);
        told.add(words);
        const { violations } = await axe.run(document.body, {
          runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
          rules: { 'color-contrast': { enabled: false }, 'target-size': { enabled: false } },
        });
        expect(violations.map(({ id }) => id)).toEqual([]);
        cleanup();
      }
      expect(told.size).toBe(refusals.length);
    }
  });
});
