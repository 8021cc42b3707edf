import { act, fireEvent, render, screen, within } from '@testing-library/react';
import type { ReactElement } from 'react';
import { createHostClient } from '../../../../renderer/host/host-client.ts';
import type { Ledger, LedgerError } from '../../../../renderer/ledger/ledger.ts';
import { NO_SENDING, type SendingState } from '../../../../renderer/ledger/sending-state.ts';
import { createScanStack, ScansProvider, type Scans } from '../../../../renderer/scan/scans.tsx';
import type { Sending } from '../../../../renderer/sync/sending.ts';
import { TallybookContext, type Tallybook } from '../../../../renderer/tallybook/tallybook-context.tsx';
import { Live } from '../../../../renderer/ui/live.tsx';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import type { Bin } from '../../../../shared/domain/location.ts';
import type { Person, Role } from '../../../../shared/domain/person.ts';
import { err, ok, type Result } from '../../../../shared/domain/result.ts';
import {
  hostContract,
  type Exchange,
  type HandOver,
  type Host,
  type HostError,
  type HostOutput,
  type HostProcedure,
  type JournalStatus,
  type Laptop,
  type SiteServer,
  type Team,
} from '../../../../shared/ports/host.ts';
import { requestCode, writeRequest } from '../../../../shared/team/request.ts';

export const WORDS = ['acorn', 'bell', 'cedar', 'drum', 'elm', 'fox', 'grape', 'hill'];
export const JOIN = { laptop: 'd2', key: 'k'.repeat(43), name: 'Ben’s laptop' };
export const REQUEST = writeRequest(JOIN);
export const ASKED: NonNullable<Team['asked']> = { request: REQUEST, words: WORDS };
export const SITE = { id: 'a'.repeat(64), name: 'North' };
export const JOURNAL: JournalStatus = {
  device: 'd1',
  seq: 7,
  hash: 'b'.repeat(64),
  entries: 7,
  state: 'whole',
  tornBytes: 0,
  chains: [{ device: 'd2', seq: 40, hash: 'c'.repeat(64) }],
};

export function laptopOf(name: string, more: Partial<Laptop> = {}): Laptop {
  return {
    laptop: `id of ${name}`,
    name,
    role: 'counting',
    state: 'enrolled',
    isHere: false,
    entries: 0,
    refused: 0,
    unsigned: 0,
    newestAt: null,
    heardAt: null,
    forkedAt: null,
    ...more,
  };
}

export const HERE = laptopOf('Office', { role: 'supervising', isHere: true, entries: 1204 });

export const HAND_OVER: HandOver = {
  from: 'Ben’s laptop',
  madeAt: '2026-11-22T09:12:00.000Z',
  site: SITE,
  fresh: 40,
  known: 1204,
  refused: 0,
  unsigned: 0,
  laptops: [{ name: 'Ben’s laptop', fresh: 40, newestAt: '2026-11-22T09:11:00.000Z' }],
  bins: ['A-07', 'A-08'],
  overlapping: [],
  catalogues: 0,
  problems: [],
};

export const EXCHANGE: Exchange = {
  folder: '/mnt/depot/stock',
  state: 'reached',
  detail: '',
  lastAt: '2026-11-22T09:12:00.000Z',
  toPut: 0,
  missing: [],
  refused: [],
};

export const SERVER: SiteServer = {
  address: 'depot-pc:4222',
  state: 'reached',
  detail: '',
  lastAt: '2026-11-22T09:12:00.000Z',
  toPut: 0,
  missing: [],
  refused: [],
  serving: null,
  laidOut: null,
};

type Call = { readonly procedure: HostProcedure; readonly input: unknown };

export type Site = {
  readonly host: Host;
  /** What was asked, in order, but for what only reads. */
  readonly calls: readonly Call[];
  inputsOf(procedure: HostProcedure): readonly unknown[];
  /** Bytes of the file that was given last. */
  given(): Uint8Array;
};

export type SiteSetting = {
  readonly here?: Team['here'];
  readonly laptops?: readonly Laptop[];
  readonly handOver?: HandOver;
  /** The shared folder, asked anew each time; null: none is chosen. And how much of others was taken in. */
  readonly exchange?: () => Exchange | null;
  readonly news?: () => number;
  /** The site's server, asked anew each time; null: there is none. */
  readonly server?: () => SiteServer | null;
  /** What comes of saving evidence. */
  readonly evidence?: () => Promise<HostOutput<'exportEvidence'>>;
  /** These procedures refuse. */
  readonly refusals?: Partial<Record<HostProcedure, HostError>>;
  /** Awaited before a piece of a file is taken. */
  readonly beforePiece?: () => Promise<void>;
};

/**
 * A host that knows a site and keeps it in memory: it does what the contract says of laptops, seals nothing, and refuses
 * any input that does not fit, as the real one does. Answers come through the page's own client.
 */
export function siteHost({
  here = 'supervising',
  laptops = [HERE],
  handOver,
  exchange = () => null,
  server = () => null,
  news = () => 0,
  evidence = async () => ({ outcome: 'cancelled' }),
  refusals = {},
  beforePiece,
}: SiteSetting): Site {
  const calls: Call[] = [];
  let pieces: Uint8Array[] = [];
  let team: Team = {
    site: here === 'none' || here === 'asked' ? null : SITE,
    here,
    asked: here === 'asked' ? ASKED : null,
    laptops: here === 'none' || here === 'asked' ? [] : [...laptops],
  };
  const change = (id: string, to: Partial<Laptop>) => {
    team = { ...team, laptops: team.laptops.map((one) => (one.laptop === id ? { ...one, ...to } : one)) };
    return ok({ entries: [] });
  };
  const length = () => pieces.reduce((sum, piece) => sum + piece.length, 0);
  const answers: Partial<{ [Name in HostProcedure]: (input: never) => unknown }> = {
    team: () => ok(team),
    filesFound: () => ok({ mended: [], entry: 'open', hasRecoveryCode: true, pinLengths: {} }),
    foundSite(input: { site: string; laptop: string }) {
      team = {
        site: { ...SITE, name: input.site },
        here: 'supervising',
        asked: null,
        laptops: [{ ...HERE, name: input.laptop }],
      };
      return ok({ entries: [] });
    },
    askToJoin: () => {
      team = { ...team, here: 'asked', asked: ASKED };
      return ok(ASKED);
    },
    readRequest: ({ request }: { request: string }) =>
      [REQUEST, requestCode(JOIN)].includes(request)
        ? ok({ laptop: 'd2', name: 'Ben’s laptop', words: WORDS })
        : err({ code: 'bad_request', reason: 'not a request' }),
    enrolLaptop({ name, role }: { name: string; role: Laptop['role'] }) {
      team = { ...team, laptops: [...team.laptops, laptopOf(name, { role })] };
      return ok({ entries: [] });
    },
    nameLaptop: ({ laptop, name }: { laptop: string; name: string }) => change(laptop, { name }),
    revokeLaptop: ({ laptop }: { laptop: string }) => change(laptop, { state: 'revoked' }),
    exportEvidence: async () => ok(await evidence()),
    saveHandOver: () => ok({ outcome: 'saved', entries: 1244 }),
    holdConnection: () => ok({ entries: [] }),
    takeOverRequests: () => ok({ entries: [] }),
    async giveHandOver({ at, bytes }: { at: number; bytes: string }) {
      await beforePiece?.();
      if (at === 0) pieces = [];
      if (at !== length()) return err({ code: 'bad_request', reason: 'out of order' });
      pieces.push(Uint8Array.from(atob(bytes), (sign) => sign.codePointAt(0) ?? 0));
      return ok({});
    },
    lookAtHandOver: () =>
      handOver === undefined || length() === 0 ? err({ code: 'bad_hand_over', why: 'not_one' }) : ok(handOver),
    takeHandOver: () => ok({ entries: [], fresh: handOver?.fresh ?? 0, journal: JOURNAL }),
    saveFile: () => ok({ outcome: 'saved' }),
    exchange: () => ok({ news: news(), exchange: exchange(), server: server() }),
    shareFolder: () => ok({ outcome: 'chosen', exchange: EXCHANGE }),
    lookIntoFolder: () => ok({}),
    leaveFolder: () => ok({}),
    joinServer: () => ok({ server: SERVER }),
    lookIntoServer: () => ok({}),
    leaveServer: () => ok({}),
    serveSite: ({ port }: { port: number }) =>
      ok({ server: { ...SERVER, serving: { state: 'serving', detail: '', port } } }),
    stopServing: () => ok({ server: SERVER }),
    saveServerFile: () => ok({ outcome: 'saved' }),
    saveServerFolder: ({ host, port }: { host: string; port: number }) =>
      ok({
        outcome: 'saved',
        server: { ...SERVER, address: `${host}:${port}`, laidOut: { host, port, unknown: [], revoked: [] } },
        file: '{}',
      }),
  };
  const host = createHostClient(async (name, input) => {
    const procedure = name as HostProcedure;
    const asked = hostContract[procedure].input.safeParse(input);
    if (!asked.success) return err({ code: 'bad_request', reason: 'does not fit' });
    if (procedure !== 'team' && procedure !== 'exchange') calls.push({ procedure, input: asked.data });
    const refusal = refusals[procedure];
    return refusal === undefined ? answers[procedure]?.(asked.data as never) : err(refusal);
  });
  return {
    host,
    calls,
    inputsOf: (procedure) => calls.filter((call) => call.procedure === procedure).map(({ input }) => input),
    given() {
      const all = new Uint8Array(length());
      let at = 0;
      for (const piece of pieces) {
        all.set(piece, at);
        at += piece.length;
      }
      return all;
    },
  };
}

type Stack = ReturnType<typeof createScanStack>;

/** What the page's ledger was told. */
export type Told = { chains: JournalStatus[]; catalogues: number; people: number; caughtUp: number };

export function personOf(roles: readonly Role[]): Person {
  return { id: 'p1', name: 'Mia', roles: [...roles], active: true };
}

/** Something that stands on the open ledger, over a site's host; answers what the ledger was told. */
export function showOver(
  site: Site,
  shown: ReactElement,
  {
    roles = ['admin'],
    refuses,
    scans = createScanStack(),
    sending = NO_SENDING,
    bins = [],
  }: {
    roles?: readonly Role[];
    refuses?: LedgerError;
    scans?: Stack;
    sending?: SendingState;
    bins?: readonly Bin[];
  } = {},
): Told {
  const told: Told = { chains: [], catalogues: 0, people: 0, caughtUp: 0 };
  const answer = (): Result<null, LedgerError> => (refuses === undefined ? ok(null) : err(refuses));
  const state = { catalogue: new Map<string, never>() };
  const catalogue = createCatalogue([], bins);
  const ledger = {
    subscribe: () => () => undefined,
    version: () => 0,
    state: () => state,
    catalogue: () => catalogue,
    status: () => ({ entries: 7, pending: 0, waitingToSend: 0 }),
    sending: () => sending,
    takeIn: async () => ok(null),
    nameExpected: async () => ok(null),
    async catchUp() {
      told.caughtUp += 1;
      return ok(told.caughtUp);
    },
    catalogueProblem: () => undefined,
    takeChains: async (journal: JournalStatus) => {
      told.chains.push(journal);
      return answer();
    },
    reloadCatalogue: async () => {
      told.catalogues += 1;
    },
  } as unknown as Ledger;
  const tallybook: Tallybook = {
    host: site.host,
    ledger,
    sending: { flush: async () => undefined } as unknown as Sending,
    sounds: {
      taken() {},
      noted() {},
      look() {},
      notTaken() {},
      played: () => ({ taken: 0, noted: 0, look: 0, notTaken: 0 }),
    },
    person: personOf(roles),
    people: [],
    laptop: 'office-pc',
    signOut: async () => {},
    reloadPeople: async () => {
      told.people += 1;
    },
  };
  render(
    <TallybookContext.Provider value={tallybook}>
      <ScansProvider scans={{ ...scans, onNews: () => () => undefined } as unknown as Scans}>
        <Live />
        {shown}
      </ScansProvider>
    </TallybookContext.Provider>,
  );
  return told;
}

/** Something that is shown before anybody has signed in. */
export function showBefore(shown: ReactElement): void {
  const scans = { add: () => () => undefined, onNews: () => () => undefined } as never;
  render(
    <ScansProvider scans={scans} onNews={() => undefined}>
      <Live />
      {shown}
    </ScansProvider>,
  );
}

/** Lists show what fits their height; here every element is a screen high. */
export function giveRoom(): void {
  for (const side of ['clientHeight', 'clientWidth'] as const)
    Object.defineProperty(HTMLElement.prototype, side, { configurable: true, value: 800 });
}

export const press = (name: string | RegExp): void => void fireEvent.click(screen.getByRole('button', { name }));
export const type = (label: string | RegExp, value: string): void =>
  void fireEvent.change(screen.getByLabelText(label), { target: { value } });
export const dialog = (): ReturnType<typeof within> => within(screen.getByRole('dialog'));

/** A file chosen in the place with that test id. */
export async function choose(testId: string, file: File): Promise<void> {
  await act(async () => {
    fireEvent.change(screen.getByTestId(testId), { target: { files: [file] } });
  });
}

export const handOverFile = (): File => new File(['a file of another laptop'], 'ben.tallybook');
