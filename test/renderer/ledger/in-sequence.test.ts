import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sealedAfter } from '../../../renderer/ledger/in-sequence.ts';
import { createWriter } from '../../../renderer/ledger/writer.ts';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, fold, foldLedger } from '../../../shared/domain/ledger-state.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import type { Host } from '../../../shared/ports/host.ts';
import { changed, createHistory } from '../../shared/domain/history.ts';
import { code } from './page.ts';

type Schedule = { schedule(work: Promise<void>, label: string): Promise<unknown> };

/** A host that seals in order and answers when the schedule lets it, and a page over it. */
function deskAndPage(schedule: Schedule, isRead: () => boolean = () => true) {
  const history = createHistory();
  const copy: LedgerEntry[] = [];
  const folded: number[] = [];
  const state = emptyLedgerState();
  const checkpoints: string[][] = [];
  let durable = 0;
  const seal = (facts: readonly Parameters<typeof history.say>[1][]) =>
    facts.map((fact) => history.say(history.entries.length, fact));
  const readJournal: Host['readJournal'] = async ({ fromSeq, limit }) => {
    await schedule.schedule(Promise.resolve(), 'read');
    if (!isRead()) return err({ code: 'host_failed' });
    const entries = history.entries.slice(fromSeq - 1, Math.min(durable, fromSeq - 1 + limit));
    const next = fromSeq + entries.length;
    return ok({ entries, ...(entries.length > 0 && next <= durable && { nextSeq: next }) });
  };
  const writer = createWriter({
    mend: async () => ok(null),
    host: {
      async append({ facts }) {
        const entries = seal(facts);
        const ticket = entries.at(-1)?.seq ?? 0;
        await schedule.schedule(Promise.resolve(), 'append');
        return ok({ entries, ticket });
      },
      async synced({ ticket }) {
        await schedule.schedule(Promise.resolve(), 'synced');
        durable = Math.max(durable, ticket);
        return ok({});
      },
      readJournal,
    },
    async insert(entries) {
      await schedule.schedule(Promise.resolve(), 'insert');
      const held = new Set(copy.map(({ seq }) => seq));
      copy.push(...entries.filter(({ seq }) => !held.has(seq)));
      return ok(null);
    },
    takeBack: async () => ok(null),
    newest: (device) => state.devices.get(device)?.seq ?? 0,
    fold(entries) {
      for (const entry of entries) {
        folded.push(entry.seq);
        expect(fold(state, entry)).toBe('folded');
      }
      checkpoints.push(packState(state));
    },
  });
  /** The host seals of its own accord and tells the page, or does not. */
  async function hostSeals(isTold: boolean): Promise<string> {
    const entries = seal([changed('-2', { item: 'OIL', reason: 'sale' }), changed('1', { item: 'TEA' })]);
    durable = Math.max(durable, entries.at(-1)?.seq ?? 0);
    if (!isTold) return 'ok';
    await schedule.schedule(Promise.resolve(), 'answer');
    return code(await writer.takeIn(entries));
  }
  return { writer, history, copy, folded, state, checkpoints, hostSeals, readJournal };
}

const order = (entries: number) => Array.from({ length: entries }, (_, at) => at + 1);

describe('entries in the order of the journal', () => {
  test('O162 whatever the host seals in between, and whenever its answers come, the page folds it in sequence', async () => {
    const step = fc.constantFrom('count', 'count', 'host', 'silent host');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), fc.scheduler(), async (steps, schedule) => {
        const page = deskAndPage(schedule);
        const answers = steps.map((name) =>
          name === 'count' ? page.writer.append([changed('1')]).then(code) : page.hostSeals(name === 'host'),
        );
        answers.push(page.writer.append([changed('1')]).then(code));
        await schedule.waitFor(Promise.all(answers));
        expect(new Set(await Promise.all(answers))).toEqual(new Set(['ok']));
        await schedule.waitFor(
          sealedAfter(page, page.folded.length, { device: 'd1' }).then((rest) =>
            rest.ok ? page.writer.takeIn(rest.value) : rest,
          ),
        );
        const { entries } = page.history;
        expect(page.folded).toEqual(order(entries.length));
        expect(page.copy.map(({ seq }) => seq).toSorted((left, right) => left - right)).toEqual(order(entries.length));
        expect(page.state).toEqual(foldLedger(entries));
        for (const pages of page.checkpoints) {
          const begun = unpackState(pages);
          if (begun === undefined) throw new Error('a checkpoint cannot be read');
          for (const entry of entries.slice(begun.devices.get('d1')?.seq ?? 0)) fold(begun, entry);
          expect(begun).toEqual(foldLedger(entries));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('O163 a hole that cannot be read is never folded over: nothing more is accepted until it can be', async () => {
    const atOnce: Schedule = { schedule: (work) => work };
    let isReadable = false;
    const page = deskAndPage(atOnce, () => isReadable);
    await page.hostSeals(false);
    expect(code(await page.writer.append([changed('1')]))).toBe('host_failed');
    expect(page.folded).toEqual([]);
    const sealed = page.history.entries.length;
    expect(code(await page.writer.append([changed('1')]))).toBe('host_failed');
    expect([page.folded, page.history.entries.length]).toEqual([[], sealed]);
    isReadable = true;
    expect(code(await page.writer.append([changed('1')]))).toBe('ok');
    expect(page.folded).toEqual(order(page.history.entries.length));
  });
});
