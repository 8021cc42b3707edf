import { codeText, toGtin14 } from '../../../shared/domain/barcode.ts';
import { skuKey, type Item } from '../../../shared/domain/item.ts';
import { lotKey } from '../../../shared/domain/line-key.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { ONE } from '../../../shared/domain/quantity.ts';
import { proposedByName, type ItemPart, type Proposed, type ScanMeaning } from '../../shelf/read-scan.ts';
import type { CountInput } from '../../ledger/ledger.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import { notTaken, type LastCount, type Scene } from './scene.ts';
import { missingPart, record, takeItem } from './take-item.ts';

/** Longest lot or serial. Characters. */
const LONGEST = 64;

type Part = ItemPart & { readonly code: string; readonly says?: string | undefined };

/** The count that a lot or serial can still be added to: the last one, in the bin that is open. */
function standing(scene: Scene): { last: LastCount; item: Item } | undefined {
  const place = scene.place();
  const last = scene.lastCount();
  if (place === undefined || last === undefined) return undefined;
  if (binKey(last.place.bin) !== binKey(place.bin) || last.place.pass !== place.pass) return undefined;
  const item = scene.ledger.catalogue().item(last.count.item);
  return item === undefined ? undefined : { last, item };
}

/**
 * Adds a lot or serial to the count made just before: that count is taken back and made again with it. A lot that the book
 * knows for other items only asks whose it is; an item that is not counted by lot takes none.
 */
export async function attach(part: Part, scene: Scene): Promise<LastScan> {
  const { words } = scene;
  if (part.says !== undefined) return notTaken(part.code, words.error(withoutItem(part.says)));
  const found = standing(scene);
  if (found === undefined) return notTaken(part.code, words.itemFirst());
  const { last, item } = found;
  const { count } = last;
  const taken =
    (part.lot !== undefined && count.lot !== undefined) || (part.serial !== undefined && count.serial !== undefined);
  if (taken) return notTaken(part.code, words.itemFirst());
  if (part.lot !== undefined) {
    const owners = scene.ledger.itemsOfLot(part.lot);
    const isKnown = owners.some((sku) => skuKey(sku) === skuKey(item.sku));
    if (!isKnown && owners.length > 0) return askWhose(part, owners, found, scene);
    if (!isKnown && item.tracking !== 'lot')
      return { outcome: 'not-taken', title: scene.ledger.catalogue().name(item.sku), message: words.say('noLots') };
  }
  if (part.serial !== undefined && count.quantity !== ONE) return notTaken(part.code, words.serialIsOne());
  return join(part, found, scene);
}

function withoutItem(says: string): { readonly code: 'label_without_item'; readonly says: string } {
  return { code: 'label_without_item', says };
}

async function askWhose(
  part: Part,
  owners: readonly string[],
  found: { last: LastCount; item: Item },
  scene: Scene,
): Promise<LastScan> {
  const catalogue = scene.ledger.catalogue();
  const others = owners.flatMap((sku) => catalogue.item(sku) ?? []);
  // An item that is not counted by lot cannot be meant.
  const items = found.item.tracking === 'lot' ? [found.item, ...others] : others;
  const choices = items.map((item): Proposed => ({ ...proposedByName(item), ...part }));
  const chosen = await scene.ask.which(choices);
  if (chosen === undefined) return notTaken(part.code, scene.words.notChosen());
  return chosen.item === found.item ? join(part, found, scene) : takeItem(chosen, '', 'scan', scene);
}

async function join(part: Part, { last, item }: { last: LastCount; item: Item }, scene: Scene): Promise<LastScan> {
  const { count } = last;
  const undone = await scene.ledger.undo(last.place);
  if (!undone.ok) return notTaken(part.code, scene.words.error(undone.error));
  const { lot = count.lot, serial = count.serial, expiresOn = count.expiresOn } = part;
  const full: CountInput = {
    ...count,
    ...(lot === undefined ? {} : { lot }),
    ...(serial === undefined ? {} : { serial }),
    ...(expiresOn === undefined ? {} : { expiresOn }),
  };
  const about = { title: scene.ledger.catalogue().name(item.sku), code: count.code, lot, serial, expiresOn };
  const again = await record(last.place, full, item, about, scene);
  if (again.outcome !== 'taken' && again.added === undefined) {
    // The count itself must not be lost because its serial was refused.
    const before = {
      title: scene.ledger.catalogue().name(item.sku),
      code: count.code,
      lot: count.lot,
      serial: count.serial,
      expiresOn: count.expiresOn,
    };
    await record(last.place, count, item, before, scene);
  }
  return again;
}

/**
 * A code that nobody knows, right after an item whose lot or serial is missing: most likely that. Where the book knows the
 * lot of this item it is; else a person says. Nothing: it stays an unknown code.
 */
export async function takeAsPart(
  meaning: ScanMeaning & { kind: 'unknown' },
  scene: Scene,
): Promise<LastScan | undefined> {
  const found = standing(scene);
  const missing = found && missingPart(found.item, found.last.count);
  const text = codeText(meaning.code);
  if (found === undefined || missing === undefined || text.length > LONGEST || toGtin14(text).ok) return undefined;
  const element = meaning.element?.[missing];
  const texts = [...new Set([...(element === undefined ? [] : [element]), text])];
  const expiresOn = meaning.element?.expiresOn;
  const partOf = (one: string): Part => ({
    lot: missing === 'lot' ? one : undefined,
    serial: missing === 'serial' ? one : undefined,
    expiresOn: one === element ? expiresOn : undefined,
    code: meaning.code,
  });
  const told = missing === 'lot' ? texts.find((one) => isLotOf(one, found.item, scene)) : undefined;
  if (told !== undefined) return join(partOf(told), found, scene);
  const chosen = await scene.ask.part(meaning.code, missing, found.item, texts);
  if (chosen === '') return undefined;
  return chosen === undefined ? notTaken(meaning.code, scene.words.notChosen()) : attach(partOf(chosen), scene);
}

function isLotOf(lot: string, item: Item, scene: Scene): boolean {
  return scene.ledger.itemsOfLot(lot).some((sku) => skuKey(sku) === skuKey(item.sku));
}

/**
 * A scan while the lot of the last item is asked for: the lot on a label of its own, with or without the scanner's
 * identifier, or on the item's own label. Nothing: the scan is something else, and is taken as what it is.
 */
export function lotOfScan(meaning: ScanMeaning, scene: Scene): Part | undefined {
  const found = standing(scene);
  switch (meaning.kind) {
    case 'attach':
      return meaning;
    case 'item': {
      const { item, lot, code, expiresOn } = meaning.proposed;
      const isSame = found !== undefined && skuKey(item.sku) === skuKey(found.item.sku);
      return isSame && lotKey(lot) !== '' ? { lot, serial: undefined, expiresOn, code } : undefined;
    }
    case 'unknown': {
      const { code, element } = meaning;
      const text = codeText(code);
      if (text.length > LONGEST || toGtin14(text).ok) return undefined;
      const isWhole = found !== undefined && isLotOf(text, found.item, scene);
      const lot = isWhole ? text : (element?.lot ?? text);
      return { lot, serial: undefined, expiresOn: lot === text ? undefined : element?.expiresOn, code };
    }
    case 'bin':
    case 'bins':
    case 'items':
    case 'kinds':
    case 'command':
    case 'damaged':
      return undefined;
  }
}
