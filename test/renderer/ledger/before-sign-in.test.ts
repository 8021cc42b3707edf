import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { heal, mendJournal } from '../../../renderer/ledger/heal.ts';
import { mayNeedCopy } from '../../../renderer/ledger/may-need-copy.ts';
import { codeOf, does, freshFolder, hostAt } from '../../electron/host/bench.ts';
import { PIN } from '../../electron/host/crew.ts';
import { openPageCopy, unwrap } from './page.ts';

describe('before anybody has signed in', () => {
  test('L747 a new laptop asks nothing of the journal, and its first person is no news of healing', async () => {
    const running = await hostAt({ folder: await freshFolder() });
    const { copy } = await openPageCopy(new IDBFactory());
    const { journal } = await does(running, 'start', {});
    expect(mayNeedCopy(journal)).toBe(true);
    const parts = { host: running.host, copy, progress: () => undefined };
    expect(unwrap(await mendJournal(parts, journal)).found).toEqual([]);
    expect(await codeOf(running.host.readJournal({ fromSeq: 1, limit: 10 }))).toBe('not_signed_in');
    await does(running, 'createFirstPerson', { name: 'Ada', pin: PIN });
    const here = await does(running, 'whoIsHere', {});
    const healed = await heal(running.host, copy, here.journal, false, () => undefined, journal.seq);
    expect(unwrap(healed).found).toEqual([]);
    expect((await copy.last(here.journal.device))?.seq).toBe(here.journal.seq);
    await copy.close();
    await running.close();
  });
});
