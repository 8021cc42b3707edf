// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { isSameScanner, type Scanner } from '../../../shared/domain/scanner.ts';

const SCANNER: Scanner = {
  id: 's1',
  learnedAt: '2026-11-29T08:00:00.000Z',
  keyMs: 95,
  spreadMs: 4,
  ending: 'Tab',
  prefix: '~',
  suffix: '',
  symbology: false,
  separators: { kind: 'sent' },
  letters: 'kept',
  keyboard: { kind: 'positions', layout: 'de', capsLock: false },
};

/** The store as a page that was loaded anew has it. */
async function loadStore() {
  vi.resetModules();
  return import('../../../renderer/stores/scanners.ts');
}

describe('the scanners of this laptop', () => {
  beforeEach(() => localStorage.clear());

  test('U501 they are there after a restart, and a forgotten one is not', async () => {
    const first = await loadStore();
    first.useScanners.getState().keep(SCANNER);
    first.useScanners.getState().keep({ ...SCANNER, id: 's2', ending: 'Enter' });
    const second = await loadStore();
    expect(second.learnedScanners()).toEqual([SCANNER, { ...SCANNER, id: 's2', ending: 'Enter' }]);
    second.useScanners.getState().forget('s1');
    expect((await loadStore()).learnedScanners().map(({ id }) => id)).toEqual(['s2']);
  });

  test.each([
    ['a scanner with a pace that nobody has', { scanners: [{ ...SCANNER, keyMs: 9000 }, SCANNER] }, 1],
    ['a field that is missing', { scanners: [{ ...SCANNER, keyboard: undefined }] }, 0],
    ['no list', { scanners: 'all' }, 0],
    ['nothing', null, 0],
  ])('U501 %s in the store is left out, and the rest is read', async (_, state, left) => {
    localStorage.setItem('tallybook-scanners', JSON.stringify({ state, version: 1 }));
    expect((await loadStore()).learnedScanners()).toHaveLength(left);
  });

  test('U501 the same scanner learned again takes its own place', () => {
    expect(isSameScanner({ ...SCANNER, keyMs: 101 }, SCANNER)).toBe(true);
    for (const other of [{ keyMs: 30 }, { ending: 'Enter' as const }, { prefix: '' }, { suffix: '#' }])
      expect(isSameScanner({ ...SCANNER, ...other }, SCANNER)).toBe(false);
  });
});
