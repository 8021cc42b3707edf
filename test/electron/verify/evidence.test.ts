import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { describe, expect, test } from 'vitest';
import { openKeptText } from '../../../electron/host/disk/kept-file.ts';
import { saveEvidence } from '../../../electron/main/save-evidence.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { toReversedLine } from '../../../shared/domain/reversal.ts';
import { codeOf, does, faultyDisk, freshFolder, hostAt, testKeyring } from '../host/bench.ts';
import { APPROVED, COUNTED, LINE, countAndSubmit, enter, hire, journalOf, posting } from '../host/crew.ts';
import { honestRemote } from '../host/honest-remote.ts';
import { personKey, stolenKey } from '../host/team-attacks.ts';
import { as, comes, handOver } from '../host/team-rig.ts';
import { seeded } from '../../seeded.ts';
import {
  check,
  closed,
  closeSite,
  evidenceOf,
  faults,
  extend,
  forged,
  linesOf,
  postedSite,
  savesTo,
  VERIFIER,
  type Site,
} from './evidence-rig.ts';

/** A site, and its evidence. */
async function savedSite(): Promise<{ site: Site; whole: Buffer }> {
  const site = await postedSite();
  return { site, whole: (await evidenceOf(site.office, site.folder, { stocktake: 'take-1' })).bytes };
}

async function reportOf(bytes: Uint8Array, folder: string): Promise<string> {
  const checked = await check(bytes, folder);
  return checked.is === 'whole' ? checked.report.join('\n') : JSON.stringify(checked.found);
}

describe('evidence', () => {
  test('H936 one file that reads as text holds every chain of a laptop, signed, the lists, and what was known of forks', async () => {
    const { site, whole } = await savedSite();
    const lines = whole.toString('utf8').split('\n');
    const start = JSON.parse(lines[0] ?? '');
    expect(start).toMatchObject({
      tallybook: 'evidence',
      v: 1,
      site: { name: 'Leeds' },
      stocktake: 'take-1',
      from: { laptop: site.office.device, name: 'Office' },
      by: { name: 'approver' },
      forks: [],
      missing: [],
    });
    const parts = lines.slice(1, -1).map((line) => JSON.parse(line));
    expect(parts.flatMap(({ chain }) => chain?.device ?? [])).toEqual([site.office.device, site.cold.device]);
    expect(parts.every(({ chain }) => chain === undefined || chain.signature.length === 86)).toBe(true);
    expect(parts.some(({ hash, fact }) => fact?.kind === 'site_created' && hash === start.site.id)).toBe(true);
    expect(whole.includes('"name":"Löwe 一"')).toBe(true);
    expect(parts.at(-1).end).toMatchObject({ lines: lines.length - 2, signature: expect.any(String) });
    expect(await readdir(site.folder)).toEqual(['evidence.jsonl', 'verify.mjs']);
    // Two histories of a laptop were met.
    const { office, cold, folder } = site;
    await office.running.close();
    await writeFile(join(office.folder, 'forks.json'), JSON.stringify([{ device: cold.device, fromSeq: 4 }]));
    await office.open();
    await as(office, 'approver');
    const { bytes } = await evidenceOf(office, folder);
    expect(await reportOf(bytes, folder)).toContain('LOOK: two histories of Cold store were met, from entry 4 on');
    await closeSite(site);
  });

  test('H936 numbers that a laptop lost are declared in its own evidence, and whoever held them has them in theirs', async () => {
    const site = await postedSite();
    const { office, cold, folder } = site;
    const count = (quantity: string) =>
      does(cold.running, 'append', { facts: [{ ...COUNTED, bin: 'A-02', quantity }] });
    for (const quantity of ['11', '12']) await count(quantity);
    await handOver(cold, office);
    for (const quantity of ['13', '14']) await count(quantity);
    await cold.running.close();
    const segment = join(cold.folder, 'journal', '000001.jsonl');
    const written = await readFile(segment, 'utf8');
    await writeFile(
      segment,
      written.replace('"quantity":"11"', '"quantity":"9"').replace('"quantity":"13"', '"quantity":"9"'),
    );
    await cold.open();
    await does(cold.running, 'restoreJournal', { entries: [], last: true, holes: true });
    await comes(cold, office.crew.byRole.lead);
    expect((await does(cold.running, 'whoIsHere', {})).journal.gaps).toHaveLength(2);
    const own = await evidenceOf(cold, folder);
    expect(await reportOf(own.bytes, folder)).toContain('2 losses of numbers declared by the laptop itself');
    expect(own.bytes.includes('"quantity":"11"')).toBe(false);
    await handOver(cold, office);
    const theirs = await evidenceOf(office, folder);
    const text = await reportOf(theirs.bytes, folder);
    expect([text.includes('whole: '), theirs.bytes.includes('"quantity":"11"')]).toEqual([true, true]);
    await closeSite(site);
  });

  test('H937 a whole file is told in plain words: laptops, people, and what was counted, decided, posted and by whom', async () => {
    const site = await postedSite();
    const { bytes, said } = await evidenceOf(site.office, site.folder, { stocktake: 'take-1' });
    const text = await reportOf(bytes, site.folder);
    for (const words of [
      'Site: Leeds',
      'Saved for the stocktake: Autumn',
      'Office (',
      'Cold store (',
      'counter: counter',
      'bins: 2 to count, 1 looked at by counter',
      'lines: 1 counted',
      'decided: 1 approve by approver',
      'posted: 1 by approver',
      'sent: nothing',
      `Digest: ${said.digest}`,
      `whole: ${said.entries} entries of 2 laptops`,
    ])
      expect(text).toContain(words);
    expect(text).not.toContain('LOOK');
    await closeSite(site);
  });

  test('H938 of 2,000 files with a byte changed, taken out or put in, lines swapped or ends cut off none passes', async () => {
    const { site, whole } = await savedSite();
    const random = seeded(20_261_201);
    const below = (most: number): number => Math.floor(random() * most);
    const lines = whole.toString('utf8').split('\n').slice(0, -1);
    const changes: (() => Buffer)[] = [
      () => {
        const bytes = Buffer.from(whole);
        const at = below(bytes.length);
        bytes[at] = ((bytes[at] ?? 0) + 1 + below(255)) % 256;
        return bytes;
      },
      () => {
        const at = below(whole.length);
        return Buffer.concat([whole.subarray(0, at), whole.subarray(at + 1)]);
      },
      () => {
        const at = below(whole.length + 1);
        return Buffer.concat([whole.subarray(0, at), Buffer.from([below(256)]), whole.subarray(at)]);
      },
      () => {
        const [one, other] = [below(lines.length), below(lines.length)];
        const swapped = [...lines];
        [swapped[one], swapped[other]] = [lines[other] ?? '', lines[one] ?? ''];
        return Buffer.from(`${swapped.join('\n')}\n`);
      },
      () => {
        const at = below(lines.length);
        const less = lines.filter((_, number) => number !== at);
        return Buffer.from(`${(below(2) === 0 ? less : [...lines.slice(0, at), ...lines.slice(at - 1)]).join('\n')}\n`);
      },
      () => whole.subarray(0, whole.length - 1 - below(below(2) === 0 ? 300 : whole.length - 1)),
    ];
    let done = 0;
    for (let number = 0; done < 2_000; number += 1) {
      const bytes = changes[number % changes.length]?.() ?? whole;
      if (bytes.equals(whole)) continue;
      done += 1;
      const found = await faults(bytes, site.folder);
      if (found.length === 0) await writeFile(join(site.folder, 'passed.jsonl'), bytes);
      expect([number, found.length > 0, found.every((one) => /^\d+: ./.test(one))]).toEqual([number, true, true]);
    }
    expect(await faults(whole, site.folder)).toEqual([]);
    await closeSite(site);
  }, 240_000);

  test('H939 a laptop that works alone saves evidence too: nothing is signed, that is said, and its digest is what proves it', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder: await freshFolder(), ...savesTo(folder) });
    const crew = await hire(running);
    await countAndSubmit(running, crew);
    await enter(running, crew.byRole.approver);
    await does(running, 'append', { facts: [APPROVED] });
    await does(running, 'append', { facts: [await posting(running)] });
    const said = await does(running, 'exportEvidence', {});
    const bytes = await readFile(join(folder, 'evidence.jsonl'));
    const text = await reportOf(bytes, folder);
    for (const words of ['No site', 'Nothing here is signed', 'posted: 1 by approver', 'whole: '])
      expect(text).toContain(words);
    expect(said).toMatchObject({ outcome: 'saved', digest: expect.stringMatching(/^([0-9a-f]{4}-){4}[0-9a-f]{4}$/) });
    const digest = said.outcome === 'saved' ? said.digest : '';
    expect(text).toContain(digest);
    // Nothing but the digest vouches for the last line.
    for (let at = bytes.lastIndexOf('{"end"'); at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect([at, (await faults(changed, folder)).length > 0]).toEqual([at, true]);
    }
    // Whoever makes every hash anew makes a file that is whole, and another one: that is why the digest is written down.
    const { device } = (await does(running, 'whoIsHere', {})).journal;
    const other = closed(
      forged(linesOf(bytes), device, (fact) => (fact.kind === 'counted' ? { ...fact, quantity: '6' } : fact)),
    );
    const forgedText = await reportOf(other, folder);
    expect([forgedText.includes('whole: '), forgedText.includes(digest)]).toEqual([true, false]);
    await running.close();
  });

  test('H937 a posted line that was taken back is told as taken back, and by whom', async () => {
    const folder = await freshFolder();
    const running = await hostAt({ folder: await freshFolder(), ...savesTo(folder) });
    const crew = await hire(running);
    await countAndSubmit(running, crew);
    await enter(running, crew.byRole.approver);
    await does(running, 'append', { facts: [APPROVED] });
    await does(running, 'append', { facts: [await posting(running)] });
    const line = toReversedLine(foldLedger(await journalOf(running)), 'batch-1', LINE);
    if (!line.ok) throw new Error(line.error);
    const fact: Fact = {
      kind: 'lines_reversed',
      batch: 'r-1',
      reverses: 'batch-1',
      reason: 'other',
      lines: [line.value],
    };
    await does(running, 'append', { facts: [fact] });
    await does(running, 'exportEvidence', {});
    const text = await reportOf(await readFile(join(folder, 'evidence.jsonl')), folder);
    for (const words of ['posted: 1 by approver', 'reversed: 1 by approver']) expect(text).toContain(words);
    await running.close();
  });

  test('H940 only who may see the book saves evidence; a way back, a full disk and one not to be written leave nothing half', async () => {
    const folder = await freshFolder();
    let where: 'there' | 'nowhere' | 'full' = 'nowhere';
    const path = join(folder, 'evidence.jsonl');
    const running = await hostAt({
      folder: await freshFolder(),
      async saveEvidence(name, pieces) {
        expect(name).toMatch(/^bench 20\d\d-\d\d-\d\d \d\d-\d\d evidence\.jsonl$/);
        if (where === 'nowhere') return null;
        if (where === 'there') return saveEvidence(path, pieces, VERIFIER);
        async function* full(): AsyncGenerator<Uint8Array> {
          for await (const piece of pieces) yield piece.subarray(0, 10);
          throw Object.assign(new Error('planted'), { code: 'ENOSPC' });
        }
        return saveEvidence(path, full(), VERIFIER);
      },
    });
    expect(await codeOf(running.host.exportEvidence({}))).toBe('not_signed_in');
    const crew = await hire(running);
    await enter(running, crew.byRole.counter);
    expect(await codeOf(running.host.exportEvidence({}))).toBe('role_missing');
    for (const role of ['lead', 'approver', 'admin'] as const) {
      await enter(running, crew.byRole[role]);
      expect(await does(running, 'exportEvidence', {})).toEqual({ outcome: 'cancelled' });
    }
    expect(await codeOf(running.host.exportEvidence({ stocktake: 'no-such' }))).toBe('not_found');
    where = 'full';
    const refused = { ok: false, error: { code: 'file_not_written', detail: 'ENOSPC' } };
    expect(await running.host.exportEvidence({})).toEqual(refused);
    expect(await readdir(folder)).toEqual([]);
    where = 'there';
    await does(running, 'exportEvidence', {});
    const before = await readFile(path);
    where = 'full';
    expect(await running.host.exportEvidence({})).toEqual(refused);
    expect(await readFile(path)).toEqual(before);
    expect(await readdir(folder)).toEqual(['evidence.jsonl', 'verify.mjs']);
    await rm(folder, { recursive: true });
    where = 'there';
    expect(await running.host.exportEvidence({})).toEqual({
      ok: false,
      error: { code: 'file_not_written', detail: 'ENOENT' },
    });
    await mkdir(folder);
    await running.close();
  });

  test('H941 evidence holds no secret: no key, no PIN record, and nothing that a vault keeps', async () => {
    const { connector } = honestRemote();
    const token = 'canary-token-8f1b2c';
    const site = await postedSite({ connectors: [connector] });
    await as(site.office, 'admin');
    const settings = { baseUrl: 'https://remote.example' };
    await does(site.office.running, 'saveConnection', { remote: 'honest', name: 'Shop', settings, secrets: { token } });
    const { bytes } = await evidenceOf(site.office, site.folder);
    const keyring = testKeyring();
    const secrets = [token];
    /** Every text in a kept file that is no name and no public half, and what the keyring makes of it. */
    async function collect(value: unknown, name = ''): Promise<void> {
      if (typeof value === 'string' && value.length >= 16 && !['key', 'person'].includes(name)) {
        secrets.push(value);
        if (name !== 'sealed') return;
        const opened = await keyring.decrypt(Buffer.from(value, 'base64'));
        secrets.push(opened);
      }
      if (typeof value !== 'object' || value === null) return;
      for (const [key, part] of Object.entries(value)) await collect(part, key);
    }
    for (const name of ['vault', 'people', 'keys', 'laptop']) {
      const kept = openKeptText(await readFile(join(site.office.folder, `${name}.json`), 'utf8'));
      expect([name, kept !== null]).toEqual([name, true]);
      await collect(kept?.content);
    }
    expect(secrets.length).toBeGreaterThan(20);
    const forms = secrets.flatMap((secret) => {
      const raw = Buffer.from(secret, 'base64');
      return [
        secret,
        Buffer.from(secret).toString('base64'),
        Buffer.from(secret).toString('hex'),
        raw.toString('hex'),
        raw.toString('base64url'),
      ];
    });
    expect(forms.filter((form) => form !== '' && bytes.includes(form))).toEqual([]);
    await closeSite(site);
  });

  test('H942 evidence is written as it is read, a page at a time, and what is sealed meanwhile is left for the next', async () => {
    const disk = faultyDisk();
    let reads = 0;
    disk.fault = (operation, path) => {
      if (operation === 'readFile' && /journal.*jsonl/.test(path)) reads += 1;
      return null;
    };
    const folder = await freshFolder();
    const path = join(folder, 'evidence.jsonl');
    let atFirst = 0;
    const running = await hostAt({
      folder: await freshFolder(),
      disk,
      segmentBytes: 50_000,
      async saveEvidence(_name, pieces) {
        async function* watched(): AsyncGenerator<Uint8Array> {
          for await (const piece of pieces) {
            if (atFirst === 0) {
              atFirst = reads;
              await enter(running, crew.byRole.counter);
              await does(running, 'append', { facts: [COUNTED] });
            }
            expect(piece.length).toBeLessThan(1_000_000);
            yield piece;
          }
        }
        return saveEvidence(path, watched(), VERIFIER);
      },
    });
    const crew = await hire(running);
    await countAndSubmit(running, crew, ['A-01']);
    await enter(running, crew.byRole.lead);
    const facts = Array.from({ length: 5_000 }, (_, number) => ({
      kind: 'stock_changed' as const,
      item: `SKU-${number % 97}`,
      bin: 'B-01',
      quantity: '1',
      reason: 'receipt' as const,
    }));
    for (let times = 0; times < 4; times += 1) await does(running, 'append', { facts });
    reads = 0;
    await does(running, 'exportEvidence', {});
    expect([atFirst > 0, atFirst < reads / 2]).toEqual([true, true]);
    const bytes = await readFile(path);
    expect(await faults(bytes, folder)).toEqual([]);
    const counts = async (): Promise<number> =>
      (await journalOf(running)).filter(({ fact }) => fact.kind === 'counted').length;
    expect([bytes.toString('utf8').split('"kind":"counted"').length - 1, await counts()]).toEqual([1, 2]);
    await running.close();
  });

  test('H943 what other laptops had heard and is not in the file is named in it; where it is not named the file is not whole', async () => {
    const { site, whole } = await savedSite();
    const { office, cold, folder } = site;
    const sign = await stolenKey(office);
    const lines = linesOf(whole);
    const at = lines.findIndex((line) => line.startsWith('{"chain"') && line.includes(`"device":"${cold.device}"`));
    const { chain } = JSON.parse(lines[at] ?? '') as { chain: { entries: number; to: number } };
    const without = [...lines.slice(0, at), ...lines.slice(at + 1 + chain.entries)];
    expect(await faults(closed(without, sign), folder)).toEqual([
      `1: entries 1 to ${chain.to} of this laptop, of which another one had heard, are not in the file`,
    ]);
    // The laptop that saves it says so itself where it lost what it had heard.
    const held = join(office.folder, 'chains', cold.device);
    for (const name of await readdir(held)) {
      const kept = await readFile(join(held, name), 'utf8');
      await writeFile(join(held, name), kept.replace('"quantity":"5"', '"quantity":"6"'));
    }
    expect(await codeOf(office.running.host.exportEvidence({}))).toBe('chain_damaged');
    expect(await readFile(join(folder, 'evidence.jsonl'))).toEqual(whole);
    await office.restart();
    await as(office, 'approver');
    const { bytes } = await evidenceOf(office, folder);
    const text = await reportOf(bytes, folder);
    expect(text).toContain(`LOOK: entries 1 to ${chain.to} of Cold store were not on the laptop that saved this`);
    expect(text).toContain('posted: nothing');
    await closeSite(site);
  });

  test('H944 hashes made anew, signatures taken away, of another laptop or spelled otherwise, a chain twice: none passes', async () => {
    const { site, whole } = await savedSite();
    const { office, cold, folder } = site;
    const lines = linesOf(whole);
    const sign = await stolenKey(office);
    const theirs = await stolenKey(cold);
    expect(await faults(closed(lines, sign), folder)).toEqual([]);
    const six = forged(lines, cold.device, (fact) => (fact.kind === 'counted' ? { ...fact, quantity: '6' } : fact));
    const bare = lines.map((line) => (line.startsWith('{"chain"') ? line.replace(/,"signature":"[^"]*"/, '') : line));
    const alone = bare.map((line, number) => (number > 0 ? line : line.replace(/"site":\{[^}]*\}/, '"site":null')));
    const last = whole.toString('utf8').split('\n').at(-2) ?? '';
    const respelled = last.replace(/(.)"\}\}$/, (_, sign64: string) => {
      const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      return `${letters[letters.indexOf(sign64) ^ 1]}"}}`;
    });
    const attacks: readonly [string, Buffer, RegExp][] = [
      ['a count changed', closed(six, sign), /not signed by this laptop/],
      ['no signatures', closed(bare), /not signed by this laptop/],
      ['no site', closed(alone), /founds a site/],
      ['closed by nobody', closed(lines), /not signed by the laptop that saved it/],
      ['closed by another laptop', closed(lines, theirs), /not signed by the laptop that saved it/],
      [
        'respelled',
        Buffer.from(whole.toString('utf8').replace(last, respelled)),
        /not signed by the laptop that saved it/,
      ],
      ['said twice', closed([...lines.slice(0, -3), ...lines.slice(1)], sign), /./],
      [
        'another entry for the site',
        closed([(lines[0] ?? '').replace(/"id":"[0-9a-f]{4}/, '"id":"0000'), ...lines.slice(1)], sign),
        /founded the site/,
      ],
      [
        'a list of nobody',
        closed([...lines, '{"catalogue":{"sha256":"' + 'a'.repeat(64) + '","what":"items","bytes":0}}'], sign),
        /nobody imported/,
      ],
    ];
    for (const [name, bytes, why] of attacks)
      expect([name, (await faults(bytes, folder)).join('; ')]).toEqual([name, expect.stringMatching(why)]);
    // What a laptop's own key alone says in an approver's name stands in a whole file, and counts for nobody.
    const id = JSON.parse(lines[0] ?? '').site.id as string;
    const own = office.crew.byRole.approver;
    expect(await personKey(office, own)).toBeTypeOf('function');
    const said = extend(lines, office.device, { id, sign, by: own });
    const text = await reportOf(closed(said, sign), folder);
    expect(text).toContain('do not count: 1 because the person did not sign it');
    await closeSite(site);
  });

  test('H945 the verifier is one file that needs only Node and no network, and takes nobody’s place beside the evidence', async () => {
    const { site, whole } = await savedSite();
    const { folder } = site;
    const source = fileURLToPath(new URL('../../../electron/verify/verify.ts', import.meta.url));
    const bundle = await rolldown({ input: source, platform: 'node', logLevel: 'silent' });
    const { output } = await bundle.generate({ format: 'es', codeSplitting: false });
    await bundle.close();
    expect(output).toHaveLength(1);
    const code = output[0].code;
    const imports = [...code.matchAll(/^import .* from "([^"]+)"|\bimport\(|\brequire\(/gm)].map(
      ([all, name]) => name ?? all,
    );
    expect(imports.toSorted()).toEqual(['node:crypto', 'node:fs', 'node:fs/promises']);
    expect(code).not.toMatch(/\bfetch\(|WebSocket/);
    const verifier = join(folder, 'alone.mjs');
    await writeFile(verifier, code);
    const run = async (...args: string[]): Promise<[number, string]> => {
      try {
        const { stdout } = await promisify(execFile)(process.execPath, [verifier, ...args], { cwd: folder, env: {} });
        return [0, stdout];
      } catch (problem) {
        const { code: exit, stdout } = problem as { code: number; stdout: string };
        return [exit, stdout];
      }
    };
    expect(await run('evidence.jsonl')).toEqual([0, expect.stringMatching(/whole: \d+ entries of 2 laptops/)]);
    const bytes = Buffer.from(whole);
    const at = bytes.indexOf('"quantity":"5"') + '"quantity":"'.length;
    bytes[at] = '6'.charCodeAt(0);
    await writeFile(join(folder, 'changed.jsonl'), bytes);
    const line = whole.subarray(0, at).toString('utf8').split('\n').length;
    expect(await run('changed.jsonl')).toEqual([
      1,
      expect.stringMatching(
        new RegExp(
          `NOT whole[^]*line ${line}, laptop ${site.cold.device}, entry \\d+: the entry is not what its hash says`,
        ),
      ),
    ]);
    expect((await run('nowhere.jsonl'))[0]).toBe(2);
    expect((await run())[0]).toBe(2);

    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield whole;
    };
    const other = await freshFolder();
    await writeFile(join(other, 'verify.mjs'), 'export const mine = 1;\n');
    expect(await saveEvidence(join(other, 'a.jsonl'), pieces(), VERIFIER)).toBe('tallybook-verify.mjs');
    expect(await saveEvidence(join(other, 'b.jsonl'), pieces(), VERIFIER)).toBe('tallybook-verify.mjs');
    expect(await readFile(join(other, 'verify.mjs'), 'utf8')).toBe('export const mine = 1;\n');
    await writeFile(join(other, 'tallybook-verify.mjs'), 'mine too');
    await expect(saveEvidence(join(other, 'c.jsonl'), pieces(), VERIFIER)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readdir(other)).toEqual(['a.jsonl', 'b.jsonl', 'tallybook-verify.mjs', 'verify.mjs']);
    const third = await freshFolder();
    expect(await saveEvidence(join(third, 'Verify.mjs'), pieces(), VERIFIER)).toBe('tallybook-verify.mjs');
    await closeSite(site);
  });
});
