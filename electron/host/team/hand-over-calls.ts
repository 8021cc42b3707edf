import type { FactOf, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Host, HostError, JournalStatus } from '../../../shared/ports/host.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { IsAct } from '../../../shared/team/act.ts';
import type { Session } from '../authority/session.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import { diskRefusal, systemCode } from '../disk/disk.ts';
import { createTurns, instantOf, type Clock } from '../disk/turns.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import type { Chains, HeldChain } from './chains.ts';
import { examine, type Examined } from './examine.ts';
import { createHeldIndex } from './held-index.ts';
import type { Forks } from './forks.ts';
import type { LaptopKey } from './laptop-key.ts';
import { writeHandOver } from './write-hand-over.ts';

type HandOverCalls = Pick<Host, 'saveHandOver' | 'giveHandOver' | 'lookAtHandOver' | 'takeHandOver'>;
type HandOverCallsOptions = {
  journal: Journal;
  ledger: Ledger;
  chains: Chains;
  forks: Forks;
  key: LaptopKey;
  files: CatalogueFiles;
  session: Session;
  clock: Clock;
  log: Log;
  saveFile: (suggestedName: string, content: Uint8Array) => Promise<boolean>;
  /** The journal's status with the chains. */
  status: () => JournalStatus;
  isAct: IsAct;
};

const LARGEST_FILE_BYTES = 1_000_000_000;
const NO_FILE: HostError = { code: 'bad_hand_over', why: 'not_one' };
/** A head or two per laptop: so many laptops fit one entry. */
const MOST_HEADS = 1_000;
/** A clock that is ahead by less is not worth a word. */
const NOTICED_MS = 60_000;

/** Which laptop wrote a file, and when by its own clock. */
type Made = { readonly by: string; readonly at: string };

/**
 * Handing over: a file out, a file in. `hearHeld` seals that chains were heard which were taken in before the power went.
 * One closure: a file is given, looked at and taken in turn.
 */
export function createHandOverCalls(
  options: HandOverCallsOptions,
): HandOverCalls & { hearHeld(): Promise<Result<readonly LedgerEntry[], HostError>> } {
  const { journal, ledger, chains, key, files, session, clock, log } = options;
  const inTurn = createTurns();
  const held = createHeldIndex({ journal, chains });
  let given: Buffer[] = [];
  let length = 0;
  /** What the file holds that was given, once it was looked at. */
  let examined: Examined | null = null;

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
    if (examined !== null) return ok(examined);
    await journal.idle();
    const { root } = ledger.team().trust;
    const { isAct } = options;
    const asked = { journal, chains, held, root, key: key.publicKey(), hasCatalogue: files.has, isAct };
    if (asked.root === null && key.asked() === null) return err({ code: 'no_site' });
    const found = await examine(asked, Buffer.concat(given));
    if (found.ok) {
      examined = found.value;
      // A disk that does not take it tells it again with the next file.
      await options.forks
        .note(found.value.forks)
        .catch((problem: unknown) => log('warn', 'forks_not_kept', { code: systemCode(problem) }));
    } else log('warn', 'hand_over_refused', { ...found.error });
    return found;
  }

  /** Whose clocks show a time that is still to come here: by what they have said, or by when they wrote the file. */
  function aheadOf(heads: readonly HeldChain[], made: Made | undefined): FactOf<'heard'>['ahead'] {
    const now = clock.now();
    const shown = new Map(heads.map(({ device, newestAt }) => [device, Date.parse(newestAt)]));
    const { laptops } = ledger.team().trust;
    if (made !== undefined && laptops.has(made.by) && made.by !== journal.status().device)
      shown.set(made.by, Math.max(Date.parse(made.at), shown.get(made.by) ?? 0));
    const ahead = [...shown].flatMap(([device, at]) => (at - now > NOTICED_MS ? [{ device, ms: at - now }] : []));
    return ahead.length === 0 ? undefined : ahead.slice(0, MOST_HEADS);
  }

  /** What is held and was not heard yet, as the fact that says so. */
  function unheard(made?: Made): Omit<FactOf<'heard'>, 'kind'> | null {
    const heard = ledger.team().trust.heard.get(journal.status().device);
    const held = chains.held();
    const heads = held.filter(({ device, seq }) => (heard?.get(device)?.seq ?? 0) < seq);
    if (heads.length === 0) return null;
    const at = held.map(({ orderedAt }) => orderedAt).toSorted();
    const ahead = aheadOf(heads, made);
    return {
      heads: heads.slice(0, MOST_HEADS).map(({ device, seq, hash }) => ({ device, seq, hash })),
      at: at.at(-1) ?? instantOf(clock),
      ...(ahead !== undefined && { ahead }),
    };
  }

  async function hearHeld(made?: Made): Promise<Result<readonly LedgerEntry[], HostError>> {
    const heard = unheard(made);
    return heard === null ? ok([]) : ledger.hear(heard);
  }

  async function keepCatalogues(some: Examined['catalogues']): Promise<HostError | null> {
    for (const { content } of some) {
      const begun = await files.begin();
      if (!begun.ok) return begun.error;
      const text = content.toString('utf8');
      const written = await files.append(begun.value.file, text, text.split('\n').length - 1);
      const sealed = written.ok ? await files.seal(begun.value.file) : written;
      if (!sealed.ok) {
        await files.discard(begun.value.file);
        return sealed.error;
      }
    }
    return null;
  }

  async function take() {
    const looked = await look();
    if (!looked.ok) return looked;
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    const { stretches, catalogues, report, madeBy } = looked.value;
    examined = null;
    const unkept = await keepCatalogues(catalogues);
    if (unkept !== null) return err(unkept);
    const failed = await chains.take(stretches).then(
      () => null,
      (problem: unknown) => diskRefusal(problem),
    );
    // What could be kept before the disk refused is held, and is heard.
    const heard = await hearHeld({ by: madeBy, at: report.madeAt });
    // A chain that was damaged here and came again was heard long ago: it is folded in all the same.
    if (heard.ok && heard.value.length === 0 && stretches.length > 0) await ledger.rebuild();
    if (failed !== null || !heard.ok) return err(failed ?? (heard.ok ? NO_FILE : heard.error));
    log('info', 'hand_over_taken', { fresh: report.fresh, known: report.known, refused: report.refused });
    return ok({ entries: [...heard.value], fresh: report.fresh, journal: options.status() });
  }

  async function save() {
    const { trust } = ledger.team();
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    const { device } = journal.status();
    if (trust.root === null) return err({ code: 'no_site' as const });
    await journal.idle();
    const name = trust.laptops.get(device)?.name ?? '';
    const madeAt = instantOf(clock);
    const written = await writeHandOver(
      { journal, chains, files, key, catalogues: ledger.state().catalogues },
      { site: { id: trust.root.id, name: trust.name }, from: { laptop: device, name }, madeAt },
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
    hearHeld: () => hearHeld(),
    saveHandOver: () => inTurn(save),
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
