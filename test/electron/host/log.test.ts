import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../../../electron/host/serve.ts';
import { freshFolder, hostAt, manualClock } from './bench.ts';

async function linesOf(folder: string, name: string): Promise<Record<string, unknown>[]> {
  const logs = join(folder, 'logs');
  const all = (await readdir(logs)).filter((file) => file.startsWith(`${name}.`)).toSorted();
  const names = [...all.slice(0, -1).toReversed(), ...all.slice(-1)];
  const texts = await Promise.all(names.map((file) => readFile(join(logs, file), 'utf8')));
  const lines = texts.join('').split('\n');
  return lines.filter((line) => line !== '').map((line): Record<string, unknown> => JSON.parse(line));
}

describe('the log', () => {
  test('H773 one call logs one line of a few kilobytes at most, and one with ever so many facts is refused', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder });
    const facts = (many: number) =>
      Object.fromEntries(Array.from({ length: many }, (_, at) => [`fact${at}`, 'x'.repeat(2000)]));
    const asked = { level: 'error', event: 'big' };
    expect(await serve(running.host, running.log, 'log', { ...asked, facts: facts(20) })).toMatchObject({ ok: true });
    expect(await serve(running.host, running.log, 'log', { ...asked, facts: facts(5000) })).toMatchObject({
      ok: false,
    });
    running.log('error', 'big', { all: facts(5000) });
    await running.close();
    const lines = [...(await linesOf(folder, 'page')), ...(await linesOf(folder, 'host'))];
    expect(lines.filter(({ event }) => event === 'page_big' || event === 'big')).toHaveLength(2);
    for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(10_000);
  });

  test('H774 a flood of a page’s lines hides no refused call and wipes no past; what is left out is counted', async () => {
    const folder = await freshFolder();
    const clock = manualClock();
    const running = await hostAt({ folder, clock });
    running.log('warn', 'journal_damaged', { seq: 7 });
    const flood = { level: 'info' as const, event: 'loop', facts: { text: 'x'.repeat(1900) } };
    for (let minute = 0; minute < 30; minute += 1) {
      for (let line = 0; line < 500; line += 1) await running.host.log(flood);
      await serve(running.host, running.log, 'nothing of ours', minute);
      clock.pass(61_000);
    }
    await running.host.log({ level: 'info', event: 'calm', facts: {} });
    await running.close();
    expect((await linesOf(folder, 'host')).filter(({ event }) => event === 'journal_damaged')).toHaveLength(1);
    expect((await linesOf(folder, 'refused')).filter(({ event }) => event === 'call_refused')).toHaveLength(30);
    const page = await linesOf(folder, 'page');
    expect(page.at(-1)).toMatchObject({ event: 'page_calm' });
    expect(page.at(-2)).toMatchObject({ event: 'lines_left_out', lines: 380 });
  });
});
