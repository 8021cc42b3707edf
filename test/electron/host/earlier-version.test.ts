import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIRST_PREV, entryId, entryText, type Fact } from '../../../shared/domain/ledger-entry.ts';
import { sha256 } from '../../../electron/host/disk/sha256.ts';
import { openKeptText } from '../../../electron/host/disk/kept-file.ts';
import { codeOf, does, freshFolder, hostAt, manualClock } from './bench.ts';
import { COUNTED, PIN, enter, hire, type Crew } from './crew.ts';
import { honestRemote } from './honest-remote.ts';

const connectors = [honestRemote().connector];
const FORM = {
  remote: 'honest',
  name: 'Shop',
  settings: { baseUrl: 'https://remote.example' },
  secrets: { token: 'secret' },
};

/** A journal as version 2 of the ledger wrote it. */
function linesOfVersion2(device: string, facts: readonly { by: string; fact: Fact }[]): string {
  let prev = FIRST_PREV;
  return facts
    .map(({ by, fact }, index) => {
      const seq = index + 1;
      const text = entryText({ device, seq, at: '2026-11-22T08:00:00.000Z', by, v: 2, prev, fact });
      prev = sha256(text);
      return `{"hash":"${prev}","id":"${entryId(device, seq)}",${text.slice(1)}\n`;
    })
    .join('');
}

/** A profile as the version before left it: small files without a checksum, nothing of PINs in the journal. */
async function olderProfile(): Promise<{ folder: string; crew: Crew; connection: string }> {
  const now = await freshFolder();
  const running = await hostAt({ folder: now, connectors });
  const crew = await hire(running);
  const { connection } = await does(running, 'saveConnection', FORM);
  const { entries } = await does(running, 'readJournal', { fromSeq: 1, limit: 1000 });
  await running.close();
  const kept = async (name: string) => openKeptText(await readFile(join(now, name), 'utf8'))?.content as object;
  const folder = await freshFolder();
  const facts = entries.filter(({ fact }) => ['person_changed', 'connection_saved'].includes(fact.kind));
  await mkdir(join(folder, 'journal'));
  await mkdir(join(folder, 'authority'));
  await writeFile(join(folder, 'journal', '000001.jsonl'), linesOfVersion2('older', facts));
  const device = {
    v: 2,
    device: 'older',
    createdAt: '2026-11-22T08:00:00.000Z',
    acknowledged: facts.length,
    reserved: 999,
  };
  await writeFile(join(folder, 'device.json'), JSON.stringify(device));
  await writeFile(join(folder, 'vault.json'), JSON.stringify(await kept('vault.json')));
  const { pins } = (await kept('people.json')) as { pins: object };
  const locks = { [crew.byRole.lead]: { wrong: 6, lockedAt: 0, lockedForMs: 60_000 } };
  await writeFile(join(folder, 'people.json'), JSON.stringify({ pins, locks }));
  await writeFile(join(folder, 'authority', 'authority.json'), '{"keys":2}');
  return { folder, crew, connection };
}

test('H726 a profile of the version before opens as it is: whole, with its PINs, waits and secrets, and nothing is said', async () => {
  const { folder, crew, connection } = await olderProfile();
  const clock = manualClock();
  for (let start = 0; start < 2; start += 1) {
    const running = await hostAt({ folder, connectors, clock });
    const { journal, files, people } = await does(running, 'start', {});
    expect(journal).toMatchObject({ state: 'whole', device: 'older' });
    expect(files).toMatchObject({ mended: [], entry: 'open', hasRecoveryCode: false });
    expect(people).toHaveLength(5);
    expect(await codeOf(running.host.signIn({ person: crew.byRole.lead, pin: PIN }))).toBe('locked_out');
    await enter(running, crew.admin);
    // The remote is asked, so the secret was there.
    expect(await codeOf(running.host.testConnection({ connection }))).toBe('remote_failed');
    expect(await codeOf(running.host.append({ facts: [COUNTED] }))).toBe('ok');
    await running.close();
  }
});
