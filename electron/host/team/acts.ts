import { rememberActs, type IsAct } from '../../../shared/team/act.ts';
import { isSigned } from '../secrets/ed25519.ts';

/** Whether entries carry the signatures of the people whom they name; each is checked once a run. */
export function createActs(): IsAct {
  return rememberActs(isSigned);
}
