import { formatQuantity, type Quantity } from '../../../shared/domain/quantity.ts';
import type { Place } from '../../ledger/ledger.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import { binsOf, type ScanMeaning } from '../../shelf/read-scan.ts';
import { attach, takeAsPart } from './attach-lot.ts';
import { believe, keepTyped, notTaken, type Scene } from './scene.ts';
import { takeItem } from './take-item.ts';

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
        ? notTaken(meaning.choices[0]?.code ?? '', scene.words.notChosen())
        : takeItem(chosen, typed, 'scan', scene);
    }
    case 'bin':
      keepTyped(typed, scene);
      return scene.openBin(meaning.bin);
    case 'bins': {
      keepTyped(typed, scene);
      const bin = await scene.ask.whichBin(meaning.bins);
      return bin === undefined ? undefined : scene.openBin(bin);
    }
    case 'kinds': {
      // Without an open bin only a bin can be meant: nothing else could be taken.
      const [bin, ...more] = scene.place() === undefined ? binsOf(meaning) : [];
      if (bin !== undefined && more.length === 0) return takeScan({ kind: 'bin', bin }, typed, scene);
      const chosen = await scene.ask.whichKind(meaning.code, meaning.options);
      if (chosen !== undefined) return takeScan(chosen, typed, scene);
      keepTyped(typed, scene);
      return notTaken(meaning.code, scene.words.say('notChosen'));
    }
    case 'command':
      if (meaning.command === 'times') {
        scene.setTyped(`${meaning.times ?? 1}*`);
        return { outcome: 'held', title: `× ${meaning.times ?? 1}`, message: scene.words.timesNext() };
      }
      keepTyped(typed, scene);
      return scene.runCommand(meaning.command);
    case 'attach':
      keepTyped(typed, scene);
      return attach(meaning, scene);
    case 'unknown':
      // With a number typed before it, it is something that was counted.
      return (typed === '' ? await takeAsPart(meaning, scene) : undefined) ?? keepUnknown(meaning.code, typed, scene);
    case 'damaged':
      keepTyped(typed, scene);
      return notTaken(meaning.code, scene.words.damaged(meaning.damage));
  }
}

async function keepUnknown(code: string, typed: string, scene: Scene): Promise<LastScan> {
  const place = scene.place();
  const believed = await believe(typed, code, true, scene);
  if (!believed.ok) return believed.last;
  const { quantity } = believed.typed;
  const about = { outcome: 'look' as const, title: code, isCode: true };
  if (place === undefined) {
    const noted = await scene.ledger.noteUnknown(code, quantity, { where: 'no_bin', stocktake: scene.stocktake });
    return noted.ok
      ? { ...about, added: formatQuantity(quantity), message: scene.words.unknownNoBin() }
      : notTaken(code, scene.words.error(noted.error));
  }
  const kept = await scene.ledger.recordUnknown(place, code, quantity);
  if (!kept.ok) return notTaken(code, scene.words.error(kept.error));
  scene.setLastCount(undefined);
  return {
    ...about,
    unknown: code,
    added: formatQuantity(quantity),
    total: formatQuantity(totalUnknown(scene, place, code) ?? quantity),
    message: scene.words.unknownKept(),
    subject: { unknown: code },
  };
}

function totalUnknown(scene: Scene, place: Place, code: string): Quantity | undefined {
  return scene.ledger.sheet(place)?.unknowns.get(code)?.quantity;
}
