// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gridStep } from '../../../renderer/ui/data-grid.tsx';
import { keyName, listKeys, useKeys } from '../../../renderer/ui/use-keys.ts';

function press(key: string, target: Element = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  document.body.innerHTML =
    '<input id="field"><button id="button"></button><dialog id="dialog"><p id="inside"></p></dialog>';
});

afterEach(cleanup);

const at = (id: string): Element => document.getElementById(id) ?? expect.fail(id);

describe('keys of a screen', () => {
  test('U120 a key is named the same way whatever the layout needs for it', () => {
    const base = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    expect(keyName({ ...base, key: 'a' })).toBe('A');
    expect(keyName({ ...base, key: 'A', shiftKey: true })).toBe('Shift+A');
    expect(keyName({ ...base, key: '?', shiftKey: true })).toBe('?');
    expect(keyName({ ...base, key: 'z', ctrlKey: true })).toBe('Ctrl+Z');
    expect(keyName({ ...base, key: 'z', metaKey: true, shiftKey: true })).toBe('Ctrl+Shift+Z');
    expect(keyName({ ...base, key: ' ' })).toBe('Space');
    expect(keyName({ ...base, key: 'F10' })).toBe('F10');
  });

  test('U121 a letter typed in a field stays a letter; function keys and Esc still work there', () => {
    const ran: string[] = [];
    renderHook(() => useKeys(['A', 'F10', 'Escape', 'Enter'].map((key) => ({ key, run: () => ran.push(key) }))));
    press('a', at('field'));
    press('Enter', at('field'));
    expect(ran).toEqual([]);
    press('F10', at('field'));
    press('Escape', at('field'));
    press('a');
    expect(ran).toEqual(['F10', 'Escape', 'A']);
  });

  test('U122 Enter on a button presses the button and nothing else', () => {
    const ran: string[] = [];
    renderHook(() => useKeys([{ key: 'Enter', run: () => ran.push('Enter') }]));
    press('Enter', at('button'));
    expect(ran).toEqual([]);
    expect(press('Enter').defaultPrevented).toBe(true);
    expect(ran).toEqual(['Enter']);
  });

  test('U123 while a dialog is open the keys behind it rest', () => {
    const ran: string[] = [];
    renderHook(() => useKeys([{ key: 'F10', run: () => ran.push('F10') }]));
    at('dialog').setAttribute('open', '');
    press('F10');
    press('F10', at('inside'));
    expect(ran).toEqual([]);
  });

  test('U124 the key list shows the labelled keys of what is mounted, and only those', () => {
    const { unmount } = renderHook(() =>
      useKeys([
        { key: 'F7', label: 'Bin is empty', run: () => undefined },
        { key: '1', run: () => undefined },
      ]),
    );
    expect(listKeys()).toEqual([{ key: 'F7', label: 'Bin is empty' }]);
    unmount();
    expect(listKeys()).toEqual([]);
  });
});

describe('walking a grid', () => {
  test('U125 J, K and the arrows walk one row and stop at the ends', () => {
    expect(['j', 'ArrowDown'].map((key) => gridStep(key, 4, 6, 10))).toEqual([5, 5]);
    expect(gridStep('j', 5, 6, 10)).toBe(5);
    expect(gridStep('K', 0, 6, 10)).toBe(0);
    expect(gridStep('ArrowDown', -1, 6, 10)).toBe(0);
    expect(gridStep('ArrowUp', -1, 6, 10)).toBe(5);
  });

  test('U126 page keys, Home and End reach any of 50,000 rows', () => {
    expect(gridStep('PageDown', 0, 50_000, 30)).toBe(30);
    expect(gridStep('PageUp', 10, 50_000, 30)).toBe(0);
    expect(gridStep('End', 3, 50_000, 30)).toBe(49_999);
    expect(gridStep('Home', 49_999, 50_000, 30)).toBe(0);
    expect(gridStep('x', 0, 50_000, 30)).toBeUndefined();
    expect(gridStep('End', -1, 0, 30)).toBeUndefined();
  });
});
