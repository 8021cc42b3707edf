import { z } from 'zod';
import { laptopRoleSchema } from '../../../shared/domain/ledger-entry.ts';
import type { Mended } from '../../../shared/ports/host.ts';
import { addressSchema, certificateSchema } from '../../../shared/team/server-file.ts';
import type { Disk } from '../disk/disk.ts';
import { openKept } from '../disk/kept-file.ts';

const settingsSchema = z.object({
  /** The shared folder. */
  folder: z.string().min(1).exactOptional(),
  /** The site's server. */
  server: z.object({ addresses: z.array(addressSchema).min(1), certificate: certificateSchema }).exactOptional(),
  /** This laptop runs it, at this port. */
  serving: z.object({ port: z.number().int().min(1).max(65_535) }).exactOptional(),
  /** A server’s folder that was saved here for somebody else to run: for where, and whom that server lets in. */
  laidOut: z
    .object({
      host: z.string().min(1),
      port: z.number().int().min(1).max(65_535),
      certificate: certificateSchema,
      laptops: z.array(z.object({ laptop: z.string().min(1), key: z.string().min(1), role: laptopRoleSchema })),
    })
    .exactOptional(),
});

/** What a person chose to exchange through. */
export type ExchangeChoice = z.infer<typeof settingsSchema>;

export type ExchangeSettings = {
  chosen(): ExchangeChoice;
  /** Throws when the disk does not take it. */
  choose(choice: ExchangeChoice): Promise<void>;
};

/** Opens `exchange.json` and its copy: what is chosen outlives the app. */
export async function openExchangeSettings(options: {
  readonly disk: Disk;
  readonly profile: string;
  readonly device: () => string;
  readonly onMended: (mended: Mended) => void;
}): Promise<ExchangeSettings> {
  const { disk, profile: folder, device, onMended } = options;
  const kept = await openKept({ disk, folder, name: 'exchange', schema: settingsSchema, onMended });
  let chosen: ExchangeChoice = (kept.found === 'whole' ? kept.content() : null) ?? {};
  return {
    chosen: () => chosen,
    async choose(choice) {
      if (Object.keys(choice).length === 0) await kept.remove();
      else await kept.save(choice, device());
      chosen = choice;
    },
  };
}
