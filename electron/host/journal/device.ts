import { z } from 'zod';
import { LEDGER_VERSION } from '../../../shared/domain/ledger-entry.ts';
import type { Mended } from '../../../shared/ports/host.ts';
import type { Disk } from '../disk/disk.ts';
import { openKept, type KeptFile } from '../disk/kept-file.ts';

const deviceSchema = z.object({
  /** Highest ledger version that has written here: an older app refuses and touches nothing. */
  v: z.number().int().min(1),
  device: z.string().min(1).max(64),
  createdAt: z.iso.datetime(),
  /** A sequence that was surely acknowledged; kept outside the journal so that a journal cut short is noticed. */
  acknowledged: z.number().int().min(0),
  /** No sequence above it was ever given; raised before one is. */
  reserved: z.number().int().min(0).exactOptional(),
});
/** What `device.json` keeps: this laptop's name in every entry, and how far its journal had come. */
export type DeviceFile = z.infer<typeof deviceSchema>;

/** The device file with its copy; it holds nothing when there is none that makes sense. */
export function openDevice(
  disk: Disk,
  profile: string,
  onMended: (mended: Mended) => void,
): Promise<KeptFile<DeviceFile>> {
  return openKept({ disk, folder: profile, name: 'device', schema: deviceSchema, onMended });
}

/** The device file of a laptop's first start. */
export function newDevice(device: string, createdAt: string): DeviceFile {
  return { v: LEDGER_VERSION, device, createdAt, acknowledged: 0 };
}
