import type { ReactElement } from 'react';
import type { Person } from '../../shared/domain/person.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { FilesFound, Host, JournalStatus, Team } from '../../shared/ports/host.ts';
import type { Healing, Ledger, LedgerError } from '../ledger/ledger.ts';
import type { Sounds } from '../sound/sounds.ts';
import type { Sending } from '../sync/sending.ts';
import type { Scans } from '../scan/scans.tsx';

/** What is known before anybody has signed in. */
export type Started = {
  readonly laptop: string;
  readonly people: readonly Person[];
  /** Somebody still is: the page alone was loaded anew. */
  readonly signedIn: Person | null;
  readonly journal: JournalStatus;
  /** What the journal was given back already. */
  readonly found: readonly Healing[];
  /** Who can still enter. */
  readonly entry: FilesFound['entry'];
  /** What this laptop is at a site. */
  readonly here: Team['here'];
  /** Its request to join one, while it waits for an answer. */
  readonly asked: Team['asked'];
};

/** The ledger and what belongs to it, once it is open. */
export type Opened = {
  readonly ledger: Ledger;
  readonly sending: Sending;
  readonly screens: readonly Screen[];
  /** Told whenever who is signed in changes, before any screen is shown to them. */
  personChanged(person: Person | null): void;
};

/** Why the ledger stays closed. Nothing was changed in any of these cases. */
export type OpenRefusal =
  /** Written by a newer Tallybook. */
  | { code: 'newer_data' }
  /** The ledger is open in another window of this app. */
  | { code: 'already_open' }
  /** The laptop's disk takes nothing: nobody could sign in, and nothing could be counted. */
  | { code: 'disk_full' }
  | { code: 'disk_read_only' }
  /** The records of this laptop are gone, and the page's rows do not say which are its own. */
  | { code: 'own_rows_unknown' }
  | { code: 'open_failed'; detail: string };

export type OpenProgress = { done: number; total: number };

/** One screen and where it lives; `path` is a wouter pattern. */
export type Screen = { readonly path: string; readonly show: () => ReactElement };

/**
 * What the page's wiring (main.tsx) gives the app:
 * - `host`: the bare host client. The app hands `open` a watched one; everything must use that one, so that a lock is seen.
 * - `start`: asks the host who there is, once, and again on "Try again".
 * - `open`: once somebody has signed in, opens and heals the ledger, loads the catalogue. As often.
 * - `loadSample`: imports the sample catalogue, bins and opening stock. `part` runs from 0 to 1.
 */
export type Wiring = {
  readonly host: Host;
  readonly sounds: Sounds;
  /** Begun before anything is drawn, so that no scan is lost meanwhile. */
  readonly scans: Scans;
  start(host: Host, onProgress: (progress: OpenProgress) => void): Promise<Result<Started, OpenRefusal>>;
  open(
    host: Host,
    started: Started,
    person: Person,
    onProgress: (progress: OpenProgress) => void,
  ): Promise<Result<Opened, OpenRefusal>>;
  loadSample(opened: Opened, host: Host, onProgress: (part: number) => void): Promise<Result<null, LedgerError>>;
};
