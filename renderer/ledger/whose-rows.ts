import { entryId } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { JournalStatus } from '../../shared/ports/host.ts';
import type { Copy } from './copy.ts';
import type { LedgerError } from './ledger.ts';
import { readable } from './rows.ts';

type Walk = Pick<Copy, 'devices' | 'last' | 'nextRows'>;

const ROWS = 20;

/**
 * The laptop whose rows in the page's copy are this one's own: as a rule the one that the journal names. A laptop that
 * lost its device file with its journal is told from its rows: it is the only one there, or the one that had heard all
 * that is held of every other. No two can have: of two that had heard each other out, one spoke last. Undefined: no row
 * is our own. Where it cannot be told nothing is guessed: `own_rows_unknown`.
 */
export async function whoseRows(copy: Walk, journal: JournalStatus): Promise<Result<string | undefined, LedgerError>> {
  const listed = new Set((journal.chains ?? []).map(({ device }) => device));
  const devices = (await copy.devices()).filter((device) => !listed.has(device));
  if (devices.includes(journal.device)) return ok(journal.device);
  if (journal.state !== 'new' || journal.seq > 0) return ok(undefined);
  if (devices.length <= 1) return ok(devices[0]);
  const newest = new Map<string, number>();
  for (const device of devices) newest.set(device, (await copy.last(device))?.seq ?? 0);
  for (const device of devices) {
    const heard = await heardBy(copy, device);
    if (devices.every((other) => other === device || (heard.get(other) ?? 0) >= (newest.get(other) ?? 0)))
      return ok(device);
  }
  return err({ code: 'own_rows_unknown' });
}

/** How far a laptop had heard others. */
async function heardBy(copy: Walk, device: string): Promise<ReadonlyMap<string, number>> {
  const heard = new Map<string, number>();
  for (let after = entryId(device, 0); ;) {
    const kept = await copy.nextRows(after, ROWS);
    for (const { fact } of readable(kept))
      if (fact.kind === 'heard')
        for (const head of fact.heads) heard.set(head.device, Math.max(head.seq, heard.get(head.device) ?? 0));
    const end = kept.at(-1);
    if (end === undefined) return heard;
    after = end.id;
  }
}
