import { useRef, useState } from 'react';
import type { Result } from '../../../shared/domain/result.ts';
import { useErrorText, type Coded } from '../../ui/use-error-text.ts';

export type Task<Value> = {
  readonly running: boolean;
  readonly value: Value | undefined;
  /** Why it did not work, in a sentence. */
  readonly problem: string | undefined;
  /** Starts it, unless it is running. */
  run(work: () => Promise<Result<Value, Coded>>): Promise<void>;
  /** Takes over what came of something else, as if it had come of this. */
  take(value: Value): void;
  /** Drops what came of it, and what may still come of it. */
  forget(): void;
};

/** Something that takes a while and may be refused: one at a time, with what came of the last. */
export function useTask<Value>(): Task<Value> {
  const errorText = useErrorText();
  const [state, setState] = useState<{ running: boolean; value?: Value; problem?: string }>({ running: false });
  const turn = useRef(0);
  const busy = useRef(false);
  return {
    running: state.running,
    value: state.value,
    problem: state.problem,
    async run(work) {
      if (busy.current) return;
      busy.current = true;
      turn.current += 1;
      const mine = turn.current;
      setState({ running: true });
      const done = await work();
      if (mine !== turn.current) return;
      busy.current = false;
      setState(done.ok ? { running: false, value: done.value } : { running: false, problem: errorText(done.error) });
    },
    take(value) {
      turn.current += 1;
      busy.current = false;
      setState({ running: false, value });
    },
    forget() {
      turn.current += 1;
      busy.current = false;
      setState({ running: false });
    },
  };
}
