import { contextBridge, ipcRenderer } from 'electron';

/** Must be the channel of ports/host.ts; written out because a preload that imports it would carry the whole contract. */
const HOST_CHANNEL = 'tallybook:host';

/** All that the page gets from the machine: one call, carried to the host and answered with a result. */
contextBridge.exposeInMainWorld('tallybook', {
  send: (procedure: string, input: unknown): Promise<unknown> => ipcRenderer.invoke(HOST_CHANNEL, procedure, input),
});
