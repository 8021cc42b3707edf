import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Item } from '../../../shared/domain/item.ts';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import { countPath } from '../../tallybook/place-path.ts';
import { proposedByName, readScan, type ScanMeaning } from '../../shelf/read-scan.ts';
import { createScanQueue } from '../../shelf/scan-queue.ts';
import { useFeedback } from '../../shelf/use-feedback.ts';
import { useQuestion } from '../../shelf/use-question.ts';
import { typedBefore } from '../../shelf/typed-quantity.ts';
import { catalogueReady } from '../../shelf/catalogue-ready.ts';
import { askWhich } from '../../shelf/ask-which.ts';
import { useWaitingScans } from '../../shelf/use-waiting-scans.ts';
import { useScans, type CapturedScan } from '../../scan/scans.tsx';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useCounting } from '../../stores/counting.ts';
import { useFormats } from '../../ui/format.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import { answerQuestion } from './answer-question.ts';
import { createCountActions } from './count-actions.ts';
import type { Question } from './questions.tsx';
import { attach, lotOfScan } from './attach-lot.ts';
import type { LastCount } from './scene.ts';
import { takeItem } from './take-item.ts';
import { takeScan } from './take-scan.ts';
import { useWords } from './words.ts';

/** What the counting screen can do. Everything goes through one queue, in the order it was asked for. */
export type CountScene = {
  readonly question: Question | undefined;
  open(bin: string): void;
  /** The address named a bin when the screen came up. */
  arrive(bin: string): void;
  finish(): void;
  undo(): void;
  redo(): void;
  empty(): void;
  skip(): void;
  /** Sets the selected line to what is typed; without a line it says so. */
  setLine(line: CountLine | undefined): void;
  /** One more or one less on a line. */
  step(line: CountLine, by: 1n | -1n): void;
  /** The same for an unknown code that the card shows. */
  setUnknown(code: string): void;
  stepUnknown(code: string, by: 1n | -1n): void;
  choose(line: CountLine): void;
  nothingChosen(): void;
  countItem(item: Item): void;
  attachLot(lot: string): void;
  /** A scan while the lot is asked for: true, it is the lot; false, it was taken as what it is and the question stays. */
  scanLot(scan: CapturedScan): boolean;
};

/**
 * The counting screen's behaviour: scans, typed quantities and keys become statements of the ledger, one after another.
 * One piece: every act runs in one queue and sees the bin that the act before it left open.
 */
export function useCountScene(stocktake: string, pass: number, bin: string | undefined): CountScene {
  const { t } = useTranslation('count');
  const { ledger, people, host } = useTallybook();
  const feedback = useFeedback();
  const words = useWords();
  const formats = useFormats();
  const [, go] = useLocation();
  const { question, asked, put } = useQuestion<Question>();
  /** Scans that came while unseen items are asked about: counted one by one, before the rest is asked about again. */
  const found = useRef<(() => Promise<void>)[]>([]);
  const finishing = useRef(false);
  const current = useRef(openAt(bin));
  const lastCount = useRef<LastCount>(undefined);

  /** The address may name a bin before its sheet is open. */
  function openAt(named: string | undefined): string | undefined {
    if (named === undefined) return undefined;
    return ledger.sheet({ stocktake, pass, bin: named })?.state === 'open' ? named : undefined;
  }

  const nameOf = (id: string): string => people.find((person) => person.id === id)?.name ?? id;
  const actions = createCountActions({
    stocktake,
    pass,
    ledger,
    words,
    ask: {
      which: (choices) => put((answer) => ({ kind: 'which', choices, answer })),
      whichBin: (bins) => put((answer) => ({ kind: 'which_bin', bins, answer })),
      whichKind: (code, options) => put((answer) => ({ kind: 'which_kind', code, options, answer })),
      part: (code, missing, item, texts) => put((answer) => ({ kind: 'part', code, missing, item, texts, answer })),
      again: (typed) => put((answer) => ({ kind: 'again', typed, answer })),
      notOnSheet: (asked) => put((answer) => ({ kind: 'not_on_sheet', bin: asked, answer })),
      countedBefore: (asked, by, at) =>
        put((answer) => ({ kind: 'counted_before', bin: asked, who: nameOf(by), at: formats.moment(at), answer })),
      unseen: (named, unseen) => {
        finishing.current = true;
        const take = found.current.shift();
        return take === undefined
          ? put((answer) => ({ kind: 'unseen', bin: named, unseen, answer }))
          : Promise.resolve({ kind: 'found', take });
      },
      nothingCounted: (asked) => put((answer) => ({ kind: 'nothing_counted', bin: asked, answer })),
      empty: (asked, counted) => put((answer) => ({ kind: 'empty', bin: asked, counted, answer })),
      skip: (asked) => put((answer) => ({ kind: 'skip', bin: asked, answer })),
    },
    bin: () => current.current,
    moveTo: (next) => {
      current.current = next;
      lastCount.current = undefined;
      useCounting.getState().select(undefined);
      // What is typed belongs to one bin.
      useCounting.getState().setTyped('');
      go(countPath(stocktake, pass, next));
    },
    lastCount: () => lastCount.current,
    setLastCount: (last) => {
      lastCount.current = last;
    },
    setTyped: (typed) => useCounting.getState().setTyped(typed),
  });

  // The queue outlives renders; what it does must be what the newest render means.
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });

  const say = useCallback(
    (last: LastScan | undefined) => {
      if (last !== undefined) useCounting.getState().show(last);
      // Card and list are drawn together.
      ledger.tell();
      if (last !== undefined) feedback(last);
    },
    [feedback, ledger],
  );

  const queue = useMemo(
    () =>
      createScanQueue<() => Promise<LastScan | undefined>>(
        async (act) => {
          say(await act());
          finishing.current = false;
          for (const take of found.current.splice(0)) await take();
        },
        (size) => useCounting.getState().setWaiting(size),
        (error) => {
          say({ outcome: 'not-taken', title: t('title'), message: t('say.broken') });
          void host.log({ level: 'error', event: 'scan_broke', facts: { detail: String(error).slice(0, 2000) } });
        },
      ),
    [host, say, t],
  );

  useEffect(() => {
    // While scans are being taken they say where the counter stands; otherwise the address does.
    if (queue.size() === 0) current.current = openAt(bin);
    // oxlint-disable-next-line react/exhaustive-deps -- only a new address says so
  }, [bin, queue]);

  // What is typed ends with the screen, and with the person who typed it.
  useEffect(() => () => useCounting.getState().setTyped(''), []);

  const waiting = useWaitingScans(question !== undefined);

  function takeTyped(): string {
    const { typed, setTyped } = useCounting.getState();
    setTyped('');
    return typed;
  }

  /** An act on the bin that is open now: pressed twice, it finds another bin or none, and is not meant for that. */
  function onThisBin(act: () => Promise<LastScan | undefined>): void {
    const asked = current.current;
    queue.add(() => (asked === current.current ? act() : Promise.resolve(undefined)));
  }

  async function take(scan: CapturedScan, typed: string): Promise<LastScan | undefined> {
    await catalogueReady(ledger);
    const meaning = meaningOf(scan);
    const which = scan.doubt === true ? await askWhich(scan.text, meaning, ledger.catalogue(), put) : 'scanned';
    switch (which) {
      case 'scanned': {
        const last = await takeScan(meaning, typed, latest.current.scene);
        const left = typed !== '' && last?.opensBin === true;
        return left ? { ...last, message: `${last.message ?? ''} ${t('say.typedLeft', { typed })}` } : last;
      }
      case 'typed':
        return takeNumber(`${typed}${scan.text}`, scan.endedBy === 'Enter');
      case undefined:
        return { outcome: 'not-taken', title: scan.text, isCode: true, message: t('say.neither') };
    }
  }

  /** A number that looked like a scan: with its Enter it sets the line, without it waits for a scan. */
  function takeNumber(typed: string, setsLine: boolean): Promise<LastScan | undefined> {
    const { unknown } = useCounting.getState();
    const line = setsLine ? selectedLine() : undefined;
    if (line !== undefined) return latest.current.setLineTo(line, typed);
    if (setsLine && unknown !== undefined) return latest.current.setUnknownTo(unknown, typed);
    useCounting.getState().setTyped(typed);
    return Promise.resolve(setsLine ? noLine(typed) : undefined);
  }

  function selectedLine(): CountLine | undefined {
    const here = current.current;
    const lines = here === undefined ? [] : ledger.lines({ stocktake, pass, bin: here });
    const { selected } = useCounting.getState();
    return selected === null ? undefined : (lines.find(({ key }) => key === selected) ?? lines[0]);
  }

  function noLine(typed: string): LastScan {
    useCounting.getState().endTyped();
    return { outcome: 'look', title: typed, message: t('say.noLine') };
  }

  function meaningOf(scan: { text: string; usText: string }): ScanMeaning {
    const bins = ledger.state().stocktakes.get(stocktake)?.bins ?? [];
    return readScan(scan, {
      catalogue: ledger.catalogue(),
      bins,
      site: current.current === undefined ? undefined : ledger.catalogue().bin(current.current)?.site,
      year: new Date().getFullYear(),
    });
  }

  useScans((scan) => {
    // The quantity that stands on the strip now belongs to this scan, however long the queue is.
    const typed = typedBefore(scan, takeTyped());
    const takeNow = async () => say(await take(scan, typed));
    const open = asked();
    const answer = open === undefined ? 'kept' : answerQuestion(open, meaningOf(scan));
    if (answer === 'answered') return;
    if (open?.kind === 'unseen' && answer === 'found') open.answer({ kind: 'found', take: takeNow });
    else if (open === undefined && finishing.current) found.current.push(takeNow);
    else {
      queue.add(() => take(scan, typed));
      if (answer === 'kept') waiting.wait(queue.size() - 1);
    }
  });

  return {
    question,
    arrive: (named) => queue.add(() => latest.current.arrive(named)),
    open: (next) => queue.add(() => latest.current.enter(next)),
    finish: () => onThisBin(() => latest.current.finish()),
    undo: () => queue.add(() => latest.current.undoOrRedo('undo')),
    redo: () => queue.add(() => latest.current.undoOrRedo('redo')),
    empty: () => onThisBin(() => latest.current.confirmEmpty()),
    skip: () => onThisBin(() => latest.current.skipBin()),
    setLine: (line) => {
      const { typed } = useCounting.getState();
      if (typed === '') return;
      if (line === undefined) {
        queue.add(() => Promise.resolve(noLine(typed)));
        return;
      }
      takeTyped();
      queue.add(() => latest.current.setLineTo(line, typed));
    },
    setUnknown: (code) => {
      const typed = takeTyped();
      if (typed !== '') queue.add(() => latest.current.setUnknownTo(code, typed));
    },
    stepUnknown: (code, by) => queue.add(() => latest.current.stepUnknown(code, by)),
    // At once: the next arrow walks on from here.
    choose: (line) => say(latest.current.chooseLine(line)),
    nothingChosen: () => queue.add(() => latest.current.nothingChosen()),
    step: (line, by) => queue.add(() => latest.current.stepLine(line, by)),
    countItem: (item) => {
      const typed = takeTyped();
      queue.add(() => takeItem(proposedByName(item), typed, 'typed', latest.current.scene));
    },
    scanLot: (scan) => {
      const part = lotOfScan(meaningOf(scan), latest.current.scene);
      queue.add(() => (part === undefined ? take(scan, '') : attach(part, latest.current.scene)));
      return part !== undefined;
    },
    attachLot: (lot) =>
      queue.add(() => attach({ lot, serial: undefined, expiresOn: undefined, code: lot }, latest.current.scene)),
  };
}
