// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { UnfoundedList } from '../../../../renderer/features/review/unfounded-list.tsx';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import { lineKey } from '../../../../shared/domain/line-key.ts';
import { quantityOf } from '../../../../shared/domain/quantity.ts';
import type { Unfounded } from '../../../../shared/domain/unfounded.ts';

beforeAll(() => startTexts('en'));
afterEach(cleanup);

const WHERE = { item: 'TEA', bin: 'A-07', lot: 'L2' };
const POSTING: Unfounded = {
  ...WHERE,
  entry: 'd1-1',
  key: lineKey(WHERE),
  counted: quantityOf('12.5'),
  by: 'mia',
  at: '2026-11-20T08:06:00.000Z',
  order: 3,
};

function show(postings: readonly Unfounded[]) {
  return render(
    <UnfoundedList
      postings={postings}
      itemName={() => 'Green tea'}
      binName={(bin) => `${bin} · Annex`}
      nameOf={() => 'Mia'}
    />,
  );
}

describe('postings that stand on nothing', () => {
  test('U860 a posting that stands on nothing any more is named with its bin, item, figure and who posted it', () => {
    show([POSTING]);
    const row = screen.getByTestId('unfounded').textContent;
    for (const said of ['A-07 · Annex', 'Green tea', 'lot L2', 'counted 12.5', 'posted by Mia'])
      expect(row).toContain(said);
    cleanup();
    expect(show([]).container.textContent).toBe('');
  });
});
