import type { Person } from '../../../shared/domain/person.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { Clock } from '../disk/turns.ts';

/** What a person signs with: the public half, and what makes a signature of a text, base64url. */
export type Signer = { readonly key: string; readonly sign: (text: string) => string };

/**
 * What the PIN opened, held until the person signs out or the screens lock. `pin`: on a laptop that works alone nobody has
 * a key yet; the admin who founds a site there gets theirs at once.
 */
export type Opened = { readonly signer?: Signer; readonly pin?: string };

/** Who is signed in. Lives in memory only: after a restart nobody is. */
export type Session = {
  signIn(person: string, opened?: Opened): void;
  /** What is held for a person from now on, if it is they who are signed in. */
  hold(person: string, opened: Opened): void;
  /** What is held for a person; nothing when somebody else is there, or nobody. */
  opened(person: string): Opened;
  signOut(): void;
  /** The person, and their roles as the journal has them now; null after `lockAfterMs` without a call by them. */
  current(): Person | null;
  /** The same, counted as a sign of life; refused when nobody is there. What they may call is judged before (`access.ts`). */
  require(): Result<Person, HostError>;
  /** Whether anybody has signed in since the start. */
  wasUsed(): boolean;
};

/** A session that locks itself, by a clock that cannot be set, after `lockAfterMs` without a call. */
export function createSession(
  clock: Clock,
  lockAfterMs: number,
  personOf: (id: string) => Person | undefined,
): Session {
  let signedIn: { person: string; seenAt: number; opened: Opened } | null = null;
  let isUsed = false;

  function current(): Person | null {
    if (signedIn === null) return null;
    const person = personOf(signedIn.person);
    if (person?.active === true && clock.steady() - signedIn.seenAt <= lockAfterMs) return person;
    signedIn = null;
    return null;
  }

  return {
    signIn(person, opened = {}) {
      isUsed = true;
      signedIn = { person, seenAt: clock.steady(), opened };
    },
    hold(person, opened) {
      if (signedIn?.person === person) signedIn = { ...signedIn, opened };
    },
    opened: (person) => (current()?.id === person ? (signedIn?.opened ?? {}) : {}),
    signOut() {
      signedIn = null;
    },
    current,
    require() {
      const person = current();
      if (person === null) return err({ code: 'not_signed_in' });
      signedIn = { person: person.id, seenAt: clock.steady(), opened: signedIn?.opened ?? {} };
      return ok(person);
    },
    wasUsed: () => isUsed,
  };
}
