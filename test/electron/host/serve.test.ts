import { describe, expect, test } from 'vitest';
import { hostErrorSchema, type Host } from '../../../shared/ports/host.ts';
import { serve } from '../../../electron/host/serve.ts';
import { does, freshFolder, hostAt } from './bench.ts';
import { COUNTED, PIN, hire } from './crew.ts';

const SHA = 'a'.repeat(64);
const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
/** What a hostile page might try. */
const HOSTILE: readonly (readonly [unknown, unknown])[] = [
  ['__proto__', {}],
  ['constructor', {}],
  ['toString', {}],
  ['hasOwnProperty', 'x'],
  ['', {}],
  [null, {}],
  [undefined, undefined],
  [42, {}],
  [['append'], {}],
  [{ toString: () => 'append' }, {}],
  ['close', {}],
  ['append', null],
  ['append', 'facts'],
  ['append', {}],
  ['append', { facts: [] }],
  ['append', { facts: {} }],
  ['append', { facts: [null] }],
  ['append', { facts: [{ kind: 'nonsense' }] }],
  ['append', { facts: [{ ...COUNTED, quantity: '1e308' }] }],
  ['append', { facts: [{ ...COUNTED, quantity: 5 }] }],
  ['append', { facts: [{ ...COUNTED, quantity: 'NaN' }] }],
  ['append', { facts: [{ ...COUNTED, item: 'x'.repeat(65) }] }],
  ['append', { facts: [{ ...COUNTED, code: 'x'.repeat(5000) }] }],
  ['append', { facts: [{ ...COUNTED, pass: Infinity }] }],
  ['append', { facts: [deep] }],
  ['append', { facts: Array.from({ length: 5001 }, () => COUNTED) }],
  [
    'append',
    {
      facts: [
        {
          kind: 'send_settled',
          connection: 'c',
          request: 'r',
          attempt: 1,
          outcome: { state: 'confirmed', receipts: [] },
        },
      ],
    },
  ],
  ['append', { facts: [{ kind: 'person_changed', person: 'p', name: 'Eve', roles: ['admin'], active: true }] }],
  ['readJournal', { fromSeq: 0, limit: 1 }],
  ['readJournal', { fromSeq: 1, limit: 1e9 }],
  ['restoreJournal', { entries: [], last: true }],
  ['restoreJournal', { entries: [{ id: 'x' }], last: false }],
  ['readCatalogueFile', { sha256: '../../people.json', offset: 0 }],
  ['readCatalogueFile', { sha256: SHA, offset: -1 }],
  ['readCatalogueFile', { sha256: SHA, offset: 0 }],
  ['appendCatalogueRows', { file: '../../x', lines: '{}\n', rows: 1 }],
  ['readSample', { what: '../people' }],
  ['createFirstPerson', { name: 'Eve', pin: PIN }],
  ['signIn', { person: '__proto__', pin: PIN }],
  ['savePerson', { id: 'none', name: 'Eve', roles: ['admin', 'root'], active: true }],
  ['saveConnection', { remote: 'square', name: 'x', settings: { a: 1 }, secrets: {} }],
  ['pushRequest', { connection: 'c', request: '__proto__' }],
  ['pullCounts', { connection: 'c', updatedAfter: 'yesterday' }],
  ['freezeRequests', { connection: 'c', batch: 'b', lines: [{ ref: 'r' }], stopped: [] }],
  ['log', { level: 'fatal', event: 'x', facts: {} }],
];

describe('a page that may be lying', () => {
  test(`H48 each of ${HOSTILE.length} hostile calls is refused with a code of the contract, and nothing is written`, async () => {
    const running = await hostAt({ folder: await freshFolder() });
    await hire(running);
    const before = (await does(running, 'start', {})).journal;
    for (const [index, [procedure, input]] of HOSTILE.entries()) {
      const answer = await serve(running.host, running.log, procedure, input);
      const shown = `call ${index}: ${JSON.stringify(procedure)}`;
      expect([shown, answer.ok]).toEqual([shown, false]);
      const error = hostErrorSchema.parse(answer.ok ? null : answer.error);
      expect([shown, error.code]).not.toEqual([shown, 'host_failed']);
    }
    expect((await does(running, 'start', {})).journal).toEqual(before);
    expect(Object.hasOwn(Object.prototype, 'roles')).toBe(false);
    await running.close();
  });

  test('H49 nothing is thrown across the boundary, and no answer of the wrong shape leaves the host', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    const broken: Host = {
      ...running.host,
      start: () => Promise.reject(new Error('secret inside')),
      connectors: async () => ({ ok: true, value: 'nonsense' as never }),
    };
    expect(await serve(broken, running.log, 'start', {})).toEqual({ ok: false, error: { code: 'host_failed' } });
    expect(await serve(broken, running.log, 'connectors', {})).toEqual({ ok: false, error: { code: 'host_failed' } });
    await running.close();
  });

  test('H50 a whole journal in use takes no restored entries, so nothing enters it past the role check', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    await hire(running);
    expect(await serve(running.host, running.log, 'restoreJournal', { entries: [], last: true })).toMatchObject({
      ok: false,
    });
    await running.close();
  });
});
