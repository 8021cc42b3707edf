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
  forget(): void;
};

/** Something that takes a while and may be refused: one at a time, with what came of the last. */
export function useTask<Value>(): Task<Value> {
  const errorText = useErrorText();
  const [state, setState] = useState<{ running: boolean; value?: Value; problem?: string }>({ running: false });
  const busy = useRef(false);
  return {
    running: state.running,
    value: state.value,
    problem: state.problem,
    async run(work) {
      if (busy.current) return;
      busy.current = true;
      setState({ running: true });
      const done = await work();
      busy.current = false;
      setState(done.ok ? { running: false, value: done.value } : { running: false, problem: errorText(done.error) });
    },
    forget: () => setState({ running: false }),
  };
}
