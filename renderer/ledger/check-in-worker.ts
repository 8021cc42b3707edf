import type { JournalStatus } from '../../shared/ports/host.ts';

/** A laptop's chain: whose, and the numbers in it that were lost for good. */
export type ChainToCheck = { readonly device: string; readonly gaps: NonNullable<JournalStatus['gaps']> };
/** `database`: the IndexedDB that holds the rows. */
export type CheckRequest = ChainToCheck & { readonly database: string };
export type CheckAnswer = { readonly broken: number | undefined };

/**
 * Checks a chain of the page's copy in a worker: the first sequence whose row is missing, altered, or does not follow from the one
 * before it. Ends when `stop` is told. @throws when the worker cannot be had or cannot read the copy.
 */
export function checkInWorker(request: CheckRequest, stop: AbortSignal): Promise<number | undefined> {
  const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { type: 'module' });
  const checked = new Promise<number | undefined>((resolve, reject) => {
    worker.addEventListener('message', (event: MessageEvent<CheckAnswer>) => resolve(event.data.broken));
    worker.addEventListener('error', () => reject(new Error('the check broke off')));
    worker.addEventListener('messageerror', () => reject(new Error('the check broke off')));
    stop.addEventListener('abort', () => resolve(undefined));
  });
  worker.postMessage(request);
  return checked.finally(() => worker.terminate());
}
