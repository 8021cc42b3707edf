import { readFileSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { collectLicences, licenceText } from '../../build/licences.mjs';
import { checkNpmBorne } from '../../build/runtime/npm-borne.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('J770 the licences of all that ships are in one text: every package, and what it stands on', () => {
  const licences = collectLicences(root);
  const names = licences.map(({ name }) => name);
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), 'scheduler']));
  expect(names).not.toContain('vitest');
  const text = licenceText(licences);
  for (const { name, version, licence } of licences) expect(text).toContain(`${name} ${version} (${licence})`);
  expect(licences.filter(({ licence }) => licence === 'unknown')).toEqual([]);
  expect(text).toContain('Permission is hereby granted');
});

test('J771 the packaged app gives file:// no more rights, encrypts its cookies, and is no Node', () => {
  const fuses = readFileSync(join(root, 'build/electron-builder.yml'), 'utf8');
  for (const line of [
    'runAsNode: false',
    'grantFileProtocolExtraPrivileges: false',
    'enableCookieEncryption: true',
    'enableNodeCliInspectArguments: false',
    'onlyLoadAppFromAsar: true',
  ])
    expect(fuses).toContain(`  ${line}\n`);
});

test('J772 a cached runtime that was changed since it was fetched is not used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tallybook-'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'electron'), 'not the runtime');
  expect(await checkNpmBorne(folder)).toMatchObject({ ok: false, error: { code: 'wrong_checksum' } });
  await rm(folder, { recursive: true });
});
