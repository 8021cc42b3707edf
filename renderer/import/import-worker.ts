import { createImporter } from './importer.ts';
import type { FromWorker, ToWorker } from './import-messages.ts';

// Runs in a worker of its own: whatever a file does to it, the page keeps painting, and ending the worker ends the import.
const importer = createImporter((message: FromWorker) => self.postMessage(message));
// One after the other, in the order in which they were asked.
let turn = Promise.resolve();
self.addEventListener('message', (event: MessageEvent<ToWorker>) => {
  turn = turn.then(() => importer(event.data));
  // A worker does not say that a promise failed; an error it does.
  turn.catch((cause: unknown) => self.reportError(cause));
});
