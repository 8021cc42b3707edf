// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Scans, ScansProvider, startScans, useScans, type ScanNews } from '../../../renderer/scan/scans.tsx';
import { clearNotice, Notice, notify, warn } from '../../../renderer/ui/notice.tsx';
import type { Scanner } from '../../../shared/domain/scanner.ts';

const EAN = '301762042983';
let scans: Scans | undefined;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  // Popovers are not known to the test's document.
  Object.assign(HTMLElement.prototype, { showPopover() {}, hidePopover() {} });
});

afterEach(() => {
  scans?.stop();
  cleanup();
  vi.useRealTimers();
});

/** Keys with times of their own, delivered now. */
function press(code: string, end: 'Enter' | 'Tab' | undefined, fromMs: number, gapMs: number): void {
  for (const [at, key] of code
    .split('')
    .concat(end ?? [])
    .entries()) {
    const event = new KeyboardEvent('keydown', {
      key,
      bubbles: true,
      cancelable: true,
      code: key.length > 1 ? key : '',
    });
    Object.defineProperty(event, 'timeStamp', { value: fromMs + at * gapMs });
    window.dispatchEvent(event);
  }
}

function Listening({ onScan }: { onScan: (text: string) => void }) {
  useScans(({ text }) => onScan(text));
  return null;
}

describe('scans of the window', () => {
  test('S519 what is scanned before anything is drawn goes to the first screen, in its order', () => {
    scans = startScans(window, () => []);
    const heard: string[] = [];
    press(EAN, 'Enter', 1000, 4);
    press('A-01', 'Enter', 1500, 4);
    expect(heard).toEqual([]);
    render(
      <ScansProvider scans={scans}>
        <Listening onScan={(text) => heard.push(text)} />
      </ScansProvider>,
    );
    expect(heard).toEqual([EAN, 'A-01']);
  });

  test('S518 a scan that was told in two pieces is told whole, and said to be so', () => {
    scans = startScans(window, () => []);
    const news: ScanNews[] = [];
    const heard: string[] = [];
    render(
      <ScansProvider scans={scans} onNews={(one) => news.push(one)}>
        <Listening onScan={(text) => heard.push(text)} />
      </ScansProvider>,
    );
    // The page is so busy that it gives up waiting: nine keys now, the last ones a long time after.
    press(EAN.slice(0, 9), undefined, 1000, 1);
    vi.advanceTimersByTime(10_000);
    expect(heard).toEqual([EAN.slice(0, 9)]);
    press(EAN.slice(9), 'Enter', 1009, 1);
    expect(heard).toEqual([EAN.slice(0, 9), EAN]);
    expect(news).toEqual([{ kind: 'torn', part: EAN.slice(0, 9), text: EAN }]);
  });

  test('S518 a warning stands while other things are said and cleared, and goes by itself', () => {
    render(<Notice />);
    const text = () => screen.getByTestId('notice').textContent;
    act(() => warn(() => 'Two pieces.'));
    act(() => notify(() => 'Bin A-01 is open.'));
    expect(text()).toBe('Two pieces.Bin A-01 is open.');
    act(clearNotice);
    expect(text()).toBe('Two pieces.');
    act(() => void vi.advanceTimersByTime(20_000));
    expect(text()).toBe('');
  });

  test('S512 where a scanner is set up, every code is answered, however short; one key alone stays a key', () => {
    scans = startScans(window, () => []);
    const read: string[] = [];
    const pressed: string[] = [];
    const stop = scans.readWhole((presses) => read.push(presses.map(({ key }) => key).join(' ')));
    const hear = ({ key }: KeyboardEvent): void => void pressed.push(key);
    window.addEventListener('keydown', hear);
    press('57', undefined, 1000, 100);
    vi.advanceTimersByTime(700);
    press('9', 'Enter', 3000, 100);
    vi.advanceTimersByTime(700);
    expect([read, pressed]).toEqual([['5 7', '9 Enter'], []]);
    // Two scans in quick succession are two.
    press('4006', 'Tab', 4000, 5);
    press('5901', 'Tab', 4100, 5);
    vi.advanceTimersByTime(700);
    expect(read.slice(2)).toEqual(['4 0 0 6 Tab', '5 9 0 1 Tab']);
    press('?', undefined, 5000, 0);
    vi.advanceTimersByTime(700);
    expect([read.length, pressed]).toEqual([4, ['?']]);
    stop();
    window.removeEventListener('keydown', hear);
  });

  test('S515 the scan of a scanner that was set up comes without its prefix, in the characters of the label', () => {
    const scanner: Scanner = {
      id: 's1',
      learnedAt: '2026-11-29T08:00:00.000Z',
      keyMs: 100,
      spreadMs: 4,
      ending: 'Tab',
      prefix: '~',
      suffix: '',
      symbology: false,
      separators: { kind: 'other', text: '#' },
      letters: 'kept',
      keyboard: { kind: 'laptop', layout: 'de', capsLock: false },
    };
    scans = startScans(window, () => [scanner]);
    const told: unknown[] = [];
    scans.add(({ text, separators }) => told.push([text, separators]));
    press('°Yß7', 'Tab', 1000, 100);
    expect(told).toEqual([['Z-7', scanner.separators]]);
  });
});
