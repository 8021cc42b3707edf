import { createFileSteps, type FileSteps } from './desk-files.ts';
import { createFreezing, type Freezing } from './desk-freeze.ts';
import { createDeskTools, type DeskPorts, type DeskTools } from './desk-ports.ts';
import { createReads, type Reads } from './desk-reads.ts';
import { createSendingSteps, type SendingSteps } from './desk-send.ts';

/** The side of sending that meets remotes: what it learns is sealed before it answers. */
export type Desk = Freezing & SendingSteps & Reads & FileSteps & Pick<DeskTools, 'ask'>;

/** Creates the desk. One request at a time goes out on a connection; each step is sealed before the next begins. */
export function createDesk(ports: DeskPorts): Desk {
  const tools = createDeskTools(ports);
  return {
    ...createFreezing(tools),
    ...createSendingSteps(tools),
    ...createReads(tools),
    ...createFileSteps(tools),
    ask: tools.ask,
  };
}
