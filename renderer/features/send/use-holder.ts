import { useEffect, useState } from 'react';
import type { ConnectionHolder, Team } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import type { SendingState } from '../../ledger/sending-state.ts';

/** What the host said, and what was known when it was asked. */
type Asked = { readonly of: readonly [SendingState, Team]; readonly all: readonly ConnectionHolder[] };

/**
 * Who sends over a connection, as the host says it; asked anew whenever something about sending or the laptops changed, and
 * until then as before. Undefined: this laptop works alone.
 */
export function useHolder(connection: string): ConnectionHolder | undefined {
  const { host } = useTallybook();
  const { team } = useTeam();
  const sending = useLedger((ledger) => ledger.sending());
  const [asked, setAsked] = useState<Asked>();
  const isAlone = team === undefined || team.site === null;
  useEffect(() => {
    if (team === undefined || team.site === null) return undefined;
    let wanted = true;
    const of = [sending, team] as const;
    void host.connectionHolders({}).then((answer) => {
      if (wanted && answer.ok) setAsked({ of, all: answer.value });
    });
    return () => {
      wanted = false;
    };
  }, [host, sending, team]);
  return isAlone ? undefined : asked?.all.find((one) => one.connection === connection);
}
