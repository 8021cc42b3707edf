import { describe, expect, test } from 'vitest';
import { codeOf, does, faultyDisk, freshFolder, hostAt } from './bench.ts';
import { COUNTED, STOCKTAKE, hire } from './crew.ts';

/** A host with a stocktake and an admin signed in, on a disk that can be told to fail. */
async function counting() {
  const disk = faultyDisk();
  const folder = await freshFolder();
  const running = await hostAt({ folder, disk });
  const crew = await hire(running);
  await does(running, 'signIn', { person: crew.byRole.lead, pin: '2468' });
  await does(running, 'append', { facts: [STOCKTAKE] });
  return { disk, running, folder };
}

describe('an early answer', () => {
  test('H180 facts are answered for once written, and called safe once synced; a ticket is good for one question', async () => {
    const { disk, running } = await counting();
    const { journal: before } = await does(running, 'start', {});
    disk.log.length = 0;
    const early = await does(running, 'append', { facts: [COUNTED], early: true });
    expect(disk.log).toContain('write');
    expect(early.entries).toMatchObject([{ seq: before.seq + 1, prev: before.hash }]);
    await does(running, 'synced', { ticket: early.ticket ?? 0 });
    expect(disk.log).toContain('datasync');
    expect((await does(running, 'start', {})).journal).toMatchObject({ seq: before.seq + 1 });
    expect(await codeOf(running.host.synced({ ticket: early.ticket ?? 0 }))).toBe('bad_request');
    expect(await codeOf(running.host.synced({ ticket: 99 }))).toBe('bad_request');
    expect(await does(running, 'append', { facts: [COUNTED] })).not.toHaveProperty('ticket');
    await running.close();
  });

  test('H181 a write that fails is refused at once; a sync that fails, when asked about; neither leaves an entry', async () => {
    for (const failing of ['write', 'datasync'] as const) {
      const { disk, running } = await counting();
      const { journal: before } = await does(running, 'start', {});
      disk.fault = (operation, path) => (operation === failing && path.endsWith('.jsonl') ? 'ENOSPC' : null);
      const early = await running.host.append({ facts: [COUNTED], early: true });
      if (failing === 'write') expect(early).toEqual({ ok: false, error: { code: 'disk_full' } });
      else expect(early).toMatchObject({ ok: true, value: { ticket: 1 } });
      if (early.ok) expect(await codeOf(running.host.synced({ ticket: early.value.ticket ?? 0 }))).toBe('disk_full');
      disk.fault = () => null;
      expect((await does(running, 'start', {})).journal).toMatchObject({ seq: before.seq, hash: before.hash });
      const { entries } = await does(running, 'append', { facts: [COUNTED] });
      expect(entries).toMatchObject([{ seq: before.seq + 1, prev: before.hash }]);
      await running.close();
    }
  });

  test('H182 a page that is loaded anew hears of a journal with nothing on its way', async () => {
    const { running } = await counting();
    const early = await does(running, 'append', { facts: [COUNTED], early: true });
    const { journal } = await does(running, 'start', {});
    expect(journal).toMatchObject({ seq: early.entries[0]?.seq, hash: early.entries[0]?.hash });
    expect(await codeOf(running.host.synced({ ticket: early.ticket ?? 0 }))).toBe('bad_request');
    await running.close();
  });
});
