import { formatQuantity, ONE, ZERO } from '../../../shared/domain/quantity.ts';
import { looksLikeBarcode, parseQuantityEntry, SURPRISING_QUANTITY } from '../../../shared/domain/quantity-entry.ts';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import type { Scene } from './scene.ts';

type SetScene = Pick<Scene, 'ask' | 'words' | 'place' | 'setLastCount' | 'setTyped'> & {
  readonly ledger: Pick<Ledger, 'catalogue' | 'setCount' | 'sheet' | 'recordUnknown'>;
};

/** Sets a line to what was typed, also a sum. A surprising number has to be typed twice. */
export async function setLineTo(line: CountLine, typed: string, scene: SetScene): Promise<LastScan | undefined> {
  const { ledger, words } = scene;
  const here = scene.place();
  if (here === undefined) return undefined;
  const item = ledger.catalogue().item(line.item);
  const title = ledger.catalogue().name(line.item);
  const entry = parseQuantityEntry(typed);
  const subject = { line: line.key };
  const giveUp = (message: string): LastScan => ({ outcome: 'not-taken', title, lot: line.lot, message, subject });
  if (!entry.ok) {
    scene.setTyped(typed);
    return giveUp(words.error(entry.error));
  }
  const { quantity, entered } = entry.value;
  if (item?.tracking === 'serial' && line.serials.length > 0) return giveUp(words.say('serialLine'));
  if ((quantity >= SURPRISING_QUANTITY || looksLikeBarcode(typed)) && !(await scene.ask.again(typed)))
    return giveUp(words.notSame());
  const set = await ledger.setCount(here, {
    item: line.item,
    quantity,
    entered,
    ...(line.lot === undefined ? {} : { lot: line.lot }),
  });
  if (!set.ok) return giveUp(words.error(set.error));
  scene.setLastCount(undefined);
  const { added, total } = set.value.line;
  return {
    outcome: 'taken',
    title,
    lot: line.lot,
    added: formatQuantity(added),
    total: formatQuantity(total),
    unit: ledger.catalogue().unit(line.item),
    entered,
    subject,
  };
}

/** Sets what was found of an unknown code to what was typed, also a sum. */
export async function setUnknownTo(code: string, typed: string, scene: SetScene): Promise<LastScan | undefined> {
  const { ledger, words } = scene;
  const here = scene.place();
  if (here === undefined) return undefined;
  const subject = { unknown: code };
  const giveUp = (message: string): LastScan => ({ outcome: 'not-taken', title: code, isCode: true, message, subject });
  const entry = parseQuantityEntry(typed);
  if (!entry.ok) {
    scene.setTyped(typed);
    return giveUp(words.error(entry.error));
  }
  const { quantity } = entry.value;
  if ((quantity >= SURPRISING_QUANTITY || looksLikeBarcode(typed)) && !(await scene.ask.again(typed)))
    return giveUp(words.notSame());
  const added = quantity - (ledger.sheet(here)?.unknowns.get(code)?.quantity ?? ZERO);
  const kept = await ledger.recordUnknown(here, code, added);
  if (!kept.ok) return giveUp(words.error(kept.error));
  scene.setLastCount(undefined);
  return {
    outcome: 'look',
    title: code,
    isCode: true,
    added: formatQuantity(added),
    total: formatQuantity(quantity),
    message: words.unknownKept(),
    subject,
  };
}

/** One more or one less of an unknown code, never below zero. */
export async function stepUnknown(code: string, by: 1n | -1n, scene: SetScene): Promise<LastScan | undefined> {
  const here = scene.place();
  const found = here && scene.ledger.sheet(here)?.unknowns.get(code)?.quantity;
  if (found === undefined) return undefined;
  if (found + by * ONE < ZERO)
    return {
      outcome: 'not-taken',
      title: code,
      isCode: true,
      message: scene.words.say('notBelowZero'),
      subject: { unknown: code },
    };
  return setUnknownTo(code, formatQuantity(found + by * ONE), scene);
}

/** One more or one less on a line, which never goes below zero. */
export async function stepLine(line: CountLine, by: 1n | -1n, scene: SetScene): Promise<LastScan | undefined> {
  if (by === -1n && line.counted < ONE)
    return {
      outcome: 'not-taken',
      title: scene.ledger.catalogue().name(line.item),
      message: scene.words.say('notBelowZero'),
      subject: { line: line.key },
    };
  return setLineTo(line, formatQuantity(line.counted + by * ONE), scene);
}
