import { ok } from '../../../shared/domain/result.ts';
import type { FilesFound, Host, HostOutput, JournalStatus, Team } from '../../../shared/ports/host.ts';
import type { Appending } from '../authority/early-answers.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { Session } from '../authority/session.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import type { History } from '../journal/history.ts';
import type { Journal } from '../journal/journal.ts';
import type { MendedList } from '../log/mended-list.ts';
import type { Vault } from '../secrets/vault.ts';
import type { People } from './people.ts';
import { canAdminEnter } from './person-calls.ts';

type HereCalls = Pick<Host, 'start' | 'whoIsHere' | 'filesFound'>;
type HereCallsOptions = {
  journal: Journal;
  /** The journal's status with the chains of other laptops. */
  status: () => JournalStatus;
  /** What this laptop is in its site. */
  here: () => Team['here'];
  ledger: Ledger;
  people: People;
  vault: Pick<Vault, 'state'>;
  history: Pick<History, 'dispute'>;
  files: Pick<CatalogueFiles, 'any'>;
  session: Session;
  appending: Pick<Appending, 'forget'>;
  mended: Pick<MendedList, 'list'>;
  /** What is told as it is. */
  laptop: Pick<HostOutput<'whoIsHere'>, 'appVersion' | 'laptop' | 'lockAfterMs'>;
};

/** The calls that say what was found here and who there is. `hasRemains`: people worked here, and the ledger knows nobody. */
export function createHereCalls(options: HereCallsOptions): HereCalls & { hasRemains(): boolean } {
  const { journal, ledger, people, vault, history, files, session } = options;

  /** The ledger knows nobody, yet other files were written by people: then they are missing, and nobody comes first. */
  function hasRemains(): boolean {
    const { state, gaps = [] } = journal.status();
    const isJournalGone = state === 'missing' || gaps.length > 0;
    return (
      ledger.state().people.size === 0 && (isJournalGone || people.wasUsed() || ledger.hadCheckpoint() || files.any())
    );
  }

  async function filesFound(): Promise<FilesFound> {
    const { recovery, lengths } = ledger.state().access;
    const hasRecoveryCode = recovery !== null;
    const isNobodyKnown = ledger.state().people.size === 0;
    // On a laptop that counts everybody sets a first PIN.
    const isOpen = isNobodyKnown || options.here() === 'counting' || (await canAdminEnter(ledger, people));
    const closed = hasRecoveryCode ? 'recovery_code' : 'closed';
    const entry = hasRemains() ? 'records_missing' : isOpen ? 'open' : closed;
    return { mended: options.mended.list(), entry, hasRecoveryCode, pinLengths: lengths };
  }

  function here(): HostOutput<'whoIsHere'> {
    return {
      ...options.laptop,
      people: [...ledger.state().people.values()],
      signedIn: session.current(),
      journal: options.status(),
      vault: vault.state(),
      dispute: history.dispute(),
    };
  }

  return {
    hasRemains,
    async start() {
      // A page that was loaded anew compares its copy with what is safe: nothing may be on its way then.
      await journal.idle();
      options.appending.forget();
      return ok({ ...here(), files: await filesFound() });
    },
    whoIsHere: async () => ok(here()),
    filesFound: async () => ok(await filesFound()),
  };
}
