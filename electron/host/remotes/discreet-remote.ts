import type { RemoteInventory } from '../../../shared/ports/remote-inventory.ts';
import type { Redaction } from '../secrets/redact.ts';

type Call = (...given: readonly unknown[]) => Promise<unknown>;

function isCall(member: unknown): member is Call {
  return typeof member === 'function';
}

/**
 * A remote whose every answer and refusal has lost the secrets that we know, before anybody seals, logs or shows it: what
 * stands in the journal stands there for ever, and servers do repeat the header that they refuse.
 */
export function discreet(remote: RemoteInventory, { answer }: Pick<Redaction, 'answer'>): RemoteInventory {
  const members = Object.entries(remote).map(([name, member]: [string, unknown]) => [
    name,
    isCall(member) ? async (...given: readonly unknown[]) => answer(await member(...given)) : member,
  ]);
  // oxlint-disable-next-line typescript/consistent-type-assertions -- the same members, each with the type it had
  return Object.fromEntries(members) as RemoteInventory;
}
