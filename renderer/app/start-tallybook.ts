import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import type { Healing, LedgerError } from '../ledger/ledger.ts';
import { mayNeedCopy } from '../ledger/may-need-copy.ts';
import type { OpenProgress, OpenRefusal, Started } from './wiring.ts';

/**
 * What the sign-in screen needs: who there is. Who that is stands in the journal, so a journal that lost something is
 * given back what this page still has of it first. Nothing is read from the host.
 */
export async function startTallybook(
  host: Host,
  onProgress: (progress: OpenProgress) => void,
): Promise<Result<Started, OpenRefusal>> {
  const started = await host.start({});
  if (!started.ok) return err({ code: 'open_failed', detail: started.error.code });
  const { journal, laptop, signedIn } = started.value;
  if (journal.damage?.code === 'newer_version') return err({ code: 'newer_data' });
  const disk = await host.checkDisk({});
  if (!disk.ok && disk.error.code === 'disk_read_only') return err({ code: 'disk_read_only' });
  const mended = mayNeedCopy(journal) ? await mend(host, journal, onProgress) : ok({ found: [] });
  if (!mended.ok) return err(refusalOf(mended.error));
  const { found } = mended.value;
  const here = found.length === 0 ? started : await host.whoIsHere({});
  if (!here.ok) return err({ code: 'open_failed', detail: here.error.code });
  // Asked last: who can enter may stand in what was only just given back.
  const files = await host.filesFound({});
  if (!files.ok) return err({ code: 'open_failed', detail: files.error.code });
  // A site that cannot be told keeps nobody out.
  const team = await host.team({});
  const { people, journal: mendedJournal } = here.value;
  return ok({
    laptop,
    people,
    signedIn,
    journal: mendedJournal,
    found,
    entry: files.value.entry,
    here: team.ok ? team.value.here : 'none',
    asked: team.ok ? team.value.asked : null,
  });
}

/** Hardly any start needs the page's copy so early: what reads it is loaded only then. */
async function mend(
  host: Host,
  journal: JournalStatus,
  onProgress: (progress: OpenProgress) => void,
): Promise<Result<{ found: readonly Healing[] }, LedgerError>> {
  const { mendBeforeSignIn } = await import('../ledger/open-page-ledger.ts');
  return mendBeforeSignIn(host, journal, (done, total) => onProgress({ done, total }));
}

export function refusalOf({ code }: LedgerError): OpenRefusal {
  return code === 'own_rows_unknown' ? { code } : { code: 'open_failed', detail: code };
}
