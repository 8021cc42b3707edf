import { WRITERS } from '../../shared/domain/ledger-entry.ts';
import { hasRole } from '../../shared/domain/person.ts';
import { useTallybook } from '../tallybook/tallybook-context.tsx';

/** Whether the signed-in person may say what a code is, or only propose it. */
export function useMayMatch(): boolean {
  const { person } = useTallybook();
  return WRITERS.unknown_matched.some((role) => role !== 'engine' && hasRole(person, [role]));
}
