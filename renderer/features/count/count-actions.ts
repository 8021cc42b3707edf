import { binKey } from '../../../shared/domain/location.ts';
import type { CountLine } from '../../../shared/domain/stocktake.ts';
import type { Ledger, Place } from '../../ledger/ledger.ts';
import type { LastScan } from '../../shelf/scan-card.tsx';
import { finishBin, openBin, type AskBin, type BinRefusal } from './bin-flow.ts';
import type { SkipReason } from './questions.tsx';
import { setLineTo, setUnknownTo, stepLine, stepUnknown } from './set-line.ts';
import { showBin, showLine, showStatement } from './statements.ts';
import type { Ask, LastCount, Scene } from './scene.ts';
import type { Words } from './words.ts';

/** Every question of the counting screen; each resolves when the person has answered. */
export type CountQuestions = Ask &
  AskBin & {
    empty(bin: string, counted: boolean): Promise<boolean>;
    skip(bin: string): Promise<SkipReason | undefined>;
  };

export type CountParts = {
  readonly stocktake: string;
  readonly pass: number;
  readonly ledger: Ledger;
  readonly ask: CountQuestions;
  readonly words: Words;
  /** The open bin: kept outside, as scans in the queue must see what the scan before them opened. */
  bin(): string | undefined;
  /** Remembers the open bin and goes to its address. */
  moveTo(bin: string | undefined): void;
  lastCount(): LastCount | undefined;
  setLastCount(last: LastCount | undefined): void;
  setTyped(typed: string): void;
};

/** What came of an act, for the card; undefined: the person went back and nothing changed. */
type Act = Promise<LastScan | undefined>;

export type CountActions = {
  readonly scene: Scene;
  enter(bin: string): Act;
  arrive(bin: string): Act;
  finish(): Act;
  undoOrRedo(which: 'undo' | 'redo'): Act;
  confirmEmpty(): Act;
  skipBin(): Act;
  setLineTo(line: CountLine, typed: string): Act;
  stepLine(line: CountLine, by: 1n | -1n): Act;
  setUnknownTo(code: string, typed: string): Act;
  stepUnknown(code: string, by: 1n | -1n): Act;
  /** Shows a line that was chosen, so that the card says what the keys act on. */
  chooseLine(line: CountLine): LastScan;
  /** A key that needs a line, while the card shows none. */
  nothingChosen(): Act;
};

/**
 * What can be done on the counting screen, each as one act of the queue. Success is said only after the ledger answered.
 * One piece: a table of acts over the same parts.
 */
export function createCountActions(parts: CountParts): CountActions {
  const { stocktake, pass, ledger, ask, words, moveTo } = parts;
  const { say } = words;

  function place(): Place | undefined {
    const bin = parts.bin();
    return bin === undefined ? undefined : { stocktake, pass, bin };
  }

  function noBin(): LastScan {
    return { outcome: 'look', title: say('title'), message: words.binFirst() };
  }

  const nameOf = (bin: string): string => ledger.catalogue().binName(bin);
  function refused(title: string, error: BinRefusal): LastScan | undefined {
    return error.code === 'went_back'
      ? undefined
      : { outcome: 'not-taken', title, isCode: true, message: words.error(error) };
  }

  async function close(): Promise<LastScan | undefined | 'closed'> {
    const here = place();
    if (here === undefined) return 'closed';
    const finished = await finishBin(here, ledger, ask);
    return finished.ok ? 'closed' : refused(nameOf(here.bin), finished.error);
  }

  async function enter(bin: string): Promise<LastScan | undefined> {
    const here = place();
    if (here !== undefined && binKey(here.bin) === binKey(bin)) {
      const sheet = ledger.sheet(here);
      const touched = (sheet?.lines.size ?? 0) + (sheet?.unknowns.size ?? 0) > 0;
      // The label of the bin one stands in closes it, but a label read twice on arrival must not.
      return touched ? finish() : { outcome: 'look', title: bin, isCode: true, message: say('hereAlready') };
    }
    const closed = await close();
    if (closed !== 'closed') return closed;
    const opened = await openBin({ stocktake, pass, bin }, ledger, ask);
    if (!opened.ok) {
      moveTo(undefined);
      return refused(nameOf(bin), opened.error);
    }
    moveTo(bin);
    return showBin({ stocktake, pass, bin }, ledger, words);
  }

  /** The address named a bin: one that is open already is shown as it stands, any other is opened. */
  async function arrive(bin: string): Promise<LastScan | undefined> {
    const here = { stocktake, pass, bin };
    return ledger.sheet(here)?.state === 'open' ? showBin(here, ledger, words) : enter(bin);
  }

  async function finish(): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return noBin();
    const closed = await close();
    if (closed !== 'closed') return closed;
    moveTo(undefined);
    return { outcome: 'taken', title: nameOf(here.bin), isCode: true, message: say('binDone') };
  }

  async function undoOrRedo(which: 'undo' | 'redo'): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return noBin();
    parts.setLastCount(undefined);
    const undone = which === 'undo' ? await ledger.undo(here) : undefined;
    if (undone?.ok) return showStatement(undone.value.undone, -1n, here, ledger, say('undone'));
    const redone = which === 'redo' ? await ledger.redo(here) : undefined;
    if (redone?.ok) return showStatement(redone.value.redone, 1n, here, ledger, say('redone'));
    const failed = undone ?? redone;
    if (failed === undefined || failed.ok) return undefined;
    const nothing =
      failed.error.code === 'nothing_to_undo' && which === 'redo' ? say('nothingToRedo') : words.error(failed.error);
    return { outcome: 'not-taken', title: nameOf(here.bin), isCode: true, message: nothing };
  }

  async function confirmEmpty(): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return noBin();
    const counted = [...(ledger.sheet(here)?.lines.values() ?? [])].some((line) => line.counted !== 0n);
    if (!(await ask.empty(here.bin, counted))) return undefined;
    const confirmed = await ledger.confirmEmpty(here);
    if (!confirmed.ok) return refused(nameOf(here.bin), confirmed.error);
    moveTo(undefined);
    return { outcome: 'taken', title: nameOf(here.bin), isCode: true, message: say('binEmpty') };
  }

  async function skipBin(): Promise<LastScan | undefined> {
    const here = place();
    if (here === undefined) return noBin();
    const reason = await ask.skip(here.bin);
    if (reason === undefined) return undefined;
    const skipped = await ledger.skipBin(here, reason);
    if (!skipped.ok) return refused(nameOf(here.bin), skipped.error);
    moveTo(undefined);
    return { outcome: 'taken', title: nameOf(here.bin), isCode: true, message: say('binSkipped') };
  }

  const scene: Scene = {
    ledger,
    ask,
    words,
    stocktake,
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
          return Promise.resolve({ outcome: 'look', title: say('title'), message: say('noRecount') });
      }
    },
    lastCount: parts.lastCount,
    setLastCount: (last) => {
      parts.setLastCount(last);
    },
    setTyped: parts.setTyped,
  };

  return {
    scene,
    enter,
    arrive,
    finish,
    undoOrRedo,
    confirmEmpty,
    skipBin,
    setLineTo: (line, typed) => setLineTo(line, typed, { ...scene, ledger }),
    stepLine: (line, by) => stepLine(line, by, { ...scene, ledger }),
    setUnknownTo: (code, typed) => setUnknownTo(code, typed, { ...scene, ledger }),
    stepUnknown: (code, by) => stepUnknown(code, by, { ...scene, ledger }),
    chooseLine: (line) => showLine(line, ledger),
    nothingChosen: () => Promise.resolve({ outcome: 'look', title: say('title'), message: say('nothingChosen') }),
  };
}
