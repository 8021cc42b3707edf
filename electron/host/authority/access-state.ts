import { z } from 'zod';
import {
  laptopKeySchema,
  pinLengthsSchema,
  stretchSchema,
  type Fact,
  type PinLengths,
} from '../../../shared/domain/ledger-entry.ts';
import { roleSchema, type Person } from '../../../shared/domain/person.ts';

const triesSchema = z.object({ wrong: z.number(), waitMs: z.number() });
/** Wrong tries in a row, and how long nobody is heard after the last of them. */
export type Tries = z.infer<typeof triesSchema>;

/** `key`: what a key that follows from the code signs can be checked with; an earlier version's code has none. */
const recoverySchema = z.object({ stretch: stretchSchema, digest: z.string(), key: laptopKeySchema.exactOptional() });

export const accessSchema = z.object({
  pins: z.array(z.tuple([z.string(), z.string()])),
  tries: z.array(z.tuple([z.string(), triesSchema])),
  recovery: recoverySchema.nullable(),
  lengths: pinLengthsSchema,
  isKept: z.boolean(),
});

/** What the journal says of how people prove who they are. Nothing of it lets anybody in by itself. */
export type AccessState = {
  /** By person: the digest of the only record that proves their PIN. */
  readonly pins: Map<string, string>;
  readonly tries: Map<string, Tries>;
  recovery: z.infer<typeof recoverySchema> | null;
  lengths: PinLengths;
  /** A checkpoint was kept: one that is missing was there. */
  isKept: boolean;
};

export function emptyAccess(): AccessState {
  return { pins: new Map(), tries: new Map(), recovery: null, lengths: {}, isKept: false };
}

export function packAccess(access: AccessState): z.input<typeof accessSchema> {
  return { ...access, pins: [...access.pins], tries: [...access.tries] };
}

export function unpackAccess(packed: z.output<typeof accessSchema>): AccessState {
  return { ...packed, pins: new Map(packed.pins), tries: new Map(packed.tries) };
}

type AccessFact = Extract<
  Fact,
  {
    kind: 'pin_set' | 'sign_in_refused' | 'tries_cleared' | 'recovery_code_set' | 'pin_lengths_set' | 'checkpoint_kept';
  }
>;

/** Folds one fact in; repeated in order it changes nothing. */
export function foldAccess(access: AccessState, fact: AccessFact): void {
  switch (fact.kind) {
    case 'pin_set':
      access.pins.set(fact.person, fact.digest);
      if (fact.how !== 'kept') access.tries.delete(fact.person);
      return;
    case 'sign_in_refused':
      access.tries.set(fact.person, { wrong: fact.wrong, waitMs: fact.waitMs });
      return;
    case 'tries_cleared':
      access.tries.delete(fact.person);
      return;
    case 'recovery_code_set':
      access.recovery = {
        stretch: fact.stretch,
        digest: fact.digest,
        ...(fact.key !== undefined && { key: fact.key }),
      };
      return;
    case 'pin_lengths_set':
      access.lengths = fact.lengths;
      return;
    case 'checkpoint_kept':
      access.isKept = true;
      return;
  }
}

/** A PIN has at least so many characters, whatever the roles. */
const SHORTEST_PIN = 4;

/** The shortest PIN that may be given to somebody with these roles. */
export function shortestPin(lengths: PinLengths, roles: Person['roles']): number {
  return Math.max(SHORTEST_PIN, ...roleSchema.options.map((role) => (roles.includes(role) ? (lengths[role] ?? 0) : 0)));
}
