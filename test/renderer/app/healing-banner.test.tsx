// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { HealingBanner } from '../../../renderer/app/healing-banner.tsx';
import type { Healing } from '../../../renderer/ledger/ledger.ts';
import { TallybookContext } from '../../../renderer/tallybook/tallybook-context.tsx';
import { startTexts } from '../../../renderer/texts/texts.ts';
import { freshPage } from '../ledger/page.ts';
import { tallybookOf } from '../features/count/shown.tsx';

afterEach(cleanup);

const ON_TRUST: Healing = { from: 'ledger', restored: 1234, note: 'journal_on_trust', fromSeq: 17 };
const UNPROVEN: Healing = { from: 'ledger', restored: 3, note: 'journal_unproven', fromSeq: 20 };

async function show(language: 'en' | 'de', found: readonly Healing[]): Promise<void> {
  await startTexts(language);
  const tallybook = tallybookOf(await freshPage());
  const ledger = { ...tallybook.ledger, healing: () => found };
  render(
    <TallybookContext value={{ ...tallybook, ledger }}>
      <HealingBanner />
    </TallybookContext>,
  );
}

describe('what opening the ledger found', () => {
  test.each([
    [
      'en',
      /1,234 entries.*cannot be proven.*compare.*copy or with paper/s,
      /cannot be proven.*not counted/s,
      'I have read this',
    ],
    ['de', /1\.234 Einträge.*nicht beweisen.*Kopie oder mit Papier/s, /nicht beweisen.*zählen nicht/s, 'Gelesen'],
  ] as const)(
    'U775 what cannot be proven is said in plain words, never as mended, until somebody has read it (%s)',
    async (language, onTrust, unproven, read) => {
      await show(language, [ON_TRUST, UNPROVEN]);
      const text = document.body.textContent ?? '';
      expect(text).toMatch(onTrust);
      expect(text).toMatch(unproven);
      expect(text).not.toMatch(/Mended|Wiederhergestellt|Nothing is lost|Nichts ist verloren/);
      const [button] = screen.getAllByRole('button', { name: read });
      if (button !== undefined) fireEvent.click(button);
      expect(document.body.textContent).not.toMatch(onTrust);
    },
  );
});
