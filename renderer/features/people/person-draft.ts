import type { Person, Role } from '../../../shared/domain/person.ts';

/** A person as the form holds one. An empty `pin` means: keep the one they have. */
export type PersonDraft = {
  readonly name: string;
  readonly pin: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
};

const SHORTEST_PIN = 4;

/** What is missing before a person can be saved; a new person needs a PIN. */
export function personProblem(
  draft: PersonDraft,
  isNew: boolean,
): 'name_missing' | 'pin_missing' | 'role_missing' | undefined {
  if (draft.name.trim() === '') return 'name_missing';
  if (draft.pin.length < SHORTEST_PIN && (isNew || draft.pin !== '')) return 'pin_missing';
  return draft.roles.length === 0 ? 'role_missing' : undefined;
}

/** Whether nobody else could add people or connections any more without this one. */
export function isLastAdmin(people: readonly Person[], id: string): boolean {
  const admins = people.filter((person) => person.active && person.roles.includes('admin'));
  return admins.length === 1 && admins[0]?.id === id;
}
