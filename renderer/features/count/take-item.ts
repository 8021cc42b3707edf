import { lineKey } from '../../../shared/domain/line-key.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { unitBeside } from '../../../shared/domain/item-name.ts';
import { formatQuantity, ONE } from '../../../shared/domain/quantity.ts';
import type { CountInput, Place } from '../../ledger/ledger.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import type { Proposed } from '../../shelf/read-scan.ts';
import { enteredText, scannedQuantity } from '../../shelf/scanned-quantity.ts';
import { believe, keepTyped, type Scene } from './scene.ts';

/** Counts an item where the counter stands: +1, +N, or N packs. */
export async function takeItem(
  proposed: Proposed,
  typed: string,
  how: 'scan' | 'typed',
  scene: Scene,
): Promise<LastScan> {
  const { item, lot, serial, expiresOn, code } = proposed;
  const place = scene.place();
  const title = scene.ledger.catalogue().name(item.sku);
  const about = { title, code: how === 'scan' ? code : item.sku, lot, serial, expiresOn };
  if (place === undefined) {
    keepTyped(typed, scene);
    return { outcome: 'look', ...about, message: scene.words.binFirst() };
  }
  const believed = await believe(typed, title, false, scene);
  if (!believed.ok) return believed.last;
  const scanned = scannedQuantity(proposed, believed.typed);
  if (!scanned.ok) {
    const { error } = scanned;
    const message = error.code === 'too_precise' ? scene.words.tooPrecise(item) : scene.words.error(error);
    return { outcome: 'not-taken', ...about, message };
  }
  const quantity = scanned.value;
  if (serial !== undefined && quantity !== ONE)
    return { outcome: 'not-taken', ...about, message: scene.words.serialIsOne() };
  const entered = enteredText(proposed, believed.typed, scene.words.packs);
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

/** Records a count and says what became of it. */
export async function record(
  place: Place,
  count: CountInput,
  item: Item,
  about: About,
  scene: Scene,
): Promise<LastScan> {
  const recorded = await scene.ledger.recordCount(place, count);
  if (!recorded.ok) {
    const outcome = recorded.error.code === 'serial_seen' ? 'look' : 'not-taken';
    return { outcome, ...about, message: scene.words.error(recorded.error) };
  }
  scene.setLastCount({ entry: recorded.value.entry, place, count });
  const { added, total } = recorded.value.line;
  const missing = missingPart(item, count) ?? (item.retired === true ? 'out_of_use' : undefined);
  return {
    outcome: missing === undefined ? 'taken' : 'look',
    ...about,
    added: formatQuantity(added),
    total: formatQuantity(total),
    unit: unitBeside(item),
    entered: count.entered,
    subject: { line: lineKey({ item: count.item, bin: place.bin, lot: count.lot }) },
    ...(missing === undefined ? {} : { message: scene.words.missing(missing) }),
  };
}

/** What the item's tracking asks for and the label did not give. The count is kept all the same. */
export function missingPart(item: Item, count: CountInput): 'lot' | 'serial' | undefined {
  if (item.tracking === 'lot' && count.lot === undefined) return 'lot';
  if (item.tracking === 'serial' && count.serial === undefined) return 'serial';
  return undefined;
}
