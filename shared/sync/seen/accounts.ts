/**
 * A connection as far as it tells which account it is. `laptop`: the one that saved it first. `places`: what it calls its
 * places there; a vendor gives each place an id of its own, whoever's account it is in.
 */
export type AccountLook = {
  readonly id: string;
  readonly remote: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly laptop: string;
  readonly places: Iterable<string>;
};

/** The settings that say where a remote is, and those that say whose account it is. */
const ADDRESS = ['baseUrl', 'address'] as const;
const WHOSE = ['clientId', 'username', 'customerAccountId'] as const;

function addressOf(settings: AccountLook['settings']): string {
  const said = ADDRESS.map((field) => settings[field]).find((address) => address !== undefined) ?? '';
  return said.trim().toLowerCase().replace(/\/+$/, '');
}

/** Whose account it is, as the settings say it; '' where only the secrets do. */
function whoseOf(settings: AccountLook['settings']): string {
  return WHOSE.map((field) => settings[field]?.trim().toLowerCase() ?? '').join('\u001F');
}

/** Whether two forms ask the same remote at the same address. */
export function isSameRemote(
  left: Pick<AccountLook, 'remote' | 'settings'>,
  right: Pick<AccountLook, 'remote' | 'settings'>,
): boolean {
  return left.remote === right.remote && addressOf(left.settings) === addressOf(right.settings);
}

/** Whether the settings alone say that two connections are one account. */
export function isNamedAlike(
  left: Pick<AccountLook, 'remote' | 'settings'>,
  right: Pick<AccountLook, 'remote' | 'settings'>,
): boolean {
  const whose = whoseOf(left.settings);
  const isSaid = whose.replaceAll('\u001F', '') !== '';
  return isSameRemote(left, right) && isSaid && whose === whoseOf(right.settings);
}

/** Whether two connections are one account: their settings say so, or both are matched to one and the same place there. */
export function isSameAccount(left: AccountLook, right: AccountLook): boolean {
  if (left.id === right.id || !isSameRemote(left, right)) return false;
  if (isNamedAlike(left, right)) return true;
  const places = new Set(left.places);
  places.delete('');
  return [...right.places].some((place) => places.has(place));
}

/** The other connections to the account of this one. */
export function besideOf<Look extends AccountLook>(connections: readonly Look[], id: string): readonly Look[] {
  const own = connections.find((one) => one.id === id);
  return own === undefined ? [] : connections.filter((other) => isSameAccount(own, other));
}

/**
 * The connection that an account is sent to over in the place of this one: two laptops had connected it before they met,
 * and what comes first in the ledger goes on. `connections`: the first saved first. Undefined: this one goes on.
 */
export function stoppedBy<Look extends AccountLook>(connections: readonly Look[], id: string): Look | undefined {
  const at = connections.findIndex((one) => one.id === id);
  const own = connections[at];
  if (own === undefined) return undefined;
  const before = connections.slice(0, at);
  const isInFront = (other: Look): boolean => other.laptop !== own.laptop && isSameAccount(other, own);
  // One that does not go on itself is in nobody's way.
  return before.find((other) => isInFront(other) && stoppedBy(before, other.id) === undefined);
}
