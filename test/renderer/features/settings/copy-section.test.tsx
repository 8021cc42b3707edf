// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { CopySection } from '../../../../renderer/features/settings/copy-section.tsx';
import { TallybookContext } from '../../../../renderer/tallybook/tallybook-context.tsx';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import type { Person } from '../../../../shared/domain/person.ts';
import { does, freshFolder } from '../../../electron/host/bench.ts';
import { freshPage } from '../../ledger/page.ts';
import { tallybookOf } from '../count/shown.tsx';

afterEach(cleanup);

const ADA: Person = { id: 'a', name: 'Ada', roles: ['admin'], active: true };

describe('copies in Settings', () => {
  test.each([
    ['en', /newest seven are kept, and one of each month before; 1 lie there now/],
    ['de', /sieben neuesten und eine aus jedem Monat davor; zurzeit sind es 1\./],
  ] as const)('U778 Settings say which daily copies are kept and how many lie there (%s)', async (language, said) => {
    await startTexts(language);
    const page = await freshPage({ setting: { chooseFolder: freshFolder } });
    await page.enter('admin');
    await does(page.running, 'keepDailyCopy', { on: true });
    render(
      <TallybookContext value={tallybookOf(page, ADA)}>
        <CopySection />
      </TallybookContext>,
    );
    expect((await screen.findByTestId('daily-copy')).textContent).toMatch(said);
  });
});
