import { useLedger } from './tallybook-context.tsx';

/** How bins are called so that nobody takes one for another: with its building where several have a bin of this name. */
export function useBinName(): (code: string) => string {
  const catalogue = useLedger((ledger) => ledger.catalogue());
  return catalogue.binName;
}
