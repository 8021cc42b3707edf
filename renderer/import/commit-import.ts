import type { CatalogueFact } from '../../shared/domain/catalogue-facts.ts';
import type { Fact } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host, HostError } from '../../shared/ports/host.ts';
import type { RowPage } from './import-messages.ts';
import type { ImportFailure } from './import-session.ts';

/** Facts that the host takes in one call. */
const MOST_FACTS = 5000;

export type CommitHost = Pick<
  Host,
  'beginCatalogueFile' | 'appendCatalogueRows' | 'sealCatalogueFile' | 'discardCatalogueFile'
>;
/** The ledger's command: resolves when the facts are in both copies. */
export type AppendFacts<Refusal> = (facts: readonly Fact[]) => Promise<Result<unknown, Refusal>>;

export type CommitInput<Refusal> = {
  readonly appendFacts: AppendFacts<Refusal>;
  readonly pages: AsyncIterable<Result<RowPage, ImportFailure>>;
  /** Told how many rows are written. */
  readonly onProgress?: (rows: number) => void;
  readonly signal?: AbortSignal;
};

/**
 * Writes a whole catalogue snapshot to a file of the host and then says so in the ledger. Until that one entry is in,
 * nothing has changed: cancelled or failed, the unfinished file is thrown away. No rows, no entry.
 */
export async function commitCatalogue<Refusal>(
  input: CommitInput<Refusal> & {
    readonly host: CommitHost;
    readonly what: 'items' | 'bins';
    readonly source: string;
    /** What is said together with the rows. */
    readonly facts?: readonly CatalogueFact[];
  },
): Promise<Result<{ readonly rows: number }, Refusal | HostError | ImportFailure>> {
  const { host, what, source, appendFacts, pages, onProgress, signal, facts = [] } = input;
  const begun = await host.beginCatalogueFile({ what });
  if (!begun.ok) return begun;
  const { file } = begun.value;
  const giveUp = async <Problem>(problem: Problem): Promise<{ readonly ok: false; readonly error: Problem }> => {
    // A file that cannot be thrown away is forgotten by the host at its next start.
    await host.discardCatalogueFile({ file });
    return err(problem);
  };
  let rows = 0;
  for await (const page of pages) {
    if (signal?.aborted === true) return giveUp({ code: 'cancelled' as const });
    if (!page.ok) return giveUp(page.error);
    if (page.value.kind !== 'lines') throw new Error('commitCatalogue: opening facts are not catalogue rows');
    const written = await host.appendCatalogueRows({ file, lines: page.value.lines, rows: page.value.rows });
    if (!written.ok) return giveUp(written.error);
    rows += page.value.rows;
    onProgress?.(rows);
  }
  if (signal?.aborted === true) return giveUp({ code: 'cancelled' as const });
  if (rows === 0) {
    // A blocked import, or one with nothing new, has no rows; an empty snapshot would take every item away.
    await host.discardCatalogueFile({ file });
    return ok({ rows });
  }
  const sealed = await host.sealCatalogueFile({ file });
  if (!sealed.ok) return giveUp(sealed.error);
  const imported: Fact[] = [
    {
      kind: 'catalogue_imported',
      what,
      sha256: sealed.value.sha256,
      rows: sealed.value.rows,
      source: source.slice(0, 260),
    },
    ...facts,
  ];
  // Nearly always one call, saved whole or not at all.
  for (let from = 0; from < imported.length; from += MOST_FACTS) {
    const said = await appendFacts(imported.slice(from, from + MOST_FACTS));
    if (!said.ok) return said;
  }
  return ok({ rows });
}

/**
 * Appends opening stock, a page of facts at a time. A page is taken whole or not at all; cancelling keeps the pages that
 * are in, and importing the rest again finds them there (`already_has_opening`). `rows` says how many are in.
 */
export async function commitStock<Refusal>(
  input: CommitInput<Refusal>,
): Promise<Result<{ readonly rows: number }, { readonly rows: number; readonly cause: Refusal | ImportFailure }>> {
  let rows = 0;
  for await (const page of input.pages) {
    if (input.signal?.aborted === true) return err({ rows, cause: { code: 'cancelled' as const } });
    if (!page.ok) return err({ rows, cause: page.error });
    if (page.value.kind !== 'facts') throw new Error('commitStock: catalogue rows are not opening facts');
    if (page.value.facts.length === 0) continue;
    const taken = await input.appendFacts(page.value.facts);
    if (!taken.ok) return err({ rows, cause: taken.error });
    rows += page.value.rows;
    input.onProgress?.(rows);
  }
  return ok({ rows });
}
