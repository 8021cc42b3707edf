import { err, ok } from '../../shared/domain/result.ts';
import { readCarried, type Carrier } from '../../shared/ports/carrier.ts';

/** A place in memory that any number of laptops reach, or none. It keeps what it was given for ever. */
export function memoryPlace(): { carrier(): Carrier; isAway: boolean; readonly bytes: Map<string, Uint8Array> } {
  const bytes = new Map<string, Uint8Array>();
  const away = err({ code: 'away' as const });
  const place = {
    bytes,
    isAway: false,
    carrier: (): Carrier => ({
      abilities: { appendOnly: true, readRights: false, live: false },
      begin: async () => (place.isAway ? away : ok(null)),
      list: async () => (place.isAway ? away : ok([...bytes.keys()].filter((name) => readCarried(name) !== null))),
      get: async (name) => (place.isAway ? away : ok(bytes.get(name) ?? null)),
      async put(name, content) {
        if (place.isAway) return away;
        if (bytes.has(name)) return ok('there');
        bytes.set(name, Uint8Array.from(content));
        return ok('put');
      },
    }),
  };
  return place;
}
