import { join } from 'node:path';
import { z } from 'zod';
import { LEDGER_VERSION } from '../../shared/domain/ledger-entry.ts';
import { readJson, writeWhole, type Disk } from './disk.ts';

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

/** The device file; null when there is none that makes sense. */
export async function readDevice(disk: Disk, profile: string): Promise<DeviceFile | null> {
  const parsed = deviceSchema.safeParse(await readJson(disk, join(profile, 'device.json')));
  return parsed.success ? parsed.data : null;
}

export async function writeDevice(disk: Disk, profile: string, device: DeviceFile): Promise<void> {
  await writeWhole(disk, join(profile, 'device.json'), JSON.stringify(device));
}

/** The device file of a laptop's first start. */
export function newDevice(device: string, createdAt: string): DeviceFile {
  return { v: LEDGER_VERSION, device, createdAt, acknowledged: 0 };
}
