import { type Item, skuKey } from '../../../shared/domain/item.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { formatQuantity, hasPrecision, ONE, type Quantity } from '../../../shared/domain/quantity.ts';
import type { CountInput, Ledger, Place } from '../../ledger/ledger.ts';
import type { LastScan } from '../../ui/scan-card.tsx';
import type { Proposed, ScanMeaning } from '../../app/scanning/read-scan.ts';
import { timesQuantity } from '../../app/scanning/read-scan.ts';
import { readTyped, type TypedQuantity } from '../../app/scanning/typed-quantity.ts';
import type { Words } from './words.ts';

/** Questions a scan may raise. Each resolves when the person has answered; undefined or false: they went back. */
export type Ask = {
  which(choices: readonly Proposed[]): Promise<Proposed | undefined>;
  whichBin(bins: readonly string[]): Promise<string | undefined>;
  /** The same number, typed a second time. */
  again(typed: string): Promise<boolean>;
};

/** The statement a lot or serial on a label of its own is added to. */
export type LastCount = { readonly entry: string; readonly place: Place; readonly count: CountInput };

/** Everything that taking a scan may touch. `place` is asked for at each scan: the one before it may have opened a bin. */
export type Scene = {
  readonly ledger: Pick<Ledger, 'recordCount' | 'recordUnknown' | 'undo' | 'catalogue' | 'sheet'>;
  readonly ask: Ask;
  readonly words: Words;
  place(): Place | undefined;
  /** Closes the bin that is open (asking what has to be asked) and opens this one; undefined: the person went back. */
  openBin(bin: string): Promise<LastScan | undefined>;
  runCommand(command: 'undo' | 'redo' | 'empty' | 'done' | 'recount'): Promise<LastScan | undefined>;
  lastCount(): LastCount | undefined;
  setLastCount(last: LastCount | undefined): void;
  /** Puts a quantity (back) on the strip: the scan was none that takes one. */
  setTyped(typed: string): void;
};

/**
 * Does what a scan means and says what became of it; undefined: nothing to say. Nothing is called taken before the ledger
 * has answered that both copies hold it.
 */
export async function takeScan(meaning: ScanMeaning, typed: string, scene: Scene): Promise<LastScan | undefined> {
  switch (meaning.kind) {
    case 'item':
      return takeItem(meaning.proposed, typed, 'scan', scene);
    case 'items': {
      const chosen = await scene.ask.which(meaning.choices);
      return chosen === undefined
        ? notTaken(scene, meaning.choices[0]?.code ?? '', scene.words.notChosen())
        : takeItem(chosen, typed, 'scan', scene);
    }
    case 'bin':
      giveBack(typed, scene);
      return scene.openBin(meaning.bin);
    case 'bins': {
      giveBack(typed, scene);
      const bin = await scene.ask.whichBin(meaning.bins);
      return bin === undefined ? undefined : scene.openBin(bin);
    }
    case 'command':
      if (meaning.command === 'times') {
        scene.setTyped(`${meaning.times ?? 1}*`);
        return { outcome: 'held', title: `× ${meaning.times ?? 1}`, message: scene.words.timesNext() };
      }
      giveBack(typed, scene);
      return scene.runCommand(meaning.command);
    case 'attach':
      giveBack(typed, scene);
      return attach(meaning, scene);
    case 'unknown':
      return keepUnknown(meaning.code, typed, scene);
    case 'damaged':
      giveBack(typed, scene);
      return { ...notTaken(scene, meaning.code, scene.words.damaged(meaning.damage)) };
  }
}

function giveBack(typed: string, scene: Scene): void {
  if (typed !== '') scene.setTyped(typed);
}

function notTaken(_: Scene, code: string, message: string): LastScan {
  return { outcome: 'not-taken', title: code, isCode: true, message };
}

/** The typed quantity once it is believed, or what to show instead. */
async function believe(
  typed: string,
  title: string,
  isCode: boolean,
  scene: Scene,
): Promise<{ ok: true; typed: TypedQuantity } | { ok: false; last: LastScan }> {
  const read = readTyped(typed);
  if (!read.ok) {
    giveBack(typed, scene);
    return { ok: false, last: { outcome: 'not-taken', title, isCode, message: scene.words.error(read.error) } };
  }
  if (read.value.surprising && !(await scene.ask.again(typed))) {
    return { ok: false, last: { outcome: 'not-taken', title, isCode, message: scene.words.notSame() } };
  }
  return { ok: true, typed: read.value };
}

/** Counts an item where the counter stands: +1, +N, or N packs. */
export async function takeItem(
  proposed: Proposed,
  typed: string,
  how: 'scan' | 'typed',
  scene: Scene,
): Promise<LastScan> {
  const { item, pack, lot, serial, expiresOn, code } = proposed;
  const place = scene.place();
  const about = { title: item.name, code: how === 'scan' ? code : item.sku, lot, serial, expiresOn };
  if (place === undefined) {
    giveBack(typed, scene);
    return { outcome: 'look', ...about, message: scene.words.binFirst() };
  }
  const believed = await believe(typed, item.name, false, scene);
  if (!believed.ok) return believed.last;
  const { quantity: times, entered: typedText } = believed.typed;
  const quantity = timesQuantity(proposed.perScan, times);
  if (quantity === undefined || !hasPrecision(quantity, item.precision)) {
    return { outcome: 'not-taken', ...about, message: scene.words.tooPrecise(item) };
  }
  if (serial !== undefined && quantity !== ONE)
    return { outcome: 'not-taken', ...about, message: scene.words.serialIsOne() };
  const entered = pack === undefined ? typedText : scene.words.packs(formatQuantity(times), pack);
  const count: CountInput = {
    item: item.sku,
    quantity,
    how,
    code,
    ...(lot === undefined ? {} : { lot }),
    ...(serial === undefined ? {} : { serial }),
    ...(expiresOn === undefined ? {} : { expiresOn }),
    ...(entered === undefined ? {} : { entered }),
  };
  return record(place, count, item, about, scene);
}

type About = {
  title: string;
  code: string | undefined;
  lot: string | undefined;
  serial: string | undefined;
  expiresOn: string | undefined;
};

async function record(place: Place, count: CountInput, item: Item, about: About, scene: Scene): Promise<LastScan> {
  const recorded = await scene.ledger.recordCount(place, count);
  if (!recorded.ok) {
    const outcome = recorded.error.code === 'serial_seen' ? 'look' : 'not-taken';
    return { outcome, ...about, message: scene.words.error(recorded.error) };
  }
  scene.setLastCount({ entry: recorded.value.entry, place, count });
  const { added, total } = recorded.value.line;
  const missing = missingPart(item, count);
  return {
    outcome: missing === undefined ? 'taken' : 'look',
    ...about,
    added: formatQuantity(added),
    total: formatQuantity(total),
    unit: item.unit,
    entered: count.entered,
    ...(missing === undefined ? {} : { message: scene.words.missing(missing) }),
  };
}

/** What the item's tracking asks for and the label did not give. The count is kept all the same. */
function missingPart(item: Item, count: CountInput): 'lot' | 'serial' | undefined {
  if (item.tracking === 'lot' && count.lot === undefined) return 'lot';
  if (item.tracking === 'serial' && count.serial === undefined) return 'serial';
  return undefined;
}

/** Adds a lot or serial to the count made just before: that count is taken back and made again with it. */
export async function attach(
  part: { lot: string | undefined; serial: string | undefined; expiresOn: string | undefined; code: string },
  scene: Scene,
): Promise<LastScan> {
  const place = scene.place();
  const last = scene.lastCount();
  const stands =
    place !== undefined &&
    last !== undefined &&
    binKey(last.place.bin) === binKey(place.bin) &&
    last.place.pass === place.pass;
  if (!stands) return notTaken(scene, part.code, scene.words.itemFirst());
  const { count } = last;
  const item = scene.ledger.catalogue().item(count.item);
  const taken =
    (part.lot !== undefined && count.lot !== undefined) || (part.serial !== undefined && count.serial !== undefined);
  if (taken || item === undefined) return notTaken(scene, part.code, scene.words.itemFirst());
  if (part.serial !== undefined && count.quantity !== ONE) return notTaken(scene, part.code, scene.words.serialIsOne());
  const undone = await scene.ledger.undo(last.place);
  if (!undone.ok) return notTaken(scene, part.code, scene.words.error(undone.error));
  const { lot = count.lot, serial = count.serial, expiresOn = count.expiresOn } = part;
  const full: CountInput = {
    ...count,
    ...(lot === undefined ? {} : { lot }),
    ...(serial === undefined ? {} : { serial }),
    ...(expiresOn === undefined ? {} : { expiresOn }),
  };
  const again = await record(
    last.place,
    full,
    item,
    { title: item.name, code: count.code, lot, serial, expiresOn },
    scene,
  );
  if (again.outcome !== 'taken' && again.added === undefined) {
    // The count itself must not be lost because its serial was refused.
    await record(
      last.place,
      count,
      item,
      { title: item.name, code: count.code, lot: count.lot, serial: count.serial, expiresOn: count.expiresOn },
      scene,
    );
  }
  return again;
}

async function keepUnknown(code: string, typed: string, scene: Scene): Promise<LastScan> {
  const place = scene.place();
  if (place === undefined) {
    giveBack(typed, scene);
    return { outcome: 'not-taken', title: code, isCode: true, message: scene.words.unknownNoBin() };
  }
  const believed = await believe(typed, code, true, scene);
  if (!believed.ok) return believed.last;
  const last = scene.lastCount();
  const after =
    last !== undefined && binKey(last.place.bin) === binKey(place.bin) ? skuKey(last.count.item) : undefined;
  const { quantity } = believed.typed;
  const kept = await scene.ledger.recordUnknown(
    place,
    code,
    quantity,
    after === undefined ? undefined : last?.count.item,
  );
  if (!kept.ok) return notTaken(scene, code, scene.words.error(kept.error));
  scene.setLastCount(undefined);
  return {
    outcome: 'look',
    title: code,
    isCode: true,
    added: formatQuantity(quantity),
    total: formatQuantity(totalUnknown(scene, place, code) ?? quantity),
    message: scene.words.unknownKept(),
  };
}

function totalUnknown(scene: Scene, place: Place, code: string): Quantity | undefined {
  return scene.ledger.sheet(place)?.unknowns.get(code)?.quantity;
}
