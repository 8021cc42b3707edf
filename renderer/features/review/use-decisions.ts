import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../../../shared/domain/ledger-entry.ts';
import { useTallybook } from '../../app/tallybook-context.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { approvable, isPast, type ReviewRow } from './review-rows.ts';

export type Decisions = {
  /** Lines decided since the tab was opened: they stay where they are. */
  readonly kept: ReadonlySet<string>;
  /** What was refused or left out, in a sentence, until it is closed. */
  readonly refused: string | undefined;
  readonly reason: string | undefined;
  /** Decides; resolves with the lines that were decided, none when it was refused. */
  decide(decision: Decision, rows: readonly ReviewRow[], reason?: string): Promise<readonly ReviewRow[]>;
  /** The reason of the next decision; for lines that are decided already, of that decision. */
  giveReason(code: string, rows: readonly ReviewRow[]): Promise<void>;
  /** Takes back the decision on these lines; on those decided last when these have none. Gives their keys. */
  undo(rows: readonly ReviewRow[], all: readonly ReviewRow[]): Promise<readonly ReviewRow[]>;
  forget(): void;
  close(): void;
};

/** The decisions a person makes on one batch, one at a time. */
export function useDecisions(batch: string): Decisions {
  const { ledger } = useTallybook();
  const { t } = useTranslation('review');
  const errorText = useErrorText();
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<string>();
  const [reason, setReason] = useState<string>();
  const lastDecided = useRef<readonly string[]>([]);
  // A second press while the first is being written is the same press.
  const busy = useRef(false);

  async function write(decision: Decision, rows: readonly ReviewRow[], why: string | undefined): Promise<readonly ReviewRow[]> {
    busy.current = true;
    const done = await ledger.decide(
      batch,
      rows.map(({ line }) => line),
      decision,
      why,
    );
    busy.current = false;
    if (!done.ok) {
      const { error } = done;
      const name = error.code === 'own_count' ? (rows.find(({ line }) => line.item === error.item)?.name ?? error.item) : '';
      setRefused(error.code === 'own_count' ? t('refused.own_count', { item: name, bin: error.bin }) : errorText(error));
      return [];
    }
    setKept((before) => new Set([...before, ...rows.map(({ line }) => line.key)]));
    setReason(undefined);
    lastDecided.current = decision === 'undecided' ? [] : rows.map(({ line }) => line.key);
    announce(t(`said.${decision}`, { count: rows.length }));
    return rows;
  }

  async function decide(decision: Decision, rows: readonly ReviewRow[], why = reason): Promise<readonly ReviewRow[]> {
    if (busy.current || rows.length === 0) return [];
    setRefused(undefined);
    const { plain, overlapping } = approvable(rows);
    // Two tallies need a choice; a reason given with the decision is that choice.
    const chosen = decision === 'approve' && why !== TWO_PILES ? plain : [...plain, ...overlapping];
    const left = plain.length + overlapping.length - chosen.length;
    if (left > 0) setRefused(t('refused.overlap', { count: left }));
    else if (chosen.length === 0) setRefused(t('refused.posted'));
    return chosen.length === 0 ? [] : write(decision, chosen, why);
  }

  async function giveReason(code: string, rows: readonly ReviewRow[]): Promise<void> {
    const decided = rows.filter(({ line }) => line.decision !== undefined && !isPast(line));
    if (decided.length === 0 || busy.current) {
      setReason((before) => (before === code ? undefined : code));
      return;
    }
    for (const decision of new Set(decided.map(decisionOf))) {
      await write(
        decision,
        decided.filter((row) => decisionOf(row) === decision),
        code,
      );
    }
  }

  async function undo(rows: readonly ReviewRow[], all: readonly ReviewRow[]): Promise<readonly ReviewRow[]> {
    if (busy.current) return [];
    const decided = rows.filter(({ line }) => line.decision !== undefined && !isPast(line));
    const last = new Set(lastDecided.current);
    const chosen = decided.length > 0 ? decided : all.filter(({ line }) => last.has(line.key) && !isPast(line));
    setRefused(chosen.length === 0 ? t('refused.nothing') : undefined);
    return chosen.length === 0 ? [] : write('undecided', chosen, undefined);
  }

  return { kept, refused, reason, decide, giveReason, undo, forget: () => setKept(new Set()), close: () => setRefused(undefined) };
}

function decisionOf({ line }: ReviewRow): Decision {
  return line.decision?.decision ?? 'undecided';
}

/** The reason under which the sum of two people's tallies is approved. */
export const TWO_PILES = 'two_piles';
/** Reasons by their key, 1 to 9. */
export const REASONS = ['damaged', 'expired', 'found', 'missing', 'misplaced', 'issue_not_recorded', 'receipt_not_recorded', 'data_entry_error', 'other'] as const;
