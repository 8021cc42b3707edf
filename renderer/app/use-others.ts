import { useEffect, useRef } from 'react';
import type { Host } from '../../shared/ports/host.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { teamSource } from '../tallybook/team.ts';

/** How often the host is asked whether it has taken in something of other laptops. */
const ASK_MS = 2_000;
/** Where a server tells the host at once: what is counted elsewhere is shown within two seconds. */
const ASK_LIVE_MS = 500;

type Others = {
  /** What shows what came in; undefined while nobody may read it. */
  readonly ledger: Pick<Ledger, 'catchUp' | 'catalogueProblem' | 'reloadCatalogue'> | undefined;
  readonly reloadPeople: () => Promise<void>;
};

/**
 * What the host takes in by itself of other laptops is shown by itself: entries, people, lists, and when who was heard. Where
 * nobody may read, people are all that is asked for, and the rest once somebody may.
 */
export function useOthers(host: Host, others: Others): void {
  const latest = useRef(others);
  useEffect(() => {
    latest.current = others;
  });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isWanted = true;
    /** What is shown already, and whose people are known. A ledger shows what was there before the host took in anything. */
    let shown = 0;
    let met: number | undefined;

    let isLive = false;

    async function look(): Promise<void> {
      const answer = await host.exchange({});
      if (!isWanted || !answer.ok) return;
      const { news, exchange, server } = answer.value;
      isLive = server?.state === 'reached';
      const source = teamSource(host);
      source.tell(exchange);
      source.tellServer(server);
      const { ledger, reloadPeople } = latest.current;
      const isNew = met !== undefined && met !== news;
      met = news;
      if (ledger !== undefined && shown !== news) {
        const caught = await ledger.catchUp();
        if (caught.ok && ledger.catalogueProblem() !== undefined) await ledger.reloadCatalogue();
        if (caught.ok) shown = news;
        if (caught.ok && caught.value > 0) await source.ask();
      }
      if (isNew) await reloadPeople();
    }

    async function lookOn(): Promise<void> {
      await look();
      if (isWanted) timer = setTimeout(() => void lookOn(), isLive ? ASK_LIVE_MS : ASK_MS);
    }

    void lookOn();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [host]);
}
