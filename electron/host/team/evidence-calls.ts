import { err, ok } from '../../../shared/domain/result.ts';
import type { Host } from '../../../shared/ports/host.ts';
import { shortDigest } from '../../../shared/team/evidence.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { Session } from '../authority/session.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import { systemCode } from '../disk/disk.ts';
import { instantOf, type Clock } from '../disk/turns.ts';
import type { Journal } from '../journal/journal.ts';
import type { Log } from '../log/log.ts';
import { DamagedChain } from './chain-files.ts';
import type { Chains } from './chains.ts';
import type { Forks } from './forks.ts';
import type { LaptopKey } from './laptop-key.ts';
import { Unreadable } from './own-lines.ts';
import type { Taking } from './taking.ts';
import { writeEvidence } from './write-evidence.ts';

type EvidenceCallsOptions = {
  journal: Journal;
  ledger: Ledger;
  chains: Chains;
  forks: Forks;
  key: LaptopKey;
  files: CatalogueFiles;
  session: Session;
  clock: Clock;
  log: Log;
  taking: Pick<Taking, 'inTurn'>;
  appVersion: string;
  /** This laptop's name as its people know it. */
  laptop: string;
  saveEvidence: (suggestedName: string, pieces: AsyncIterable<Uint8Array>) => Promise<string | null>;
};

/** Saving what an auditor checks. Nothing is taken in meanwhile, so that the file is of one moment; counting goes on. */
export function createEvidenceCalls(options: EvidenceCallsOptions): Pick<Host, 'exportEvidence'> {
  const { journal, ledger, chains, forks, key, files, session, clock, log, appVersion: app, laptop } = options;

  async function save(stocktake: string | null) {
    const person = session.require();
    if (!person.ok) return person;
    const refused = journal.refusal();
    if (refused !== null) return err(refused);
    if (stocktake !== null && !ledger.state().stocktakes.has(stocktake))
      return err({ code: 'not_found' as const, what: 'stocktake' });
    await journal.idle();
    const { trust } = ledger.team();
    const { id, name } = person.value;
    const madeAt = instantOf(clock);
    const occasion = { app, stocktake, by: { person: id, name }, madeAt, laptop };
    const written = { entries: 0, sha256: '' };
    const pieces = writeEvidence({ journal, ledger, chains, forks, files, key }, occasion, written);
    const called = trust.root === null ? laptop : trust.name;
    try {
      const suggested = `${called} ${madeAt.slice(0, 16).replace('T', ' ')} evidence.jsonl`;
      const verifier = await options.saveEvidence(suggested, pieces);
      log('info', 'evidence_saved', { entries: written.entries, saved: verifier !== null });
      if (verifier === null) return ok({ outcome: 'cancelled' as const });
      return ok({ outcome: 'saved' as const, ...written, digest: shortDigest(written.sha256), verifier });
    } catch (problem) {
      log('warn', 'evidence_not_saved', {
        code: problem instanceof Unreadable ? problem.error.code : systemCode(problem),
      });
      if (problem instanceof Unreadable) return err(problem.error);
      // What is left of the chain is saved when it is asked for again.
      if (problem instanceof DamagedChain) return err({ code: 'chain_damaged' as const });
      return err({ code: 'file_not_written' as const, detail: systemCode(problem) });
    }
  }

  return { exportEvidence: ({ stocktake }) => options.taking.inTurn(() => save(stocktake ?? null)) };
}
