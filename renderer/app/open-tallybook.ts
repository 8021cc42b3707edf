import type { Person } from '../../shared/domain/person.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import { openPageLedger } from '../ledger/open-page-ledger.ts';
import { createPageSending } from '../sync/create-page-sending.ts';
import { teamSource } from '../tallybook/team.ts';
import { forgetRestored, wasRestored } from './restored.ts';
import { screens } from './screens.tsx';
import { refusalOf } from './start-tallybook.ts';
import type { Opened, OpenProgress, OpenRefusal, Started } from './wiring.ts';

const CHECK_ALL = 'tallybook.check-all';

/** Opens what the screens need, for whoever has signed in: the ledger, then the sync loop. */
export async function openTallybook(
  host: Host,
  started: Started,
  first: Person,
  onProgress: (progress: OpenProgress) => void,
): Promise<Result<Opened, OpenRefusal>> {
  // Opened quickly, the journal's older files are known by their size alone. They are read now, while the copy that mends
  // them is there: a damage that nobody reaches would wait until the copy is gone, too.
  const checked = await host.checkJournal({ of: 'own' });
  if (!checked.ok) return err({ code: 'open_failed', detail: checked.error.code });
  let person: Person | null = first;
  void teamSource(host).ask();
  const checkAll = localStorage.getItem(CHECK_ALL) === 'yes' || started.found.length > 0;
  const ledger = await openPageLedger({
    host,
    journal: checked.value.journal,
    since: wasRestored() ? 0 : started.journal.seq,
    mended: started.found,
    person: () => person ?? undefined,
    holdsBooks: () => teamSource(host).known().team?.here !== 'counting',
    tellsNames: () => (teamSource(host).known().team?.site ?? null) !== null,
    newId: () => crypto.randomUUID(),
    checkAll,
    progress: (done, total) => onProgress({ done, total }),
  });
  if (!ledger.ok) {
    const disk = await host.checkDisk({});
    const isFull = !disk.ok && disk.error.code === 'disk_full';
    return err(isFull ? { code: 'disk_full' } : refusalOf(ledger.error));
  }
  localStorage.removeItem(CHECK_ALL);
  forgetRestored();
  // What is held of others is far more, and comes again where it is damaged: no screen waits for it.
  void host.checkJournal({ of: 'others' });
  ledger.value.subscribe(() => {
    // Damage that was found behind the screens is mended before the next first screen.
    if (ledger.value.healing().some((found) => found.note === 'page_copy_damaged' && found.restored === 0))
      localStorage.setItem(CHECK_ALL, 'yes');
  });

  const connectors = await host.connectors({});
  const sending = createPageSending({
    host,
    ledger: ledger.value,
    connectors: connectors.ok ? connectors.value : [],
    laptop: checked.value.journal.device,
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
    screens,
    personChanged(next) {
      person = next;
      // What waited for a person, an opened vault for one, may go on now.
      if (next) void sending.flush();
    },
  });
}
