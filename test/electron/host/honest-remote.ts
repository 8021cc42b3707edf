import { createHash } from 'node:crypto';
import { err, ok } from '../../../shared/domain/result.ts';
import type { Receipt, RemoteConnector, RemoteError } from '../../../shared/ports/remote-inventory.ts';

/** A small remote: keeps what it is sent by reference, answers over the given way to the network, and can lose an answer. */
export type HonestRemote = {
  connector: RemoteConnector;
  /** By reference: how often it took effect. */
  taken: Map<string, number>;
  /** What the next push answers after it took effect; null: receipts. */
  nextError: RemoteError | null;
  /** Bodies as they arrived. */
  bodies: string[];
  /** Settles before a push is answered. */
  gate: Promise<void>;
};

export function honestRemote(): HonestRemote {
  const remote: HonestRemote = {
    connector: undefined as never,
    taken: new Map(),
    nextError: null,
    bodies: [],
    gate: Promise.resolve(),
  };
  remote.connector = {
    id: 'honest',
    title: 'Honest',
    abilities: {
      absoluteCounts: true,
      backDatingMs: 0,
      maxLinesPerRequest: 2,
      maxPrecision: 5,
      idempotencyKeys: false,
      readBack: 'reference',
      binLevel: false,
      readOnly: false,
      tracking: false,
      createsLocations: false,
      movements: false,
      files: false,
      pace: { requests: 100, perMs: 1000 },
    },
    fields: [
      { name: 'baseUrl', label: 'Address', secret: false, required: true },
      { name: 'token', label: 'Token', secret: true, required: true },
    ],
    freeze(lines) {
      const body = JSON.stringify(lines.map(({ ref, quantity }) => [ref, quantity]));
      const id = createHash('sha256').update(body).digest('hex').slice(0, 40);
      return {
        id,
        idempotencyKey: id,
        method: 'POST',
        path: '/changes',
        body,
        lines: lines.map(({ occurredAt: _at, ...line }) => line),
      };
    },
    reasons: 'none',
    origins: (settings) => [settings['baseUrl'] ?? ''],
    open(settings, { http }) {
      return {
        test: async () => {
          const answer = await http({
            method: 'GET',
            url: `${settings['baseUrl']}/me`,
            headers: { authorization: settings['token'] ?? '' },
          });
          return answer.ok ? ok({ account: answer.value.body }) : err({ code: 'not_sent', detail: answer.error.code });
        },
        locations: async () => ok({ locations: [{ id: 'L1', name: 'Shop', active: true }] }),
        items: async () => ok({ items: [{ id: 'I1', name: 'One', precision: 0 }] }),
        async push(request) {
          await remote.gate;
          remote.bodies.push(request.body);
          for (const { ref } of request.lines) remote.taken.set(ref, (remote.taken.get(ref) ?? 0) + 1);
          const error = remote.nextError;
          remote.nextError = null;
          if (error !== null) return err(error);
          return ok(request.lines.map(({ ref }): Receipt => ({ ref, remoteId: `r-${ref}` })));
        },
        readBack: async (request) =>
          ok({ receipts: request.lines.flatMap(({ ref }) => (remote.taken.has(ref) ? [{ ref }] : [])), doubtful: [] }),
        counts: async () => ok({ counts: [{ remoteItem: 'I1', remoteLocation: 'L1', quantity: null }] }),
      };
    },
  };
  return remote;
}
