import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { Sent } from '../../../shared/sync/desk/judge-plan.ts';
import { foldSendMarks, NO_SEND_MARKS, type SendMarks } from '../../../shared/sync/outbox/open-lines.ts';
import type { Journal } from '../journal/journal.ts';
import { createTurns } from '../disk/turns.ts';

const PAGE = 5_000;
/** So many batches are kept folded, each on its connection: a person sends one, and its lines may go again for a while. */
const KEPT = 4;

/** What is sent. `reverses`: the batch whose lines it takes back; how far those were sent is asked too. */
export type Asked = Sent & { readonly reverses?: string | undefined };

function isAbout({ fact }: LedgerEntry, { connection, batch, reverses }: Asked): boolean {
  if (fact.kind === 'lines_posted') return fact.batch === batch || fact.batch === reverses;
  if (fact.kind === 'lines_reversed') return fact.batch === batch || fact.reverses === batch;
  if (fact.kind === 'send_frozen')
    return (fact.batch === batch || fact.batch === reverses) && fact.connection === connection;
  return (fact.kind === 'send_settled' || fact.kind === 'doubt_settled') && fact.connection === connection;
}

/** Reads what was posted, or taken back, in a batch and how far it was sent. `from`: where its first posting stands. */
export type SendMarksReader = {
  read(sent: Asked, from: number): Promise<Result<SendMarks, HostError>>;
  /** Forgets what was read: the journal was restored. */
  forget(): void;
};

/** Folds marks from the journal; what was folded before is kept, so that only newer entries are read the next time. */
export function createSendMarksReader(journal: Pick<Journal, 'read'>): SendMarksReader {
  const kept = new Map<string, { marks: SendMarks; next: number }>();
  const inTurn = createTurns();

  async function read(sent: Asked, from: number): Promise<Result<SendMarks, HostError>> {
    const key = `${sent.connection}\u001E${sent.batch}`;
    let { marks, next } = kept.get(key) ?? { marks: NO_SEND_MARKS, next: from };
    kept.delete(key);
    for (;;) {
      const page = await journal.read(next, PAGE);
      if (!page.ok) return page;
      for (const entry of page.value.entries) {
        if (isAbout(entry, sent)) marks = foldSendMarks(marks, entry);
        next = entry.seq + 1;
      }
      if (page.value.nextSeq === undefined) break;
      next = page.value.nextSeq;
    }
    kept.set(key, { marks, next });
    for (const old of [...kept.keys()].slice(0, -KEPT)) kept.delete(old);
    return ok(marks);
  }

  return { read: (sent, from) => inTurn(() => read(sent, from)), forget: () => kept.clear() };
}
