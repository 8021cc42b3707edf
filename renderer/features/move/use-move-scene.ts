import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Item } from '../../../shared/domain/item.ts';
import { proposedByName, readScan } from '../../shelf/read-scan.ts';
import type { ScanQuestion } from '../../shelf/scan-question.tsx';
import { createScanQueue } from '../../shelf/scan-queue.ts';
import { typedBefore } from '../../shelf/typed-quantity.ts';
import { useFeedback } from '../../shelf/use-feedback.ts';
import { useQuestion } from '../../shelf/use-question.ts';
import { askWhich } from '../../shelf/ask-which.ts';
import { catalogueReady } from '../../shelf/catalogue-ready.ts';
import { useWaitingScans } from '../../shelf/use-waiting-scans.ts';
import { useScans, type CapturedScan } from '../../scan/scans.tsx';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useMoving } from '../../stores/moving.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { addItem, takeBack, takeMove, type MoveScene } from './take-move.ts';

/** What the move screen can do. Everything goes through one queue, in the order it was asked for. */
export type Moves = {
  readonly question: ScanQuestion | undefined;
  undo(): void;
  takeItem(item: Item): void;
  takeBin(bin: string): void;
};

/**
 * The move screen's behaviour: scans, typed quantities and chosen names become one entry with the bin it goes to.
 * One piece: every act runs in one queue.
 */
export function useMoveScene(): Moves {
  const { t } = useTranslation(['move', 'count']);
  const { ledger, host } = useTallybook();
  const feedback = useFeedback();
  const errorText = useErrorText();
  const { question, put } = useQuestion<ScanQuestion>();

  const scene: MoveScene = {
    ledger,
    words: {
      say: (key, values) => t(`say.${key}`, values ?? {}),
      damaged: (damage) => t(`count:damage.${damage}`),
      error: errorText,
    },
    from: () => useMoving.getState().from,
    lines: () => useMoving.getState().lines,
    setFrom: (bin) => useMoving.getState().setFrom(bin),
    setLines: (next) => useMoving.getState().setLines(next),
    done: () => useMoving.getState().done,
    setDone: (done) => useMoving.getState().setDone(done),
    setTyped: (text) => useMoving.getState().setTyped(text),
    which: (choices) => put((answer) => ({ kind: 'which', choices, answer })),
    whichBin: (bins) => put((answer) => ({ kind: 'which_bin', bins, answer })),
    whichKind: (code, options) => put((answer) => ({ kind: 'which_kind', code, options, answer })),
    again: (typed) => put((answer) => ({ kind: 'again', typed, answer })),
  };
  // The queue outlives renders; what it does must be what the newest render means.
  const latest = useRef(scene);
  useEffect(() => {
    latest.current = scene;
  });

  const queue = useMemo(() => {
    function say(outcome: LastScan | undefined): void {
      if (outcome === undefined) return;
      useMoving.getState().show(outcome);
      feedback(outcome);
    }
    return createScanQueue<() => Promise<LastScan | undefined>>(
      async (act) => say(await act()),
      () => undefined,
      (error) => {
        say({ outcome: 'not-taken', title: t('title'), message: t('count:say.broken') });
        void host.log({ level: 'error', event: 'move_broke', facts: { detail: String(error).slice(0, 2000) } });
      },
    );
  }, [host, feedback, t]);

  const waiting = useWaitingScans(question !== undefined);

  function takeTyped(): string {
    const { typed, setTyped } = useMoving.getState();
    setTyped('');
    return typed;
  }

  // What is typed, and what can be taken back, ends with the screen and with the person.
  useEffect(
    () => () => {
      useMoving.getState().setTyped('');
      useMoving.getState().setDone([]);
    },
    [],
  );

  async function take(scan: CapturedScan, typed: string): Promise<LastScan | undefined> {
    await catalogueReady(ledger);
    const known = { catalogue: ledger.catalogue(), bins: [], year: new Date().getFullYear() };
    const meaning = readScan(scan, known);
    const which = scan.doubt === true ? await askWhich(scan.text, meaning, ledger.catalogue(), put) : 'scanned';
    switch (which) {
      case 'scanned':
        return takeMove(meaning, typed, latest.current);
      case 'typed':
        useMoving.getState().setTyped(`${typed}${scan.text}`);
        return undefined;
      case undefined:
        return { outcome: 'not-taken', title: scan.text, isCode: true, message: t('count:say.neither') };
    }
  }

  useScans((scan) => {
    const typed = typedBefore(scan, takeTyped());
    queue.add(() => take(scan, typed));
    waiting.wait(queue.size() - 1);
  });

  return {
    question,
    undo: () => queue.add(() => takeBack(latest.current)),
    takeItem: (item) => {
      const typed = takeTyped();
      queue.add(() => addItem(proposedByName(item), typed, latest.current));
    },
    takeBin: (bin) => queue.add(() => takeMove({ kind: 'bin', bin }, '', latest.current)),
  };
}
