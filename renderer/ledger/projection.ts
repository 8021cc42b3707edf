import { entryId, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { packState, unpackState } from '../../shared/domain/checkpoint.ts';
import { emptyLedgerState, fold, foldLedger, type LedgerState } from '../../shared/domain/ledger-state.ts';
import type { Copy } from './copy.ts';
import { readable, type KeptEntry } from './rows.ts';
import { foldSending, NO_SENDING, type SendingState } from './sending-state.ts';

/** Everything that is computed from the entries, kept up to date entry by entry. */
export type Projection = {
  ledger(): LedgerState;
  sending(): SendingState;
  /** Folds entries that both copies hold. */
  add(entries: readonly LedgerEntry[]): void;
  /** Entries folded since the last checkpoint. */
  sinceCheckpoint(): number;
  saveCheckpoint(): Promise<void>;
};

const PAGE = 5000;

/**
 * Opens the projection from the newest checkpoint and the entries after it. A checkpoint that does not belong to this
 * ledger, or cannot be read, costs a longer start and nothing else.
 */
export async function openProjection(
  copy: Copy,
  device: string,
  progress: (done: number) => void,
): Promise<Projection> {
  let ledger = (await loadCheckpoint(copy, device)) ?? emptyLedgerState();
  let saved = ledger.entries;
  for await (const rows of pagesAfter(copy, entryId(device, ledger.devices.get(device)?.seq ?? 0))) {
    for (const entry of readable(rows)) fold(ledger, entry);
    progress(ledger.entries);
  }
  let sending = (await copy.sending()).reduce(foldSending, NO_SENDING);

  return {
    ledger: () => ledger,
    sending: () => sending,
    add(entries) {
      for (const entry of entries) {
        if (fold(ledger, entry) === 'out_of_order')
          throw new Error(`entry ${entry.id} belongs before the newest entry`);
      }
      sending = entries.reduce(foldSending, sending);
    },
    sinceCheckpoint: () => ledger.entries - saved,
    async saveCheckpoint() {
      const entries = ledger.entries;
      await copy.writeCheckpoint(packState(ledger));
      saved = entries;
    },
  };
}

async function loadCheckpoint(copy: Copy, device: string): Promise<LedgerState | undefined> {
  try {
    const pages = await copy.readCheckpoint();
    const state = pages && unpackState(pages);
    const frontier = state?.devices.get(device);
    if (!state || !frontier) return undefined;
    const row = await copy.at(entryId(device, frontier.seq));
    return row?.hash === frontier.hash ? state : undefined;
  } catch {
    // Damaged pages: the entries themselves are whole, so the state is computed again.
    return undefined;
  }
}

/** The state computed from every entry, without a checkpoint: what the running one must equal. */
export async function rebuild(copy: Copy): Promise<LedgerState> {
  const entries: LedgerEntry[] = [];
  for await (const rows of pagesAfter(copy, '')) entries.push(...readable(rows));
  return foldLedger(entries);
}

/** Every row after `afterId`, a page at a time; the next page is read while one is folded. */
async function* pagesAfter(copy: Copy, afterId: string): AsyncGenerator<readonly KeptEntry[]> {
  let reading: Promise<readonly KeptEntry[]> | undefined = copy.entriesAfter(afterId, PAGE);
  while (reading !== undefined) {
    const rows: readonly KeptEntry[] = await reading;
    const last = rows.at(-1);
    reading = last && rows.length === PAGE ? copy.entriesAfter(last.id, PAGE) : undefined;
    yield rows;
  }
}
