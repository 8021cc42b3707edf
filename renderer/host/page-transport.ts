import type { HostTransport } from '../../shared/ports/host.ts';

declare global {
  interface Window {
    /** What the preload exposes, and all of it. */
    readonly tallybook?: { readonly send: HostTransport };
  }
}

/** Calls the host through the preload's one function. */
export const pageTransport: HostTransport = (procedure, input) => {
  const bridge = window.tallybook;
  return bridge ? bridge.send(procedure, input) : Promise.reject(new Error('this page has no host'));
};
