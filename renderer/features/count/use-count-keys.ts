import { useTranslation } from 'react-i18next';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import { useCounting } from '../../stores/counting.ts';
import { useKeys, type HotKey } from '../../ui/use-keys.ts';
import type { CountScene } from './use-count-scene.ts';

export type CountKeys = {
  /** A bin is open: digits are quantities. Otherwise they are part of a typed bin code. */
  active: boolean;
  /** The line that the card shows, or the newest; none while the card shows something else. */
  line: CountLine | undefined;
  /** The unknown code that the card shows. */
  unknown: string | undefined;
  lines: readonly CountLine[];
  scene: CountScene;
  onSelect: (line: CountLine) => void;
  onItem: () => void;
  onLot: () => void;
  onBack: () => void;
};

const QUANTITY_KEYS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '.', ','];

/** The keys of the counting screen (product 5.0). Arrows walk the lines; no key but a typed quantity changes one. */
export function useCountKeys({
  active,
  line,
  unknown,
  lines,
  scene,
  onSelect,
  onItem,
  onLot,
  onBack,
}: CountKeys): void {
  const { t } = useTranslation('count');
  const type = useCounting((state) => state.type);
  const erase = useCounting((state) => state.erase);

  function walk(step: number): void {
    const at = lines.findIndex(({ key }) => key === line?.key);
    const next = lines[Math.min(lines.length - 1, Math.max(0, at + step))];
    if (next !== undefined) onSelect(next);
  }

  /** `+` and `-` belong to a sum once something is typed; before that they step the line. */
  function sign(key: '+' | '-', by: 1n | -1n): void {
    // Keys that could have been a scan come all at once, before a render: only the store knows what is typed.
    if (useCounting.getState().typed !== '') type(key);
    else if (line !== undefined) scene.step(line, by);
    else if (unknown !== undefined) scene.stepUnknown(unknown, by);
    else scene.nothingChosen();
  }

  /** Enter without a number asks for nothing. */
  function set(): void {
    if (useCounting.getState().typed === '') return;
    if (line !== undefined) scene.setLine(line);
    else if (unknown !== undefined) scene.setUnknown(unknown);
    else scene.nothingChosen();
  }

  const counting: readonly HotKey[] = [
    ...QUANTITY_KEYS.map((key) => ({ key, run: () => type(key) })),
    { key: '0–9 *', label: t('keys.quantity'), run: () => undefined },
    { key: '+', label: t('keys.more'), run: () => sign('+', 1n) },
    { key: '-', label: t('keys.less'), run: () => sign('-', -1n) },
    { key: 'Backspace', label: t('keys.erase'), run: erase },
    { key: 'Enter', label: t('keys.setLine'), run: set },
    { key: 'ArrowDown', label: t('keys.walk'), run: () => walk(1) },
    { key: 'ArrowUp', run: () => walk(-1) },
    { key: 'Ctrl+Z', label: t('undo'), run: scene.undo },
    { key: 'Ctrl+Shift+Z', label: t('redo'), run: scene.redo },
    { key: 'F3', label: t('find'), run: onItem },
    { key: '/', run: onItem },
    { key: 'F4', label: t('lot'), run: onLot },
    { key: 'F7', label: t('empty'), run: scene.empty },
    { key: 'F8', label: t('skipBin'), run: scene.skip },
    { key: 'F10', label: t('finish'), run: scene.finish },
  ];
  /** What is typed goes first; only then does Esc leave. */
  function back(): void {
    const { typed, setTyped } = useCounting.getState();
    if (typed === '') onBack();
    else setTyped('');
  }
  useKeys([...(active ? counting : []), { key: 'Escape', label: t('keys.back'), run: back }]);
}
