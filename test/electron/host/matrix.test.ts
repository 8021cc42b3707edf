import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { roleSchema, type Role } from '../../../shared/domain/person.ts';
import { hostContract, type HostInput, type HostProcedure } from '../../../shared/ports/host.ts';
import { serve } from '../../../electron/host/serve.ts';
import type { RunningHost } from '../../../electron/host/create-host.ts';
import { freshFolder, hostAt } from './bench.ts';
import { COUNTED, PIN, countAndSubmit, enter, hire, type Crew } from './crew.ts';

type Everyone = 'all' | 'inside' | 'left running' | readonly Role[];

/**
 * Who may call what, written down a second time: a row that is loosened in the contract fails here, and a new procedure
 * fails until somebody has thought about it.
 */
const MAY: Readonly<Record<HostProcedure, Everyone>> = {
  start: 'all',
  whoIsHere: 'all',
  filesFound: 'all',
  recoverAccess: 'all',
  checkDisk: 'all',
  chooseCopy: 'all',
  restoreCopy: 'all',
  createFirstPerson: 'all',
  signIn: 'all',
  signOut: 'all',
  synced: 'all',
  restoreJournal: 'all',
  log: 'all',
  saveFile: 'all',
  team: 'all',
  askToJoin: 'all',
  giveHandOver: 'all',
  lookAtHandOver: 'all',
  takeHandOver: 'all',
  setFirstPin: 'all',
  exchange: 'all',
  append: 'inside',
  readJournal: 'inside',
  checkJournal: 'inside',
  readCatalogueFile: 'inside',
  connectors: 'inside',
  freezeAgain: 'inside',
  keepWitness: 'inside',
  saveHandOver: 'inside',
  shareFolder: 'inside',
  lookIntoFolder: 'inside',
  leaveFolder: 'inside',
  joinServer: 'inside',
  lookIntoServer: 'inside',
  leaveServer: 'inside',
  saveServerFile: 'inside',
  pushRequest: 'left running',
  readBackRequest: 'left running',
  pullCounts: 'left running',
  pullMovements: 'left running',
  beginCatalogueFile: ['admin', 'lead'],
  appendCatalogueRows: ['admin', 'lead'],
  sealCatalogueFile: ['admin', 'lead'],
  discardCatalogueFile: ['admin', 'lead'],
  readSample: ['admin', 'lead'],
  exportEvidence: ['lead', 'approver', 'admin'],
  savePerson: ['admin'],
  saveConnection: ['admin'],
  beginVendorSignIn: ['admin'],
  finishVendorSignIn: ['admin'],
  settleHistory: ['admin'],
  renewRecoveryCode: ['admin'],
  copyEverything: ['admin'],
  keepDailyCopy: ['admin'],
  copyStatus: ['admin'],
  foundSite: ['admin'],
  readRequest: ['admin'],
  enrolLaptop: ['admin'],
  nameLaptop: ['admin'],
  revokeLaptop: ['admin'],
  serveSite: ['admin'],
  stopServing: ['admin'],
  saveServerFolder: ['admin'],
  unlockVault: ['admin', 'approver'],
  connectionHolders: 'inside',
  holdConnection: ['admin', 'approver'],
  takeOverRequests: ['approver'],
  testConnection: ['admin', 'approver'],
  remoteLocations: ['admin', 'approver'],
  createRemoteLocation: ['admin', 'approver'],
  startTracking: ['admin', 'approver'],
  remoteItems: ['admin', 'approver'],
  freezeRequests: ['approver'],
  startFileJob: ['approver'],
  abortFileJob: ['approver'],
  decideDrift: ['approver'],
};

const SHA = 'a'.repeat(64);
const STEP = { connection: 'c', request: 'r' };
/** One input of each that fits its schema; what it asks for need not be there. */
const INPUT: { readonly [Name in HostProcedure]: HostInput<Name> } = {
  start: {},
  whoIsHere: {},
  filesFound: {},
  recoverAccess: { person: 'nobody', code: 'none', pin: PIN },
  createFirstPerson: { name: 'Eve', pin: PIN },
  signIn: { person: 'nobody', pin: PIN },
  signOut: {},
  synced: { ticket: 1 },
  restoreJournal: { entries: [], last: false },
  log: { level: 'info', event: 'x', facts: {} },
  append: { facts: [COUNTED] },
  readJournal: { fromSeq: 1, limit: 1 },
  checkJournal: {},
  readCatalogueFile: { sha256: SHA, offset: 0 },
  connectors: {},
  saveFile: { suggestedName: 'a.csv', text: '' },
  exportEvidence: {},
  freezeAgain: STEP,
  keepWitness: { entries: [], last: false, fromSeq: 1 },
  pushRequest: STEP,
  readBackRequest: STEP,
  pullCounts: { connection: 'c' },
  pullMovements: { connection: 'c', run: 'r', from: '2026-11-22T06:00:00.000Z', to: '2026-11-22T07:00:00.000Z' },
  beginCatalogueFile: { what: 'items' },
  appendCatalogueRows: { file: 'f', lines: '', rows: 0 },
  sealCatalogueFile: { file: 'f' },
  discardCatalogueFile: { file: 'f' },
  readSample: { what: 'items' },
  savePerson: { id: 'none', name: 'Eve', roles: ['admin'], active: true },
  saveConnection: { remote: 'none', name: 'x', settings: {}, secrets: {} },
  beginVendorSignIn: { connection: 'c' },
  finishVendorSignIn: { connection: 'c', answer: 'a' },
  settleHistory: {},
  renewRecoveryCode: {},
  checkDisk: {},
  chooseCopy: {},
  restoreCopy: {},
  copyEverything: {},
  keepDailyCopy: { on: false },
  copyStatus: {},
  exchange: {},
  shareFolder: {},
  lookIntoFolder: {},
  leaveFolder: {},
  joinServer: { text: '' },
  lookIntoServer: {},
  leaveServer: {},
  serveSite: { port: 4222 },
  stopServing: {},
  saveServerFile: {},
  saveServerFolder: { host: 'depot', port: 4222 },
  team: {},
  foundSite: { site: 'Leeds', laptop: 'Office' },
  askToJoin: { laptop: 'Cold store' },
  readRequest: { request: 'none' },
  enrolLaptop: { request: 'none', name: 'Cold store', role: 'counting' },
  nameLaptop: { laptop: 'none', name: 'Cold store' },
  revokeLaptop: { laptop: 'none' },
  saveHandOver: {},
  giveHandOver: { at: 0, bytes: '' },
  lookAtHandOver: {},
  takeHandOver: {},
  setFirstPin: { person: 'nobody', pin: PIN },
  unlockVault: { passphrase: 'long enough words' },
  connectionHolders: {},
  holdConnection: { connection: 'c', laptop: 'd' },
  takeOverRequests: { connection: 'c' },
  testConnection: { connection: 'c' },
  remoteLocations: { connection: 'c' },
  createRemoteLocation: { connection: 'c', name: 'n', site: 's' },
  startTracking: { connection: 'c', items: ['i'], location: 'l' },
  remoteItems: { connection: 'c' },
  freezeRequests: { connection: 'c', batch: 'b', lines: [], stopped: [] },
  startFileJob: { ...STEP, url: 'https://a.example/f' },
  abortFileJob: STEP,
  decideDrift: {
    connection: 'c',
    decision: 'd',
    choice: 'send_ours',
    rows: [{ item: 'i', remoteItem: 'r', remoteLocation: 'l', ours: '1', theirs: null }],
    corrections: [],
  },
};
const PROCEDURES = Object.keys(hostContract) as HostProcedure[];

let template: { folder: string; crew: Crew };
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallybook-matrix-'));
  const running = await hostAt({ folder, segmentBytes: 2000 });
  const crew = await hire(running);
  await countAndSubmit(running, crew);
  await running.close();
  template = { folder, crew };
  return () => rm(folder, { recursive: true, force: true });
}, 60_000);

async function profile(state: 'whole' | 'damaged' | 'missing'): Promise<string> {
  const folder = await freshFolder();
  await cp(template.folder, folder, { recursive: true });
  const journal = join(folder, 'journal');
  if (state === 'missing') await rm(journal, { recursive: true });
  if (state === 'damaged') {
    // Behind the people, so that somebody can still sign in.
    const [, second = ''] = (await readdir(journal)).filter((name) => name.endsWith('.jsonl'));
    const text = await readFile(join(journal, second), 'utf8');
    await writeFile(join(journal, second), text.replace('"take-1"', '"take-X"'));
  }
  return folder;
}

function isAllowed(procedure: HostProcedure, role: Role | null, wasIn: boolean): boolean {
  const may = MAY[procedure];
  if (may === 'all') return true;
  if (may === 'left running') return role !== null || wasIn;
  if (role === null) return false;
  return may === 'inside' || may.includes(role);
}

async function refusal(running: RunningHost, procedure: HostProcedure): Promise<string> {
  const answer = await serve(running.host, running.log, procedure, INPUT[procedure]);
  return answer.ok ? 'ok' : answer.error.code;
}

/** Asks everything as whoever is there, and holds the answers to the table. */
async function askAll(running: RunningHost, role: Role | null, wasIn: boolean, where: string): Promise<void> {
  for (const procedure of PROCEDURES) {
    if (procedure === 'signOut' || procedure === 'signIn') continue;
    const code = await refusal(running, procedure);
    const isRefused = code === (role === null ? 'not_signed_in' : 'role_missing');
    // Facts have roles of their own, and so has a vault without a passphrase: both are asked after the door.
    if (role !== null && (procedure === 'append' || procedure === 'unlockVault') && isAllowed(procedure, role, wasIn))
      continue;
    const said = `${procedure} by ${role ?? 'nobody'} ${where}: ${code}`;
    expect([said, isRefused]).toEqual([said, !isAllowed(procedure, role, wasIn)]);
    expect([said, code]).not.toEqual([said, 'host_failed']);
  }
}

describe('who may call what', () => {
  test.each(['whole', 'damaged', 'missing'] as const)(
    'H740 every procedure is open to exactly those whom its row names, signed in or not, with a journal that is %s',
    async (state) => {
      expect(Object.keys(MAY).toSorted()).toEqual(PROCEDURES.toSorted());
      const folder = await profile(state);
      const running = await hostAt({ folder, segmentBytes: 2000 });
      await askAll(running, null, false, `before anybody came, ${state}`);
      if (state === 'missing') {
        // Nobody is known, so nobody can come in; and nobody is made the first person over a journal that is lost.
        expect(await refusal(running, 'createFirstPerson')).not.toBe('ok');
        await running.close();
        return;
      }
      for (const role of roleSchema.options) {
        const crewed = await hostAt({ folder: await profile(state), segmentBytes: 2000 });
        await enter(crewed, template.crew.byRole[role]);
        await askAll(crewed, role, true, state);
        await serve(crewed.host, crewed.log, 'signOut', {});
        await askAll(crewed, null, true, `after ${role} left, ${state}`);
        await crewed.close();
      }
      await running.close();
    },
    120_000,
  );
});
