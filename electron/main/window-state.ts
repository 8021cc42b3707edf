import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { openKeptText, sealKept } from '../host/disk/kept-file.ts';

const stateSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(400).max(20_000),
  height: z.number().int().min(300).max(20_000),
  isMaximized: z.boolean(),
});
/** Where the window stood, in screen coordinates. */
export type WindowState = z.infer<typeof stateSchema>;
type Area = { x: number; y: number; width: number; height: number };

/** Where the window stood last time; null at first, when a byte of the file was changed, and when it would open where no screen is any more. */
export function readWindowState(path: string, screens: readonly Area[]): WindowState | null {
  try {
    const state = stateSchema.parse(openKeptText(readFileSync(path, 'utf8'))?.content);
    const isSeen = screens.some(
      (area) =>
        state.x < area.x + area.width - 100 &&
        state.x + state.width > area.x + 100 &&
        state.y >= area.y - 10 &&
        state.y < area.y + area.height - 100,
    );
    return isSeen ? state : null;
  } catch {
    return null;
  }
}

/** Keeps where the window stands. Losing it is no loss, so a refusal of the disk is not told. */
export function writeWindowState(path: string, state: WindowState): void {
  try {
    const envelope = { file: 'window', device: '', generation: 0, content: state };
    writeFileSync(`${path}.tmp`, sealKept(envelope), { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  } catch {
    // The window opens in its usual place next time.
  }
}
