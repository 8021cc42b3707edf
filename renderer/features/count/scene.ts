import type { Item } from '../../../shared/domain/item.ts';
import type { CountInput, Ledger, Place } from '../../ledger/ledger.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import type { OneMeaning, Proposed } from '../../shelf/read-scan.ts';
import { readTyped, type TypedQuantity } from '../../shelf/typed-quantity.ts';
import type { Words } from './words.ts';

/** Questions a scan may raise. Each resolves when the person has answered; undefined or false: they went back. */
export type Ask = {
  which(choices: readonly Proposed[]): Promise<Proposed | undefined>;
  whichBin(bins: readonly string[]): Promise<string | undefined>;
  /** The text is the name of a bin and of an item, say. */
  whichKind(code: string, options: readonly OneMeaning[]): Promise<OneMeaning | undefined>;
  /** Whether an unknown code is the missing lot or serial of the item before it, and which of `texts`; '': it is not. */
  part(code: string, missing: 'lot' | 'serial', item: Item, texts: readonly string[]): Promise<string | undefined>;
  /** The same number, typed a second time. */
  again(typed: string): Promise<boolean>;
};

/** The statement a lot or serial on a label of its own is added to. */
export type LastCount = { readonly entry: string; readonly place: Place; readonly count: CountInput };

/** Everything that taking a scan may touch. `place` is asked for at each scan: the one before it may have opened a bin. */
export type Scene = {
  readonly ledger: Pick<
    Ledger,
    'recordCount' | 'recordUnknown' | 'noteUnknown' | 'undo' | 'catalogue' | 'sheet' | 'itemsOfLot'
  >;
  readonly ask: Ask;
  readonly words: Words;
  readonly stocktake: string;
  place(): Place | undefined;
  /** Closes the bin that is open (asking what has to be asked) and opens this one; undefined: the person went back. */
  openBin(bin: string): Promise<LastScan | undefined>;
  runCommand(command: 'undo' | 'redo' | 'empty' | 'done' | 'recount'): Promise<LastScan | undefined>;
  lastCount(): LastCount | undefined;
  setLastCount(last: LastCount | undefined): void;
  /** Puts a quantity (back) on the strip: the scan was none that takes one. */
  setTyped(typed: string): void;
};

/** What was typed stays on the strip: this scan takes no quantity. */
export function keepTyped(typed: string, scene: Pick<Scene, 'setTyped'>): void {
  if (typed !== '') scene.setTyped(typed);
}

/** A scan that left no trace, with what to do. */
export function notTaken(code: string, message: string): LastScan {
  return { outcome: 'not-taken', title: code, isCode: true, message };
}

/** The typed quantity once it is believed, or what to show instead. */
export async function believe(
  typed: string,
  title: string,
  isCode: boolean,
  scene: Scene,
): Promise<{ ok: true; typed: TypedQuantity } | { ok: false; last: LastScan }> {
  const read = readTyped(typed);
  if (!read.ok) {
    keepTyped(typed, scene);
    return { ok: false, last: { outcome: 'not-taken', title, isCode, message: scene.words.error(read.error) } };
  }
  if (read.value.surprising && !(await scene.ask.again(typed))) {
    return { ok: false, last: { outcome: 'not-taken', title, isCode, message: scene.words.notSame() } };
  }
  return { ok: true, typed: read.value };
}
