import type { JournalStatus, Team } from '../../../shared/ports/host.ts';
import type { Verdict } from '../authority/union.ts';
import type { Ledger } from '../authority/ledger.ts';
import { toldGaps } from '../journal/status.ts';
import type { Journal } from '../journal/journal.ts';
import type { Chains } from './chains.ts';
import type { LaptopKey } from './laptop-key.ts';

type Parts = {
  journal: Pick<Journal, 'status'>;
  ledger: Pick<Ledger, 'team'>;
  key: Pick<LaptopKey, 'asked'>;
};

/** What this laptop is in its site. */
export function standing({ journal, ledger, key }: Parts): Team['here'] {
  const { root, laptops } = ledger.team().trust;
  if (root === null) return key.asked() === null ? 'none' : 'asked';
  const here = laptops.get(journal.status().device);
  if (here === undefined) return 'asked';
  return here.revokedAt === undefined ? here.role : 'revoked';
}

function refusedOf({ refused, from }: Verdict, device: string): { refused?: number[]; refusedFrom?: number } {
  const some = refused.get(device);
  const refusedFrom = from.get(device);
  return {
    ...(some !== undefined && some.size > 0 && { refused: [...some.keys()] }),
    ...(refusedFrom !== undefined && { refusedFrom }),
  };
}

/** The status of the journal with what is held of other laptops, what those lost, and which entries never count. */
export function withChains(
  status: JournalStatus,
  { ledger, chains }: { ledger: Pick<Ledger, 'team'>; chains: Pick<Chains, 'held'> },
): JournalStatus {
  const { verdict } = ledger.team();
  const { refused } = refusedOf(verdict, status.device);
  const held = chains.held();
  return {
    ...status,
    ...(held.length > 0 && {
      chains: held.map(({ device, seq, hash, lost }) => ({
        device,
        seq,
        hash,
        ...toldGaps(lost),
        ...refusedOf(verdict, device),
      })),
    }),
    ...(refused !== undefined && { refused }),
  };
}
