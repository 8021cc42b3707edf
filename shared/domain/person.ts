import { z } from 'zod';

/** What a person may do. One person may hold several roles; the four-eyes rule holds all the same. */
export const roleSchema = z.enum(['counter', 'lead', 'approver', 'admin']);
export type Role = z.infer<typeof roleSchema>;

export const personIdSchema = z.string().min(1).max(64);

/** A person as the page may see one: never a PIN, never its hash. */
export const personSchema = z.object({
  id: personIdSchema,
  name: z.string().trim().min(1).max(80),
  roles: z.array(roleSchema).min(1),
  active: z.boolean(),
});
export type Person = z.infer<typeof personSchema>;

/** The author of facts that no person writes: outcomes of sending, and figures pulled from a remote. */
export const ENGINE = 'engine';

/** Whether `person` holds one of `roles`. */
export function hasRole(person: Pick<Person, 'roles'>, roles: readonly Role[]): boolean {
  return person.roles.some((role) => roles.includes(role));
}
