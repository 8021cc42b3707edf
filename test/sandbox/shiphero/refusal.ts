import { GraphQLError } from 'graphql';

/** Why an operation is refused. The numbers are invented: the vendor's table is not known (contracts: ShipHero 5). */
const CODES = { not_found: 4, not_allowed: 5, invalid: 3, not_simulated: 1 } as const;

/** Refuses one operation; the others of the document go on. */
export function refuse(kind: keyof typeof CODES, message: string): never {
  throw new GraphQLError(message, { extensions: { code: CODES[kind] } });
}
