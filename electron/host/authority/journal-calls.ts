import { err, ok } from '../../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../../shared/ports/host.ts';
import type { History } from '../journal/history.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import type { Appending } from './early-answers.ts';
import type { Ledger } from './ledger.ts';
import type { Session } from './session.ts';
import type { ForeignChains } from './union.ts';

/** What of the chains is read, and checked as the journal is. */
type CheckedChains = Pick<ForeignChains, 'read'> & { check(): Promise<void> };

type JournalCalls = Pick<
  Host,
  'append' | 'synced' | 'readJournal' | 'restoreJournal' | 'keepWitness' | 'settleHistory' | 'checkJournal'
>;
type JournalCallsOptions = {
  journal: Journal;
  chains: CheckedChains;
  /** A status of the journal with the chains of other laptops. */
  withChains: (status: JournalStatus) => JournalStatus;
  ledger: Ledger;
  history: History;
  appending: Appending;
  session: Session;
  log: Log;
  /** Told before each append that is tried. */
  onAppend: () => void;
  /** Once a restored journal was folded anew. */
  onRestored: () => Promise<void>;
};

/** The calls that write to the journal, read it, and give it back what it lost. */
export function createJournalCalls(options: JournalCallsOptions): JournalCalls {
  const { journal, chains, ledger, history, appending, session, log } = options;

  /**
   * A journal may be given back what it lost: before anybody can sign in when who may is lost with it, otherwise to whoever
   * has signed in, and never once something new was written.
   */
  function mayRestore(): boolean {
    if (journal.refusal() !== null) return true;
    return !journal.isUsed() && (session.current() !== null || ledger.state().people.size === 0);
  }

  return {
    async append(input) {
      const person = session.require();
      if (!person.ok) return person;
      const doubtful = input.facts.some(({ kind }) => kind === 'lines_posted' || kind === 'lines_reversed')
        ? history.refusal()
        : null;
      if (doubtful !== null) return err(doubtful);
      options.onAppend();
      const sealed = await appending.append(person.value, input.facts, input.early ?? false);
      if (!sealed.ok)
        log('warn', 'append_refused', {
          code: sealed.error.code,
          by: person.value.id,
          kind: input.facts[0]?.kind ?? '',
        });
      return sealed;
    },
    synced: (input) => appending.synced(input.ticket),
    async readJournal(input) {
      const { device, fromSeq, limit } = input;
      const isOwn = device === undefined || device === journal.status().device;
      const page = await (isOwn ? journal.read(fromSeq, limit) : chains.read(device, fromSeq, limit));
      if (!page.ok) return page;
      const { entries, nextSeq } = page.value;
      return ok({ entries: [...entries], ...(nextSeq === undefined ? {} : { nextSeq }) });
    },
    async restoreJournal(input) {
      if (!mayRestore()) return err({ code: 'bad_request', reason: 'a whole journal in use is not restored' });
      const status = await journal.restore(input.entries, input.last, input.holes);
      if (!status.ok) return status;
      if (input.last) {
        await ledger.rebuild();
        await options.onRestored();
        log('warn', 'journal_restored', { ...status.value });
      }
      return ok({ journal: options.withChains(status.value) });
    },
    async keepWitness(input) {
      const kept = await history.keep(input.entries, input.fromSeq, input.last);
      if (!kept.ok) return kept;
      if (input.last) log('error', 'history_differs', { ...history.dispute() });
      return ok({});
    },
    async settleHistory() {
      const admin = session.require();
      if (!admin.ok) return admin;
      const settled = await history.settle(admin.value.id);
      if (!settled.ok) return settled;
      log('warn', 'history_settled', { by: admin.value.id });
      return ok({});
    },
    async checkJournal({ of }) {
      const status = await (of === 'others' ? journal.status() : journal.check());
      if (of !== 'others' && status.state === 'damaged') log('error', 'journal_damaged', { ...status.damage });
      if (of !== 'own') await chains.check();
      return ok({ journal: options.withChains(status) });
    },
  };
}
