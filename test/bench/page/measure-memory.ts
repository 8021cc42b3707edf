import type { Ledger } from '../../../renderer/ledger/ledger.ts';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import { LARGE_BIN, STOCKTAKE } from '../seed/ledger-model.ts';
import { enter, host, must, openOwnLedger } from './ours.ts';

let kept: { ledger: Ledger; lines: CountLine[] } | undefined;

/** Opens the ledger with its catalogue and a sheet with every line in hand, and keeps them. The runner then reads the heap. */
export async function openEverything(): Promise<{ entries: number; items: number; lines: number }> {
  await enter();
  const { journal } = must(await host.start({}));
  const ledger = await openOwnLedger(journal);
  await new Promise<void>((resolve) => {
    if (ledger.catalogueReady()) resolve();
    else ledger.subscribe(() => ledger.catalogueReady() && resolve());
  });
  const lines = [...(ledger.sheet({ stocktake: STOCKTAKE, pass: 1, bin: LARGE_BIN })?.lines.values() ?? [])].toSorted(
    (left, right) => right.order - left.order,
  );
  kept = { ledger, lines };
  return { entries: kept.ledger.state().entries, items: ledger.catalogue().itemCount, lines: kept.lines.length };
}
