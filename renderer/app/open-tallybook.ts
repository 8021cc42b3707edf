import type { Person } from '../../shared/domain/person.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import { openPageLedger } from '../ledger/open-page-ledger.ts';
import { createSending } from '../sync/create-sending.ts';
import type { Opened, OpenProgress, OpenRefusal } from './wiring.ts';

const CHECK_ALL = 'tallybook.check-all';

/** Opens everything the screens need: the host's side first, then the ledger, then the sync loop. */
export async function openTallybook(
  host: Host,
  onProgress: (progress: OpenProgress) => void,
): Promise<Result<Opened, OpenRefusal>> {
  const started = await host.start({});
  if (!started.ok) return err({ code: 'open_failed', detail: started.error.code });
  const { journal, laptop } = started.value;
  if (journal.damage?.code === 'newer_version') return err({ code: 'newer_data' });
  const disk = await host.checkDisk({});
  if (!disk.ok && disk.error.code === 'disk_read_only') return err({ code: 'disk_read_only' });

  let person: Person | null = started.value.signedIn;
  const checkAll = localStorage.getItem(CHECK_ALL) === 'yes';
  const ledger = await openPageLedger({
    host,
    journal,
    person: () => person ?? undefined,
    newId: () => crypto.randomUUID(),
    checkAll,
    progress: (done, total) => onProgress({ done, total }),
  });
  if (!ledger.ok && !disk.ok && disk.error.code === 'disk_full') return err({ code: 'disk_full' });
  if (!ledger.ok) return err({ code: 'open_failed', detail: ledger.error.code });
  localStorage.removeItem(CHECK_ALL);
  // Who there is stands in the journal, which may have come back only now.
  const mended = ledger.value.healing().length > 0 ? await host.start({}) : started;
  if (!mended.ok) return err({ code: 'open_failed', detail: mended.error.code });
  const { people, signedIn } = mended.value;
  person = signedIn;
  ledger.value.subscribe(() => {
    // Damage that was found behind the screens is mended before the next first screen.
    if (ledger.value.healing().some((found) => found.note === 'page_copy_damaged' && found.restored === 0))
      localStorage.setItem(CHECK_ALL, 'yes');
  });

  const connectors = await host.connectors({});
  const sending = createSending({
    host,
    ledger: ledger.value,
    connectors: connectors.ok ? connectors.value : [],
    now: () => new Date().toISOString(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  });
  void sending.flush();
  window.addEventListener('online', () => void sending.flush());

  return ok({
    ledger: ledger.value,
    sending,
    laptop,
    people,
    signedIn,
    personChanged(next) {
      person = next;
      // What waited for a person, an opened vault for one, may go on now.
      if (next) void sending.flush();
    },
  });
}
