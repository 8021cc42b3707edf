import { useCallback, useEffect, useState } from 'react';
import type { Result } from '../../shared/domain/result.ts';
import type { OpenProgress, OpenRefusal, Wiring } from './wiring.ts';

export type Opening<Value> =
  /** `progress` only once it has taken more than a second: before that there is nothing worth reading. */
  | { state: 'opening'; progress: OpenProgress | undefined }
  | { state: 'refused'; refusal: OpenRefusal; again: () => void }
  /** `again`: opens it anew, when what is behind it has become another. */
  | { state: 'open'; opened: Value; again: () => void };

type Begin<Value> = (onProgress: (progress: OpenProgress) => void) => Promise<Result<Value, OpenRefusal>>;

const WORTH_SHOWING_MS = 1000;

/** Opens one part of what the wiring opens, once `begin` is there, and again when asked to. */
export function useOpened<Value>(
  wiring: Wiring,
  part: 'start' | 'open',
  begin: Begin<Value> | undefined,
): Opening<Value> {
  const [turn, setTurn] = useState(0);
  const [opening, setOpening] = useState<Opening<Value>>({ state: 'opening', progress: undefined });
  const again = useCallback(() => {
    setOpening({ state: 'opening', progress: undefined });
    setTurn((before) => before + 1);
  }, []);
  const ready = begin !== undefined;

  useEffect(() => {
    if (begin === undefined) return undefined;
    const startedAt = performance.now();
    let stale = false;
    const opened = openOnce(wiring, part, turn, begin, (progress) => {
      if (!stale && performance.now() - startedAt > WORTH_SHOWING_MS) setOpening({ state: 'opening', progress });
    });
    opened.then(
      (result) => {
        if (!stale)
          setOpening(
            result.ok
              ? { state: 'open', opened: result.value, again }
              : { state: 'refused', refusal: result.error, again },
          );
      },
      (error: unknown) => {
        if (!stale) setOpening({ state: 'refused', refusal: { code: 'open_failed', detail: String(error) }, again });
      },
    );
    return () => {
      stale = true;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- it is begun once a turn, by whoever came first
  }, [wiring, part, turn, again, ready]);

  return opening;
}

type Attempt = {
  turn: number;
  result: Promise<Result<unknown, OpenRefusal>>;
  listener: (progress: OpenProgress) => void;
};
const attempts = { start: new WeakMap<Wiring, Attempt>(), open: new WeakMap<Wiring, Attempt>() };

/** React may run an effect twice; each part is opened once a turn all the same. */
function openOnce<Value>(
  wiring: Wiring,
  part: 'start' | 'open',
  turn: number,
  begin: Begin<Value>,
  listener: (progress: OpenProgress) => void,
): Promise<Result<Value, OpenRefusal>> {
  const known = attempts[part].get(wiring);
  if (known?.turn === turn) {
    known.listener = listener;
    return known.result as Promise<Result<Value, OpenRefusal>>;
  }
  const result = begin((progress) => attempts[part].get(wiring)?.listener(progress));
  attempts[part].set(wiring, { turn, listener, result });
  return result;
}
