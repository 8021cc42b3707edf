import type { Result } from '../../shared/domain/result.ts';
import type { TableError } from '../../shared/domain/import/table.ts';
import type { FromWorker, WorkerPort } from './import-messages.ts';
import { openSession, type ImportFailure, type ImportSession, type SessionInput } from './import-session.ts';

function startWorker(): WorkerPort {
  const worker = new Worker(new URL('./import-worker.ts', import.meta.url), { type: 'module' });
  return {
    postMessage: (message) => worker.postMessage(message),
    onMessage: (listener) =>
      worker.addEventListener('message', (event: MessageEvent<FromWorker>) => listener(event.data)),
    onFailure(listener) {
      worker.addEventListener('error', listener);
      worker.addEventListener('messageerror', listener);
    },
    terminate: () => worker.terminate(),
  };
}

/** Opens a file for import in a worker of its own; see `openSession`. */
export function importInWorker(input: SessionInput): Promise<Result<ImportSession, TableError | ImportFailure>> {
  return openSession(startWorker(), input);
}
