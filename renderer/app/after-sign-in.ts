import { NO_CHOICES } from '../../shared/domain/import/choices.ts';
import { loadSample as load } from '../import/load-sample.ts';
import type { Wiring } from './wiring.ts';

export { openTallybook } from './open-tallybook.ts';

export const loadSample: Wiring['loadSample'] = ({ ledger }, host, onProgress) =>
  load(ledger, host, { ...NO_CHOICES, leaveOutStopped: true }, onProgress);
