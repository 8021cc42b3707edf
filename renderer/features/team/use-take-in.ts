import { useEffect, useRef, useState } from 'react';
import type { Result } from '../../../shared/domain/result.ts';
import type { HandOver, Host, HostError, HostOutput } from '../../../shared/ports/host.ts';
import { giveFile, type GiveError } from './give-file.ts';

export type Taken = HostOutput<'takeHandOver'>;

/** Where taking in a file stands. Nothing of it is taken before `taking`. */
export type TakeInState =
  | { readonly step: 'none' | 'stopped' }
  /** `part`: how much of the file is read, 0 to 1. */
  | { readonly step: 'reading'; readonly name: string; readonly part: number }
  | { readonly step: 'checking'; readonly name: string }
  | { readonly step: 'preview' | 'taking'; readonly handOver: HandOver };

export type TakeIn = {
  readonly state: TakeInState;
  /** Why the file on the screen, or the one before, was not taken. */
  readonly problem: GiveError | undefined;
  read(file: File): void;
  stop(): void;
  take(): void;
  leave(): void;
};

/**
 * Reads a file of another laptop, shows what is in it, takes it when told to. One file at a time: another one chosen
 * meanwhile is read in the place of the one before, until taking has begun.
 */
export function useTakeIn(
  host: Pick<Host, 'giveHandOver' | 'lookAtHandOver'>,
  take: () => Promise<Result<Taken, HostError>>,
  onTaken: (taken: Taken, handOver: HandOver) => Promise<void> | void,
): TakeIn {
  const [state, setState] = useState<TakeInState>({ step: 'none' });
  const [problem, setProblem] = useState<GiveError>();
  const reading = useRef<AbortController>(undefined);
  const busy = useRef(false);
  useEffect(() => () => reading.current?.abort(), []);

  function refuse(why: GiveError): void {
    setProblem(why);
    setState({ step: 'none' });
  }

  async function read(file: File): Promise<void> {
    if (busy.current) return;
    reading.current?.abort();
    const own = new AbortController();
    reading.current = own;
    const { signal } = own;
    const { name } = file;
    setProblem(undefined);
    setState({ step: 'reading', name, part: 0 });
    const given = await giveFile(host, file, {
      signal,
      onPart: (part) => setState({ step: 'reading', name, part }),
    });
    if (signal.aborted) return;
    if (!given.ok) return refuse(given.error);
    setState({ step: 'checking', name });
    const looked = await host.lookAtHandOver({});
    if (signal.aborted) return;
    if (!looked.ok) return refuse(looked.error);
    setState({ step: 'preview', handOver: looked.value });
  }

  async function takeNow(): Promise<void> {
    if (busy.current || state.step !== 'preview') return;
    busy.current = true;
    const { handOver } = state;
    setState({ step: 'taking', handOver });
    const taken = await take();
    if (taken.ok) await onTaken(taken.value, handOver);
    busy.current = false;
    if (taken.ok) setState({ step: 'none' });
    else refuse(taken.error);
  }

  return {
    state,
    problem,
    read: (file) => void read(file),
    stop() {
      reading.current?.abort();
      setState({ step: 'stopped' });
    },
    take: () => void takeNow(),
    leave: () => setState({ step: 'none' }),
  };
}
