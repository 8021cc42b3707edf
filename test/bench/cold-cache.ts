import { spawnSync } from 'node:child_process';

/**
 * Takes a folder's files out of the system's memory, so that a start reads them from the disk, as after the laptop was off.
 * Only where dd can do it (Linux); elsewhere starts are warm, for all contenders alike.
 */
export function forgetCached(folder: string): void {
  if (process.platform !== 'linux') return;
  spawnSync(
    'sh',
    ['-c', 'sync -f "$1"; find "$1" -type f -exec dd if={} iflag=nocache count=0 status=none \\;', 'sh', folder],
    { stdio: 'ignore' },
  );
}
