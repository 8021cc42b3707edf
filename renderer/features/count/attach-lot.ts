import { binKey } from '../../../shared/domain/location.ts';
import { ONE } from '../../../shared/domain/quantity.ts';
import type { CountInput } from '../../ledger/ledger.ts';
import type { LastScan } from '../../ui/scan-card.tsx';
import { notTaken, type Scene } from './scene.ts';
import { record } from './take-item.ts';

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
  if (!stands) return notTaken(part.code, scene.words.itemFirst());
  const { count } = last;
  const item = scene.ledger.catalogue().item(count.item);
  const taken =
    (part.lot !== undefined && count.lot !== undefined) || (part.serial !== undefined && count.serial !== undefined);
  if (taken || item === undefined) return notTaken(part.code, scene.words.itemFirst());
  if (part.serial !== undefined && count.quantity !== ONE) return notTaken(part.code, scene.words.serialIsOne());
  const undone = await scene.ledger.undo(last.place);
  if (!undone.ok) return notTaken(part.code, scene.words.error(undone.error));
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
    { title: scene.ledger.catalogue().name(item.sku), code: count.code, lot, serial, expiresOn },
    scene,
  );
  if (again.outcome !== 'taken' && again.added === undefined) {
    // The count itself must not be lost because its serial was refused.
    await record(
      last.place,
      count,
      item,
      {
        title: scene.ledger.catalogue().name(item.sku),
        code: count.code,
        lot: count.lot,
        serial: count.serial,
        expiresOn: count.expiresOn,
      },
      scene,
    );
  }
  return again;
}
