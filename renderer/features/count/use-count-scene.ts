import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { lineKey } from '../../../shared/domain/line-key.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { formatQuantity, ONE } from '../../../shared/domain/quantity.ts';
import { looksLikeBarcode, parseQuantityEntry, SURPRISING_QUANTITY } from '../../../shared/domain/quantity-entry.ts';
import type { Item } from '../../../shared/domain/item.ts';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import { countPath } from '../../app/place-path.ts';
import { soundAndSay, spokenText } from '../../app/scanning/feedback.ts';
import { useScans, type CapturedScan } from '../../app/scans.tsx';
import { useTallybook } from '../../app/tallybook-context.tsx';
import type { Place } from '../../ledger/ledger.ts';
import { useCounting } from '../../stores/counting.ts';
import type { LastScan } from '../../ui/scan-card.tsx';
import { useFormats } from '../../ui/format.ts';
import { finishBin, openBin, type AskBin, type BinRefusal } from './bin-flow.ts';
import type { Question, SkipReason } from './questions.tsx';
import { readScan } from '../../app/scanning/read-scan.ts';
import { createScanQueue } from '../../app/scanning/scan-queue.ts';
import { showStatement } from './statements.ts';
import { attach, takeItem, takeScan, type Ask, type LastCount, type Scene } from './take-scan.ts';
import { useWords } from './words.ts';

/** A scan as it came in, with the quantity that stood on the strip at that moment. */
type Queued = { readonly scan: CapturedScan; readonly typed: string };

/** What the counting screen can do. Everything goes through one queue, in the order it was asked for. */
export type CountScene = {
  readonly question: Question | undefined;
  open(bin: string): void;
  finish(): void;
  undo(): void;
  redo(): void;
  empty(): void;
  skip(): void;
  /** Sets the selected line to what is typed. */
  setLine(line: CountLine): void;
  /** One more or one less on a line. */
  step(line: CountLine, by: 1n | -1n): void;
  countItem(item: Item): void;
  attachLot(lot: string): void;
};

/** The counting screen's behaviour: scans, typed quantities and keys become statements of the ledger, one after another. */
export function useCountScene(stocktake: string, pass: number, bin: string | undefined): CountScene {
  const { t } = useTranslation('count');
  const { ledger, sounds, people, host } = useTallybook();
  const words = useWords();
  const formats = useFormats();
  const [, go] = useLocation();
  const [question, setQuestion] = useState<Question>();
  const current = useRef(openAt(bin));
  const lastCount = useRef<LastCount>(undefined);

  /** The address may name a bin before its sheet is open. */
  function openAt(named: string | undefined): string | undefined {
    if (named === undefined) return undefined;
    return ledger.sheet({ stocktake, pass, bin: named })?.state === 'open' ? named : undefined;
  }

  /** Shows a question and waits; the scans behind it wait too. */
  const put = useCallback(<Answer>(make: (answer: (given: Answer) => void) => Question): Promise<Answer> => {
    return new Promise((resolve) => {
      setQuestion(
        make((given) => {
          setQuestion(undefined);
          resolve(given);
        }),
      );
    });
  }, []);

  const nameOf = (id: string): string => people.find((person) => person.id === id)?.name ?? id;
  const ask: Ask & AskBin = {
    which: (choices) => put((answer) => ({ kind: 'which', choices, answer })),
    whichBin: (bins) => put((answer) => ({ kind: 'which_bin', bins, answer })),
    again: (typed) => put((answer) => ({ kind: 'again', typed, answer })),
    notOnSheet: (bin) => put((answer) => ({ kind: 'not_on_sheet', bin, answer })),
    countedBefore: (bin, by, at) => put((answer) => ({ kind: 'counted_before', bin, who: nameOf(by), at: formats.moment(at, new Date().toISOString()), answer })),
    unseen: (bin, names) => put((answer) => ({ kind: 'unseen', bin, names, answer })),
    nothingCounted: (bin) => put((answer) => ({ kind: 'nothing_counted', bin, answer })),
  };

  const place = (): Place | undefined => (current.current === undefined ? undefined : { stocktake, pass, bin: current.current });

  function moveTo(next: string | undefined): void {
    current.current = next;
    lastCount.current = undefined;
    useCounting.getState().select(undefined);
    go(countPath(stocktake, pass, next));
  }

  function refused(title: string, error: BinRefusal): LastScan | undefined {
    return error.code === 'went_back' ? undefined : { outcome: 'not-taken', title, isCode: true, message: words.error(error) };
  }

  async function close(): Promise<LastScan | undefined | 'closed'> {
    const here = place();
    if (here === undefined) return 'closed';
    const finished = await finishBin(here, ledger, ask);
    return finished.ok ? 'closed' : refused(here.bin, finished.error);
  }

  async function enter(bin: string): Promise<LastScan | undefined> {
    const here = place();
    if (here !== undefined && binKey(here.bin) === binKey(bin)) {
      const sheet = ledger.sheet(here);
      const touched = (sheet?.lines.size ?? 0) + (sheet?.unknowns.size ?? 0) > 0;
      // The label of the bin one stands in closes it, but a label read twice on arrival must not.
      return touched ? finish() : { outcome: 'look', title: bin, isCode: true, message: t('say.hereAlready') };
    }
    const closed = await close();
    if (closed !== 'closed') return closed;
    const opened = await openBin({ stocktake, pass, bin }, ledger, ask);
    if (!opened.ok) {
      moveTo(undefined);
      return refused(bin, opened.error);
    }
    moveTo(bin);
    return { outcome: 'taken', title: bin, isCode: true, message: t('say.binOpen') };
  }

  async function finish(): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return { outcome: 'look', title: t('title'), message: words.binFirst() };
    const closed = await close();
    if (closed !== 'closed') return closed;
    moveTo(undefined);
    return { outcome: 'taken', title: here.bin, isCode: true, message: t('say.binDone') };
  }

  async function undoOrRedo(which: 'undo' | 'redo'): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return { outcome: 'look', title: t('title'), message: words.binFirst() };
    lastCount.current = undefined;
    const undone = which === 'undo' ? await ledger.undo(here) : undefined;
    if (undone?.ok) return showStatement(undone.value.undone, -1n, here, ledger, t('say.undone'));
    const redone = which === 'redo' ? await ledger.redo(here) : undefined;
    if (redone?.ok) return showStatement(redone.value.redone, 1n, here, ledger, t('say.redone'));
    const failed = undone ?? redone;
    if (failed === undefined || failed.ok) return undefined;
    const nothing = failed.error.code === 'nothing_to_undo' && which === 'redo' ? t('say.nothingToRedo') : words.error(failed.error);
    return { outcome: 'not-taken', title: here.bin, isCode: true, message: nothing };
  }

  async function confirmEmpty(): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return { outcome: 'look', title: t('title'), message: words.binFirst() };
    const counted = [...(ledger.sheet(here)?.lines.values() ?? [])].some((line) => line.counted !== 0n);
    if (!(await put<boolean>((answer) => ({ kind: 'empty', bin: here.bin, counted, answer })))) return undefined;
    const confirmed = await ledger.confirmEmpty(here);
    if (!confirmed.ok) return refused(here.bin, confirmed.error);
    moveTo(undefined);
    return { outcome: 'taken', title: here.bin, isCode: true, message: t('say.binEmpty') };
  }

  async function skipBin(): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return { outcome: 'look', title: t('title'), message: words.binFirst() };
    const reason = await put<SkipReason | undefined>((answer) => ({ kind: 'skip', bin: here.bin, answer }));
    if (reason === undefined) return undefined;
    const skipped = await ledger.skipBin(here, reason);
    if (!skipped.ok) return refused(here.bin, skipped.error);
    moveTo(undefined);
    return { outcome: 'taken', title: here.bin, isCode: true, message: t('say.binSkipped') };
  }

  const scene: Scene = {
    ledger,
    ask,
    words,
    place,
    openBin: enter,
    runCommand: (command) => {
      switch (command) {
        case 'undo':
        case 'redo':
          return undoOrRedo(command);
        case 'empty':
          return confirmEmpty();
        case 'done':
          return finish();
        case 'recount':
          return Promise.resolve({ outcome: 'look', title: t('title'), message: t('say.noRecount') });
      }
    },
    lastCount: () => lastCount.current,
    setLastCount: (last) => {
      lastCount.current = last;
      if (last !== undefined) useCounting.getState().select(lineKey({ item: last.count.item, bin: last.place.bin, lot: last.count.lot }));
    },
    setTyped: (typed) => useCounting.getState().setTyped(typed),
  };

  async function setLineTo(line: CountLine, typed: string): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return undefined;
    const item = ledger.catalogue().item(line.item);
    const title = item?.name ?? line.item;
    const entry = parseQuantityEntry(typed);
    const giveUp = (message: string): LastScan => ({ outcome: 'not-taken', title, lot: line.lot, message });
    if (!entry.ok) {
      scene.setTyped(typed);
      return giveUp(words.error(entry.error));
    }
    const { quantity, entered } = entry.value;
    if ((quantity >= SURPRISING_QUANTITY || looksLikeBarcode(typed)) && !(await ask.again(typed))) return giveUp(words.notSame());
    const set = await ledger.setCount(here, { item: line.item, quantity, entered, ...(line.lot === undefined ? {} : { lot: line.lot }) });
    if (!set.ok) return giveUp(words.error(set.error));
    lastCount.current = undefined;
    const { added, total } = set.value.line;
    return { outcome: 'taken', title, lot: line.lot, added: formatQuantity(added), total: formatQuantity(total), entered };
  }

  async function stepLine(line: CountLine, by: 1n | -1n): Promise<LastScan | undefined> {
    if (by === -1n && line.counted < ONE) return { outcome: 'not-taken', title: ledger.catalogue().item(line.item)?.name ?? line.item, message: t('say.notBelowZero') };
    return setLineTo(line, formatQuantity(line.counted + by * ONE));
  }

  // The queue outlives renders; what it does must be what the newest render means.
  const latest = useRef({ scene, enter, finish, undoOrRedo, confirmEmpty, skipBin, setLineTo, stepLine });
  useEffect(() => {
    latest.current = { scene, enter, finish, undoOrRedo, confirmEmpty, skipBin, setLineTo, stepLine };
  });

  const say = useCallback(
    (last: LastScan | undefined) => {
      if (last === undefined) return;
      useCounting.getState().show(last);
      soundAndSay(last, sounds, spokenText(last, (key, values) => t(key, values)));
    },
    [sounds, t],
  );

  const queue = useMemo(
    () =>
      createScanQueue<() => Promise<LastScan | undefined>>(
        async (act) => say(await act()),
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

  function takeQueued({ scan, typed }: Queued): Promise<LastScan | undefined> {
    const bins = ledger.stocktakes().find(({ id }) => id === stocktake)?.bins ?? [];
    const meaning = readScan(scan, { catalogue: ledger.catalogue(), bins, year: new Date().getFullYear() });
    return takeScan(meaning, typed, latest.current.scene);
  }

  function takeTyped(): string {
    const { typed, setTyped } = useCounting.getState();
    setTyped('');
    return typed;
  }

  useScans((scan) => {
    const typed = takeTyped();
    // A question is open: say so at once, the scan waits behind it.
    if (question !== undefined) sounds.look();
    queue.add(() => takeQueued({ scan, typed }));
  });

  return {
    question,
    open: (next) => queue.add(() => latest.current.enter(next)),
    finish: () => queue.add(() => latest.current.finish()),
    undo: () => queue.add(() => latest.current.undoOrRedo('undo')),
    redo: () => queue.add(() => latest.current.undoOrRedo('redo')),
    empty: () => queue.add(() => latest.current.confirmEmpty()),
    skip: () => queue.add(() => latest.current.skipBin()),
    setLine: (line) => {
      const typed = takeTyped();
      if (typed !== '') queue.add(() => latest.current.setLineTo(line, typed));
    },
    step: (line, by) => queue.add(() => latest.current.stepLine(line, by)),
    countItem: (item) => {
      const typed = takeTyped();
      const proposed = { item, perScan: ONE, pack: undefined, lot: undefined, serial: undefined, expiresOn: undefined, code: item.sku };
      queue.add(() => takeItem(proposed, typed, 'typed', latest.current.scene));
    },
    attachLot: (lot) => queue.add(() => attach({ lot, serial: undefined, expiresOn: undefined, code: lot }, latest.current.scene)),
  };
}
