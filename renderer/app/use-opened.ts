import { useCallback, useEffect, useState } from 'react';
import type { Host } from '../../shared/ports/host.ts';
import type { Opened, OpenProgress, OpenRefusal, Wiring } from './wiring.ts';

export type Opening =
  /** `progress` only once it has taken more than a second: before that there is nothing worth reading. */
  | { state: 'opening'; progress: OpenProgress | undefined }
  | { state: 'refused'; refusal: OpenRefusal; again: () => void }
  | { state: 'open'; opened: Opened };

const WORTH_SHOWING_MS = 1000;

/** Opens the ledger once, and again when asked to. */
export function useOpened(wiring: Wiring, host: Host): Opening {
  const [turn, setTurn] = useState(0);
  const [opening, setOpening] = useState<Opening>({ state: 'opening', progress: undefined });
  const again = useCallback(() => {
    setOpening({ state: 'opening', progress: undefined });
    setTurn((before) => before + 1);
  }, []);

  useEffect(() => {
    const startedAt = performance.now();
    let stale = false;
    const opened = openOnce(wiring, host, turn, (progress) => {
      if (!stale && performance.now() - startedAt > WORTH_SHOWING_MS) setOpening({ state: 'opening', progress });
    });
    opened.then(
      (result) => {
        if (!stale)
          setOpening(
            result.ok ? { state: 'open', opened: result.value } : { state: 'refused', refusal: result.error, again },
          );
      },
      (error: unknown) => {
        if (!stale) setOpening({ state: 'refused', refusal: { code: 'open_failed', detail: String(error) }, again });
      },
    );
    return () => {
      stale = true;
    };
  }, [wiring, host, turn, again]);

  return opening;
}

type Attempt = { turn: number; result: ReturnType<Wiring['open']>; listener: (progress: OpenProgress) => void };
const attempts = new WeakMap<Wiring, Attempt>();

/** React may run an effect twice; the ledger is opened once a turn all the same. */
function openOnce(
  wiring: Wiring,
  host: Host,
  turn: number,
  listener: (progress: OpenProgress) => void,
): Attempt['result'] {
  const known = attempts.get(wiring);
  if (known?.turn === turn) {
    known.listener = listener;
    return known.result;
  }
  const attempt: Attempt = {
    turn,
    listener,
    result: wiring.open(host, (progress) => attempts.get(wiring)?.listener(progress)),
  };
  attempts.set(wiring, attempt);
  return attempt.result;
}
