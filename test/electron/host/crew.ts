import type { Fact, FactOf } from '../../../shared/domain/ledger-entry.ts';
import type { Role } from '../../../shared/domain/person.ts';
import type { RunningHost } from '../../../electron/host/create-host.ts';
import { does } from './bench.ts';

export const PIN = '2468';
/** `code`: the recovery code that the first admin was told. */
export type Crew = { admin: string; code: string; byRole: Record<Role, string> };

/** The first admin, and one person more for each role alone. Ends with the admin signed in. */
export async function hire(running: RunningHost): Promise<Crew> {
  const { person, recoveryCode } = await does(running, 'createFirstPerson', { name: 'Ada', pin: PIN });
  const one = async (role: Role) =>
    (await does(running, 'savePerson', { name: role, roles: [role], active: true, pin: PIN })).person.id;
  return {
    admin: person.id,
    code: recoveryCode,
    byRole: {
      counter: await one('counter'),
      lead: await one('lead'),
      approver: await one('approver'),
      admin: await one('admin'),
    },
  };
}

export async function enter(running: RunningHost, person: string): Promise<void> {
  await does(running, 'signIn', { person, pin: PIN });
}

export const LINE = { item: 'SKU-1', bin: 'A-01' };
export const STOCKTAKE: Fact = {
  kind: 'stocktake_created',
  stocktake: 'take-1',
  name: 'Autumn',
  blind: true,
  bins: ['A-01', 'A-02'],
};
export const COUNTED: FactOf<'counted'> = {
  kind: 'counted',
  stocktake: 'take-1',
  pass: 1,
  ...LINE,
  quantity: '5',
  how: 'scan',
};
export const BATCH: FactOf<'batch_submitted'> = {
  kind: 'batch_submitted',
  batch: 'batch-1',
  stocktake: 'take-1',
  pass: 1,
  bins: ['A-01'],
};
export const APPROVED: FactOf<'lines_decided'> = {
  kind: 'lines_decided',
  batch: 'batch-1',
  decision: 'approve',
  lines: [LINE],
};
export const POSTED: FactOf<'lines_posted'> = {
  kind: 'lines_posted',
  batch: 'batch-1',
  lines: [
    { ...LINE, counted: '5', bookThen: '7', variance: '-2', anchor: 'entry-1', countedAt: '2026-11-22T07:00:00.000Z' },
  ],
};

/** A stocktake counted by the counter and handed in; ends with the counter signed in. */
export async function countAndSubmit(
  running: RunningHost,
  crew: Crew,
  bins: readonly string[] = ['A-01'],
): Promise<void> {
  await enter(running, crew.byRole.lead);
  await does(running, 'append', { facts: [STOCKTAKE] });
  await enter(running, crew.byRole.counter);
  await does(running, 'append', { facts: [COUNTED, { ...BATCH, bins: [...bins] }] });
}
