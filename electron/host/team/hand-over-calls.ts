import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Host, HostError, JournalStatus } from '../../../shared/ports/host.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { Session } from '../authority/session.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import { systemCode } from '../disk/disk.ts';
import { instantOf, type Clock } from '../disk/turns.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import type { Chains } from './chains.ts';
import type { Examined } from './examine.ts';
import type { LaptopKey } from './laptop-key.ts';
import type { Taking } from './taking.ts';
import { writeHandOver } from './write-hand-over.ts';

type HandOverCalls = Pick<Host, 'saveHandOver' | 'giveHandOver' | 'lookAtHandOver' | 'takeHandOver'>;
type HandOverCallsOptions = {
  journal: Journal;
  ledger: Ledger;
  chains: Chains;
  key: LaptopKey;
  files: CatalogueFiles;
  session: Session;
  clock: Clock;
  log: Log;
  saveFile: (suggestedName: string, content: Uint8Array) => Promise<boolean>;
  /** The journal's status with the chains. */
  status: () => JournalStatus;
  taking: Taking;
};

const LARGEST_FILE_BYTES = 1_000_000_000;
const NO_FILE: HostError = { code: 'bad_hand_over', why: 'not_one' };
/**
 * Handing over: a file out, a file in. One closure: a file is given, looked at and taken in turn.
 */
export function createHandOverCalls(options: HandOverCallsOptions): HandOverCalls {
  const { journal, ledger, chains, key, files, session, clock, log, taking } = options;
  const { inTurn } = taking;
  let given: Buffer[] = [];
  let length = 0;
  /** What the file holds that was given, once it was looked at; it is so until something else is taken. */
  let examined: Examined | null = null;
  let examinedAt = 0;

  /** Where people are known one of them is there; a laptop that has asked to join knows nobody yet. */
  function refusal(): HostError | null {
    if (length === 0) return NO_FILE;
    if (ledger.state().people.size === 0) return null;
    const person = session.require();
    return person.ok ? null : person.error;
  }

  async function look(): Promise<Result<Examined, HostError>> {
    const refused = refusal();
    if (refused !== null) return err(refused);
    if (examined !== null && examinedAt === taking.taken()) return ok(examined);
    const found = await taking.examine(Buffer.concat(given));
    if (!found.ok) log('warn', 'hand_over_refused', { ...found.error });
    examined = found.ok ? found.value : null;
    examinedAt = taking.taken();
    return found;
  }

  async function take() {
    const looked = await look();
    if (!looked.ok) return looked;
    const { report, madeBy } = looked.value;
    examined = null;
    const taken = await taking.take(looked.value, { by: madeBy, at: report.madeAt });
    return taken.ok ? ok({ entries: [...taken.value], fresh: report.fresh, journal: options.status() }) : taken;
  }

  async function save(isForCounting: boolean) {
    const { trust } = ledger.team();
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    const { device } = journal.status();
    if (trust.root === null) return err({ code: 'no_site' as const });
    await journal.idle();
    const name = trust.laptops.get(device)?.name ?? '';
    const madeAt = instantOf(clock);
    const written = await writeHandOver(
      {
        journal,
        chains,
        files,
        key,
        catalogues: ledger.state().catalogues,
        isSupervising: (laptop) => trust.laptops.get(laptop)?.role === 'supervising',
      },
      { site: { id: trust.root.id, name: trust.name }, from: { laptop: device, name }, madeAt },
      isForCounting,
    );
    if (!written.ok) return written;
    const { bytes, entries } = written.value;
    try {
      const isSaved = await options.saveFile(`${name} ${madeAt.slice(0, 16).replace('T', ' ')}.tallybook`, bytes);
      log('info', 'hand_over_saved', { entries, bytes: bytes.length, saved: isSaved });
      return isSaved ? ok({ outcome: 'saved' as const, entries }) : ok({ outcome: 'cancelled' as const });
    } catch (problem) {
      return err({ code: 'file_not_written' as const, detail: systemCode(problem) });
    }
  }

  return {
    saveHandOver: (input) => inTurn(() => save(input.isForCounting === true)),
    giveHandOver: (input) =>
      inTurn(async () => {
        if (input.at === 0) {
          given = [];
          length = 0;
          examined = null;
        }
        const bytes = Buffer.from(input.bytes, 'base64');
        if (input.at !== length) return err({ code: 'bad_request', reason: 'a piece of the file is missing' });
        if (length + bytes.length > LARGEST_FILE_BYTES)
          return err({ code: 'bad_request', reason: 'the file is too large' });
        given.push(bytes);
        length += bytes.length;
        examined = null;
        return ok({});
      }),
    lookAtHandOver: () =>
      inTurn(async () => {
        const looked = await look();
        return looked.ok ? ok(looked.value.report) : looked;
      }),
    takeHandOver: () => inTurn(take),
  };
}
