import type { BarcodeDamage } from '../../../shared/domain/barcode.ts';
import { skuKey, type Item } from '../../../shared/domain/item.ts';
import { unitBeside } from '../../../shared/domain/item-name.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { formatQuantity, quantityOf } from '../../../shared/domain/quantity.ts';
import { binsOf, type OneMeaning, type Proposed, type ScanMeaning } from '../../shelf/read-scan.ts';
import { scannedQuantity } from '../../shelf/scanned-quantity.ts';
import { readTyped } from '../../shelf/typed-quantity.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { DoneMove, MovingLine } from '../../stores/moving.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import type { Coded } from '../../ui/use-error-text.ts';

/** What may be said while moving, by key of the texts `move:say`. */
export type MoveWords = {
  say(key: MoveSaying, values?: { readonly from?: string; readonly item?: string; readonly unit?: string }): string;
  damaged(damage: BarcodeDamage): string;
  error(error: Coded): string;
};
export type MoveSaying =
  | 'from'
  | 'fromFirst'
  | 'sameBin'
  | 'added'
  | 'nothing'
  | 'moved'
  | 'negative'
  | 'unknown'
  | 'attached'
  | 'itemFirst'
  | 'notChosen'
  | 'notSame'
  | 'tooPrecise'
  | 'undone'
  | 'movedBack'
  | 'noCommand';

/** Everything a scan may touch while moving. */
export type MoveScene = {
  readonly ledger: Pick<Ledger, 'moveStock' | 'noteUnknown' | 'catalogue'>;
  readonly words: MoveWords;
  from(): string | undefined;
  lines(): readonly MovingLine[];
  setFrom(from: string | undefined): void;
  setLines(lines: readonly MovingLine[]): void;
  /** What was recorded since the screen was opened, newest first. */
  done(): readonly DoneMove[];
  setDone(done: readonly DoneMove[]): void;
  setTyped(typed: string): void;
  which(choices: readonly Proposed[]): Promise<Proposed | undefined>;
  whichBin(bins: readonly string[]): Promise<string | undefined>;
  whichKind(code: string, options: readonly OneMeaning[]): Promise<OneMeaning | undefined>;
  again(typed: string): Promise<boolean>;
};

/** From-bin, items, to-bin: the last scan records the whole move. Nothing is called taken before the ledger has it. */
export async function takeMove(meaning: ScanMeaning, typed: string, scene: MoveScene): Promise<LastScan | undefined> {
  const { words } = scene;
  if (!['item', 'items', 'unknown'].includes(meaning.kind) && typed !== '') scene.setTyped(typed);
  switch (meaning.kind) {
    case 'bin':
      return takeBin(meaning.bin, scene);
    case 'bins': {
      const bin = await scene.whichBin(meaning.bins);
      return bin === undefined ? undefined : takeBin(bin, scene);
    }
    case 'item':
      return addItem(meaning.proposed, typed, scene);
    case 'items': {
      const chosen = await scene.which(meaning.choices);
      return chosen === undefined
        ? { outcome: 'not-taken', title: meaning.choices[0]?.code ?? '', isCode: true, message: words.say('notChosen') }
        : addItem(chosen, typed, scene);
    }
    case 'kinds': {
      // Before there is a bin to move from, only a bin can be meant.
      const [bin, ...more] = scene.from() === undefined ? binsOf(meaning) : [];
      if (bin !== undefined && more.length === 0) return takeBin(bin, scene);
      const chosen = await scene.whichKind(meaning.code, meaning.options);
      return chosen === undefined
        ? { outcome: 'not-taken', title: meaning.code, isCode: true, message: words.say('notChosen') }
        : takeMove(chosen, typed, scene);
    }
    case 'attach':
      return attachLot(meaning.lot, meaning.code, scene);
    case 'command':
      if (meaning.command === 'undo') return takeBack(scene);
      if (meaning.command !== 'times') return { outcome: 'look', title: words.say('noCommand') };
      scene.setTyped(`${meaning.times ?? 1}*`);
      return undefined;
    case 'unknown':
      return noteUnknown(meaning.code, typed, scene);
    case 'damaged':
      return { outcome: 'not-taken', title: meaning.code, isCode: true, message: words.damaged(meaning.damage) };
  }
}

/** What nobody knows cannot be moved; that it lies here is kept, with what was taken before it. */
async function noteUnknown(code: string, typed: string, scene: MoveScene): Promise<LastScan> {
  const { words } = scene;
  const about = { title: code, isCode: true };
  const read = readTyped(typed);
  if (!read.ok) {
    scene.setTyped(typed);
    return { outcome: 'not-taken', ...about, message: words.error(read.error) };
  }
  if (read.value.surprising && !(await scene.again(typed)))
    return { outcome: 'not-taken', ...about, message: words.say('notSame') };
  const { quantity } = read.value;
  const noted = await scene.ledger.noteUnknown(code, quantity, {
    where: 'move',
    from: scene.from(),
    after: scene.lines()[0]?.item,
  });
  return noted.ok
    ? { outcome: 'look', ...about, added: formatQuantity(quantity), message: words.say('unknown') }
    : { outcome: 'not-taken', ...about, message: words.error(noted.error) };
}

async function takeBin(bin: string, scene: MoveScene): Promise<LastScan> {
  const { words } = scene;
  const from = scene.from();
  if (from === undefined) {
    scene.setFrom(bin);
    return { outcome: 'held', title: bin, isCode: true, message: words.say('from') };
  }
  if (binKey(from) === binKey(bin)) return { outcome: 'look', title: bin, isCode: true, message: words.say('sameBin') };
  if (scene.lines().length === 0)
    return { outcome: 'look', title: bin, isCode: true, message: words.say('nothing', { from }) };
  return recordMove(from, bin, scene);
}

/** Records line after line; what could not be recorded stays in the move, so that nothing is moved twice. */
async function recordMove(from: string, to: string, scene: MoveScene): Promise<LastScan> {
  const { words } = scene;
  const all = scene.lines();
  const before = scene.done();
  const recorded: DoneMove['lines'][number][] = [];
  let negative: string | undefined;
  for (let line = scene.lines()[0]; line !== undefined; line = scene.lines()[0]) {
    const { item, lot, quantity } = line;
    const moved = await scene.ledger.moveStock({
      item,
      from,
      to,
      quantity: quantityOf(quantity),
      ...(lot === undefined ? {} : { lot }),
    });
    const title = nameOf(item, scene);
    if (!moved.ok) return { outcome: 'not-taken', title, message: words.error(moved.error) };
    if (moved.value.fromBookNegative) negative = title;
    recorded.unshift({ ...line, at: moved.value.at });
    scene.setLines(scene.lines().slice(1));
    scene.setDone([{ from, to, lines: recorded.slice() }, ...before]);
  }
  scene.setFrom(undefined);
  const route = `${from} → ${to}`;
  const [only] = all;
  // One item says what and how many in large; of several the route is what they have in common.
  const about =
    only !== undefined && all.length === 1
      ? { title: `${only.quantity} × ${nameOf(only.item, scene)}`, code: route, lot: only.lot }
      : { title: route, isCode: true };
  return negative === undefined
    ? { outcome: 'taken', ...about, message: words.say('moved') }
    : { outcome: 'look', ...about, message: words.say('negative', { from, item: negative }) };
}

/** Adds an item to the move that is being put together; it is recorded with the to-bin. */
export async function addItem(proposed: Proposed, typed: string, scene: MoveScene): Promise<LastScan> {
  const { words } = scene;
  const { item, lot, code } = proposed;
  const about = { title: nameOf(item.sku, scene), code, lot };
  const from = scene.from();
  if (from === undefined) {
    scene.setTyped(typed);
    return { outcome: 'look', ...about, message: words.say('fromFirst') };
  }
  const read = readTyped(typed);
  if (!read.ok) {
    scene.setTyped(typed);
    return { outcome: 'not-taken', ...about, message: words.error(read.error) };
  }
  if (read.value.surprising && !(await scene.again(typed)))
    return { outcome: 'not-taken', ...about, message: words.say('notSame') };
  const scanned = scannedQuantity(proposed, read.value);
  if (!scanned.ok && scanned.error.code !== 'too_precise')
    return { outcome: 'not-taken', ...about, message: words.error(scanned.error) };
  if (!scanned.ok || scanned.value <= 0n)
    return { outcome: 'not-taken', ...about, message: words.say('tooPrecise', { unit: item.unit }) };
  const quantity = scanned.value;
  const lines = scene.lines();
  const known = lines.find((line) => isSame(line, item, lot));
  const total = (known === undefined ? 0n : quantityOf(known.quantity)) + quantity;
  const others = lines.filter((line) => line !== known);
  scene.setLines([{ item: item.sku, lot, quantity: formatQuantity(total) }, ...others]);
  return {
    outcome: 'held',
    ...about,
    added: formatQuantity(quantity),
    total: formatQuantity(total),
    unit: unitBeside(item),
    message: words.say('added'),
  };
}

function isSame(line: MovingLine, item: Item, lot: string | undefined): boolean {
  return skuKey(line.item) === skuKey(item.sku) && line.lot === lot;
}

function nameOf(sku: string, scene: MoveScene): string {
  return scene.ledger.catalogue().name(sku);
}

function attachLot(lot: string | undefined, code: string, scene: MoveScene): LastScan {
  const [last, ...others] = scene.lines();
  if (last === undefined || last.lot !== undefined || lot === undefined)
    return { outcome: 'not-taken', title: code, isCode: true, message: scene.words.say('itemFirst') };
  scene.setLines([{ ...last, lot }, ...others]);
  return {
    outcome: 'held',
    title: nameOf(last.item, scene),
    lot,
    added: last.quantity,
    total: last.quantity,
    message: scene.words.say('attached'),
  };
}

/** Takes back the newest thing: the last item of the move that is being put together, its bin, then a move that was recorded. */
export async function takeBack(scene: MoveScene): Promise<LastScan> {
  const [last, ...others] = scene.lines();
  if (last !== undefined) {
    scene.setLines(others);
    return { outcome: 'held', title: nameOf(last.item, scene), lot: last.lot, message: scene.words.say('undone') };
  }
  const from = scene.from();
  const [done, ...earlier] = scene.done();
  if (from === undefined && done !== undefined) return moveBack(done, earlier, scene);
  if (from === undefined)
    return {
      outcome: 'not-taken',
      title: scene.words.say('noCommand'),
      message: scene.words.error({ code: 'nothing_to_undo' }),
    };
  scene.setFrom(undefined);
  return { outcome: 'held', title: from, isCode: true, message: scene.words.say('undone') };
}

/**
 * Moves a recorded move back at the time that it bears, so that no count made since sees either. What could not be moved
 * back stays to be taken back.
 */
async function moveBack(done: DoneMove, earlier: readonly DoneMove[], scene: MoveScene): Promise<LastScan> {
  const { from, to, lines } = done;
  for (const [nth, { item, lot, quantity, at }] of lines.entries()) {
    const back = await scene.ledger.moveStock({
      item,
      from: to,
      to: from,
      quantity: quantityOf(quantity),
      ...(lot === undefined ? {} : { lot }),
      happenedAt: at,
    });
    if (!back.ok) {
      scene.setDone([{ ...done, lines: lines.slice(nth) }, ...earlier]);
      return { outcome: 'not-taken', title: nameOf(item, scene), message: scene.words.error(back.error) };
    }
  }
  scene.setDone(earlier);
  return { outcome: 'held', title: `${to} → ${from}`, isCode: true, message: scene.words.say('movedBack', { from }) };
}
