// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react';
import { decodeQR } from 'qr/decode.js';
import { afterEach, expect, test } from 'vitest';
import { QrCode } from '../../../renderer/ui/qr-code.tsx';
import { requestCode } from '../../../shared/team/request.ts';

afterEach(cleanup);

const PIXELS = 4;

/** The code as a camera sees it: black where the path says so, each module some pixels wide. */
function photographed(svg: Element): { width: number; height: number; data: Uint8Array } {
  const size = Number(svg.getAttribute('viewBox')?.split(' ')[2]);
  const width = size * PIXELS;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y] of svg
    .querySelector('path')
    ?.getAttribute('d')
    ?.matchAll(/M(\d+) (\d+)h1v1h-1z/g) ?? [])
    for (let row = 0; row < PIXELS; row += 1)
      for (let column = 0; column < PIXELS; column += 1) {
        const pixel = (Number(y) * PIXELS + row) * width + Number(x) * PIXELS + column;
        data.fill(0, pixel * 4, pixel * 4 + 3);
      }
  return { width, height: width, data };
}

test('U825 what is drawn as a code is what a scanner reads', () => {
  const laptop = '8b1f0c52-7a44-4f0e-9d3b-2f7f6f1f3f10';
  for (const text of ['A', requestCode({ laptop, key: 'x'.repeat(43), name: 'Kühlraum 冷蔵庫' })]) {
    const { container } = render(<QrCode text={text} label="code" />);
    const svg = container.querySelector('svg');
    expect(svg && decodeQR(photographed(svg))).toBe(text);
    cleanup();
  }
});
