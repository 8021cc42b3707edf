// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { useCountKeys } from '../../../../renderer/features/count/use-count-keys.ts';
import type { CountScene } from '../../../../renderer/features/count/use-count-scene.ts';
import { useCounting } from '../../../../renderer/stores/counting.ts';

const nothing = (): void => undefined;
const SCENE: CountScene = {
  question: undefined,
  open: nothing,
  arrive: nothing,
  setUnknown: nothing,
  stepUnknown: nothing,
  choose: nothing,
  nothingChosen: nothing,
  scanLot: () => false,
  finish: nothing,
  undo: nothing,
  redo: nothing,
  empty: nothing,
  skip: nothing,
  setLine: nothing,
  step: nothing,
  countItem: nothing,
  attachLot: nothing,
};

function Keys({ onBack }: { onBack: () => void }) {
  useCountKeys({
    active: true,
    line: undefined,
    unknown: undefined,
    lines: [],
    scene: SCENE,
    onSelect: nothing,
    onItem: nothing,
    onLot: nothing,
    onBack,
  });
  return null;
}

afterEach(cleanup);

test('S510 Esc clears what is typed, and only the next Esc leaves', () => {
  let left = 0;
  render(<Keys onBack={() => (left += 1)} />);
  const press = (key: string) => window.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
  press('1');
  press('2');
  expect(useCounting.getState().typed).toBe('12');
  press('Escape');
  expect([useCounting.getState().typed, left]).toEqual(['', 0]);
  press('Escape');
  expect(left).toBe(1);
});
