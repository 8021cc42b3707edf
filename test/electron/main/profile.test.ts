import { resolve } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chosenProfile, chromiumFolder } from '../../../electron/main/profile.ts';
import { readWindowState, writeWindowState } from '../../../electron/main/window-state.ts';

describe('a start', () => {
  test('H67 lives in the folder it is told: the switch before the variable, wherever the switch stands', () => {
    expect(chosenProfile(['electron', '.', '--profile=/a/b'], { TALLYBOOK_PROFILE: '/c' })).toBe(resolve('/a/b'));
    expect(chosenProfile(['electron'], { TALLYBOOK_PROFILE: '/c' })).toBe(resolve('/c'));
    expect(chosenProfile(['electron', '--profile='], { TALLYBOOK_PROFILE: '' })).toBeNull();
  });

  test('H780 Chromium keeps its files in the profile, or elsewhere where nothing may be written there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallybook-'));
    expect(chromiumFolder(join(folder, 'new'))).toBe(join(folder, 'new'));
    const refuse = (code: string) => () => {
      throw Object.assign(new Error('planted'), { code });
    };
    expect(chromiumFolder(folder, refuse('ENOSPC'))).toBe(folder);
    const elsewhere = chromiumFolder(folder, refuse('EROFS'));
    expect(elsewhere).not.toBe(folder);
    for (const made of [folder, elsewhere]) await rm(made, { recursive: true });
  });

  test('H68 opens the window where it stood, unless no screen is there any more', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallybook-'));
    const path = join(folder, 'window.json');
    const state = { x: 2000, y: 10, width: 800, height: 600, isMaximized: false };
    const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }];
    expect(readWindowState(path, screens)).toBeNull();
    writeWindowState(path, state);
    expect(readWindowState(path, [...screens, { x: 1920, y: 0, width: 1920, height: 1080 }])).toEqual(state);
    expect(readWindowState(path, screens)).toBeNull();
    await rm(folder, { recursive: true });
  });
});
