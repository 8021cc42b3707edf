import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../../../shared/domain/ledger-entry.ts';
import { TWO_PILES } from '../../../shared/domain/reason.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { approvable, isPast, type ReviewRow } from './review-rows.ts';

export type Decisions = {
  /** Lines decided since the tab was opened: they stay where they are. */
  readonly kept: ReadonlySet<string>;
  /** Decisions on their way into the ledger, by line: shown at once, as if they were there. */
  readonly pending: ReadonlyMap<string, Decision>;
  /** What was refused or left out, in a sentence, until it is closed. */
  readonly refused: string | undefined;
  readonly reason: string | undefined;
  /** Decides and answers at once with the lines that it is about; none when there is nothing to decide. */
  decide(decision: Decision, rows: readonly ReviewRow[], reason?: string): readonly ReviewRow[];
  /** The reason of the next decision; for lines that are decided already, of that decision. */
  giveReason(code: string, rows: readonly ReviewRow[]): void;
  /** Takes back the decisions on these lines; without lines, all of what this person's last press decided. */
  undo(rows: readonly ReviewRow[], then: (first: string) => void): void;
  forget(): void;
  /** Says why something was not done. */
  refuse(why: string): void;
  close(): void;
};

const NOTHING: ReadonlyMap<string, Decision> = new Map();

/**
 * The decisions a person makes on one batch: seen at once, written one after another in the order in which they were made.
 * One piece: what is seen at once and what is written share the queue.
 */
export function useDecisions(batch: string): Decisions {
  const { ledger } = useTallybook();
  const { t } = useTranslation('review');
  const errorText = useErrorText();
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [pending, setPending] = useState(NOTHING);
  const [refused, setRefused] = useState<string>();
  const [reason, setReason] = useState<string>();
  const queue = useRef<Promise<void>>(Promise.resolve());

  async function write(decision: Decision, rows: readonly ReviewRow[], why: string | undefined): Promise<void> {
    const done = await ledger.decide(
      batch,
      rows.map(({ line }) => line),
      decision,
      why,
    );
    // A later decision on the same line may be waiting: only what this one said is taken off.
    setPending((before) => {
      const next = new Map(before);
      for (const { line } of rows) if (next.get(line.key) === decision) next.delete(line.key);
      return next;
    });
    if (done.ok) {
      announce(t(`said.${decision}`, { count: rows.length }));
      return;
    }
    const { error } = done;
    const name = error.code === 'own_count' ? ledger.catalogue().name(error.item) : '';
    setRefused(
      error.code === 'own_count'
        ? t('refused.own_count', { item: name, bin: ledger.catalogue().binName(error.bin) })
        : errorText(error),
    );
  }

  function put(decision: Decision, rows: readonly ReviewRow[], why: string | undefined): readonly ReviewRow[] {
    const keys = rows.map(({ line }) => line.key);
    setPending((before) => new Map([...before, ...keys.map((key): [string, Decision] => [key, decision])]));
    setKept((before) => new Set([...before, ...keys]));
    setReason(undefined);
    queue.current = queue.current.then(() => write(decision, rows, why));
    return rows;
  }

  function decide(decision: Decision, rows: readonly ReviewRow[], why = reason): readonly ReviewRow[] {
    if (rows.length === 0) return [];
    const { plain, overlapping } = approvable(rows);
    // Two tallies need a choice; a reason given with the decision is that choice.
    const chosen = decision === 'approve' && why !== TWO_PILES ? plain : [...plain, ...overlapping];
    const left = plain.length + overlapping.length - chosen.length;
    setRefused(
      left > 0 ? t('refused.overlap', { count: left }) : chosen.length === 0 ? t('refused.posted') : undefined,
    );
    return chosen.length === 0 ? [] : put(decision, chosen, why);
  }

  function giveReason(code: string, rows: readonly ReviewRow[]): void {
    const decided = rows.filter(({ line }) => line.decision !== undefined && !isPast(line));
    if (decided.length === 0) setReason((before) => (before === code ? undefined : code));
    for (const decision of new Set(decided.map(decisionOf))) {
      put(
        decision,
        decided.filter((row) => decisionOf(row) === decision),
        code,
      );
    }
  }

  function undo(rows: readonly ReviewRow[], then: (first: string) => void): void {
    const decided = rows.filter(({ line }) => (line.decision !== undefined || pending.has(line.key)) && !isPast(line));
    setRefused(undefined);
    if (rows.length === 0) queue.current = queue.current.then(() => takeBackLast(then));
    else if (decided.length === 0) setRefused(t('refused.nothing'));
    else put('undecided', decided, undefined);
  }

  async function takeBackLast(then: (first: string) => void): Promise<void> {
    const undone = await ledger.undoDecision(batch);
    if (!undone.ok) {
      setRefused(undone.error.code === 'nothing_to_undo' ? t('refused.nothing') : errorText(undone.error));
      return;
    }
    const { lines, left } = undone.value;
    setKept((before) => new Set([...before, ...lines]));
    if (left > 0) setRefused(t('refused.stays', { count: left }));
    announce(t('said.undecided', { count: lines.length }));
    if (lines[0] !== undefined) then(lines[0]);
  }

  return {
    kept,
    pending,
    refused,
    reason,
    decide,
    giveReason,
    undo,
    forget: () => setKept(new Set()),
    refuse: setRefused,
    close: () => setRefused(undefined),
  };
}

function decisionOf({ line }: ReviewRow): Decision {
  return line.decision?.decision ?? 'undecided';
}
