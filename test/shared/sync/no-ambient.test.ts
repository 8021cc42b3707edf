import { expect, onTestFinished, test } from 'vitest';
import { CONNECTION, createLaptop } from './laptop.ts';
import { paperRemote } from './paper-remote.ts';

test('O100 the sync engine reaches no clock, chance, timer or network while it freezes, sends, reads back and sends again', async () => {
  const reached: string[] = [];
  const trap = (owner: object, name: string) => {
    const kept = Object.getOwnPropertyDescriptor(owner, name);
    if (kept === undefined) return;
    Object.defineProperty(owner, name, {
      configurable: true,
      value: () => {
        reached.push(name);
        return 0;
      },
    });
    onTestFinished(() => void Object.defineProperty(owner, name, kept));
  };
  const paper = paperRemote({ readBack: 'figures' });
  paper.fates.push('half_and_lost', { code: 'not_sent', detail: '' });
  paper.poisoned.add('I3');
  const laptop = createLaptop({ [CONNECTION]: paper });
  trap(Date, 'now');
  trap(Math, 'random');
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'fetch']) trap(globalThis, name);
  await laptop.send(['I0', 'I1', 'I2']);
  await laptop.send(['I3', 'I4'], { batch: 'b2' });
  expect(await laptop.run()).toBe(true);
  expect([...paper.taken.values()]).toEqual([1, 1, 1, 1]);
  expect(reached).toEqual([]);
});
