// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { openTallybook } from '../../../renderer/app/open-tallybook.ts';
import { startTallybook } from '../../../renderer/app/start-tallybook.ts';
import type { HostInput } from '../../../shared/ports/host.ts';
import { does } from '../../electron/host/bench.ts';
import { PIN } from '../../electron/host/crew.ts';
import { comes, founder, join } from '../../electron/host/team-rig.ts';
import { unwrap } from '../ledger/page.ts';

test('L844 the first screen does not wait for the files of other laptops to be checked; they are, behind it', async () => {
  const office = await founder();
  const cold = await join(office, 'Cold store', 'counting');
  await comes(cold, office.crew.byRole.counter);
  const asked: HostInput<'checkJournal'>[] = [];
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { host } = cold.running;
  const slow: typeof host = {
    ...host,
    async checkJournal(input) {
      asked.push(input);
      if (input.of !== 'own') await held;
      return host.checkJournal(input);
    },
  };
  const started = unwrap(await startTallybook(slow, () => undefined));
  const { person } = await does(cold.running, 'signIn', { person: office.crew.byRole.counter, pin: PIN });
  const opened = unwrap(await openTallybook(slow, started, person, () => undefined));
  expect(asked).toEqual([{ of: 'own' }, { of: 'others' }]);
  letGo();
  await opened.ledger.close();
  await cold.running.close();
  await office.running.close();
});
