import type { SendLine } from '../../domain/ledger-entry.ts';
import type { RemoteAbilities } from '../../ports/remote-inventory.ts';

/**
 * Whether a line of a finished request may go again by itself, with the amount it had: an adjustment always, a count only
 * while the remote takes its time. An older count is no longer true of the present; a person plans it anew.
 */
export function goesAgain(
  line: Pick<SendLine, 'change' | 'occurredAt'>,
  abilities: Pick<RemoteAbilities, 'backDatingMs'>,
  now: string,
): boolean {
  if (line.change === 'adjust') return true;
  if (line.occurredAt === undefined) return false;
  const ageMs = Date.parse(now) - Date.parse(line.occurredAt);
  return ageMs >= 0 && ageMs <= abilities.backDatingMs - WINDOW_MARGIN_MS;
}

/** Taken off a remote's window, so that a count planned now is still young enough when it gets there. */
export const WINDOW_MARGIN_MS: number = 5 * 60_000;
