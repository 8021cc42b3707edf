// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countPath, pathPart, textOfPart } from '../../../renderer/tallybook/place-path.ts';
import { createScanStack } from '../../../renderer/scan/scans.tsx';
import { askWhich } from '../../../renderer/shelf/ask-which.ts';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { catalogueReady } from '../../../renderer/shelf/catalogue-ready.ts';
import type { ScanQuestion } from '../../../renderer/shelf/scan-question.tsx';
import { typedWithHeld } from '../../../renderer/shelf/typed-quantity.ts';
import type { Questions } from '../../../renderer/shelf/use-question.ts';
import { useCounting } from '../../../renderer/stores/counting.ts';
import { createScanQueue } from '../../../renderer/shelf/scan-queue.ts';
import { resolveScheme } from '../../../renderer/app/use-appearance-effects.ts';
import { createHostClient } from '../../../renderer/host/host-client.ts';
import { watchHost } from '../../../renderer/app/watch-host.ts';

describe('addresses', () => {
  test('U140 any bin code survives being an address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 64 }), (text) => {
        expect(textOfPart(pathPart(text))).toBe(text);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (text) => {
        expect(pathPart(text)).toMatch(/^[\w.~-]*$/);
      }),
    );
  });

  test('U141 an everyday bin code stays readable in the address', () => {
    expect(countPath('st-1', 2, 'A-07-2')).toBe('/count/st-1/2/A-07-2');
    expect(countPath('st-1', 1)).toBe('/count/st-1/1');
  });
});

describe('scans', () => {
  test('S180 a scan goes to what was opened last, and back to the screen when that is gone', () => {
    const stack = createScanStack();
    const heard: string[] = [];
    stack.add(({ text }) => heard.push(`screen ${text}`));
    const close = stack.add(({ text }) => heard.push(`dialog ${text}`));
    stack.tell({ text: '1', usText: '1', letGo: '' });
    close();
    close();
    stack.tell({ text: '2', usText: '2', letGo: '' });
    expect(heard).toEqual(['dialog 1', 'screen 2']);
  });

  test('S509 what no screen takes is answered last, whoever came first', () => {
    const stack = createScanStack();
    const heard: string[] = [];
    const close = stack.add(({ text }) => heard.push(`screen ${text}`));
    stack.addLast(({ text }) => heard.push(`nobody ${text}`));
    stack.tell({ text: '1', usText: '1', letGo: '' });
    close();
    stack.tell({ text: '2', usText: '2', letGo: '' });
    expect(heard).toEqual(['screen 1', 'nobody 2']);
  });

  test('S507 a scan that comes before anybody listens goes to the first that does', () => {
    const stack = createScanStack();
    const heard: string[] = [];
    stack.tell({ text: '1', usText: '1', letGo: '' });
    stack.add(({ text }) => heard.push(text));
    stack.add(({ text }) => heard.push(`later ${text}`));
    expect(heard).toEqual(['1']);
  });

  test('S507 a scan waits for the items, and goes on when they are there', async () => {
    let ready = false;
    const listeners = new Set<() => void>();
    const ledger = {
      catalogueReady: () => ready,
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const order: string[] = [];
    const waiting = catalogueReady(ledger).then(() => order.push('scan'));
    for (const listener of listeners) listener();
    await Promise.resolve();
    order.push('items');
    ready = true;
    for (const listener of listeners) listener();
    await waiting;
    await catalogueReady(ledger);
    expect(order).toEqual(['items', 'scan']);
    expect(listeners.size).toBe(0);
  });

  test('S504 digits that may have been scanned are asked about, by the name of what is called so', async () => {
    const asked: unknown[] = [];
    const put: Questions<ScanQuestion>['put'] = (make) =>
      new Promise((resolve) => {
        const question = make(resolve);
        asked.push(question);
        if (question.kind === 'scanned_or_typed') question.answer('scanned');
      });
    const catalogue = createCatalogue([], []);
    expect(await askWhich('12', { kind: 'unknown', code: '12' }, catalogue, put)).toBe('scanned');
    expect(await askWhich('101', { kind: 'bin', bin: '101' }, catalogue, put)).toBe('scanned');
    expect(asked).toMatchObject([
      { kind: 'scanned_or_typed', text: '12', name: undefined },
      { kind: 'scanned_or_typed', text: '101', name: '101' },
    ]);
  });

  test('S506 held digits are shown behind what is typed; a hot key and a held label are not', () => {
    expect(typedWithHeld('', '12')).toBe('12');
    expect(typedWithHeld('12', '*3')).toBe('12*3');
    expect(typedWithHeld('', '+')).toBe('');
    expect(typedWithHeld('12', 'J')).toBe('12');
  });

  test('S508 a number that waits for a scan is followed by another number, not by more of its digits', () => {
    const { type, endTyped, setTyped } = useCounting.getState();
    type('1');
    type('2');
    endTyped();
    type('3');
    type('4');
    expect(useCounting.getState().typed).toBe('34');
    setTyped('');
  });

  test('S181 scans are taken one after another in the order of scanning, however long one takes', async () => {
    const order: string[] = [];
    const sizes: number[] = [];
    const open: (() => void)[] = [];
    const queue = createScanQueue<string>(
      async (scan) => {
        order.push(`begin ${scan}`);
        await new Promise<void>((resolve) => open.push(resolve));
        order.push(`end ${scan}`);
      },
      (size) => sizes.push(size),
      () => expect.fail('nothing broke'),
    );
    for (const scan of ['a', 'b', 'c']) queue.add(scan);
    expect(queue.size()).toBe(3);
    while (queue.size() > 0) {
      open.shift()?.();
      await Promise.resolve();
    }
    expect(order).toEqual(['begin a', 'end a', 'begin b', 'end b', 'begin c', 'end c']);
    expect(sizes).toEqual([1, 2, 3, 2, 1, 0]);
  });

  test('S182 a mistake while taking one scan loses that one only', async () => {
    const taken: string[] = [];
    const broken: unknown[] = [];
    const queue = createScanQueue<string>(
      async (scan) => {
        if (scan === 'bad') throw new Error('a bug');
        taken.push(scan);
      },
      () => undefined,
      (error) => broken.push(error),
    );
    for (const scan of ['a', 'bad', 'b']) queue.add(scan);
    while (queue.size() > 0) await Promise.resolve();
    expect(taken).toEqual(['a', 'b']);
    expect(broken).toHaveLength(1);
  });
});

describe('the frame', () => {
  test('U142 any answer that says nobody is signed in locks the page, and reaches the caller unchanged', async () => {
    let locks = 0;
    const answers: Record<string, unknown> = {
      start: { ok: false, error: { code: 'not_signed_in' } },
      signOut: { ok: true, value: {} },
      checkJournal: { ok: false, error: { code: 'busy' } },
    };
    const host = watchHost(
      createHostClient((procedure) => Promise.resolve(answers[procedure])),
      () => (locks += 1),
    );
    expect(await host.start({})).toEqual(answers['start']);
    expect(locks).toBe(1);
    expect(await host.signOut({})).toEqual(answers['signOut']);
    expect(await host.checkJournal({})).toEqual(answers['checkJournal']);
    expect(locks).toBe(1);
  });

  test('U143 the system decides the scheme unless somebody chose one; more contrast wins over dark', () => {
    expect(resolveScheme('system', { dark: true, contrast: false })).toBe('dark');
    expect(resolveScheme('system', { dark: true, contrast: true })).toBe('contrast');
    expect(resolveScheme('light', { dark: true, contrast: true })).toBe('light');
  });
});
