import { scanFact, firstFacts, looseEntry } from './seed/ledger-model.ts';
import { emptyState, fold } from '../../shared/domain/ledger-state.ts';
import { packState, unpackState } from '../../shared/domain/checkpoint.ts';
const lines: string[] = [];
const at = (n: number) => new Date(1_700_000_000_000 + n * 10).toISOString();
firstFacts().forEach((f, i) => lines.push(JSON.stringify(looseEntry('11111111-1111-1111-1111-111111111111', i + 1, f, at(i)))));
for (let i = 2; i < 100_000; i += 1) lines.push(JSON.stringify(looseEntry('11111111-1111-1111-1111-111111111111', i + 1, scanFact(i), at(i))));
for (let turn = 0; turn < 4; turn += 1) {
  let t = performance.now();
  const parsed = lines.map((l) => JSON.parse(l));
  const p = performance.now() - t;
  t = performance.now();
  const state = emptyState();
  for (const e of parsed) fold(state, e);
  const f = performance.now() - t;
  t = performance.now();
  const pages = packState(state);
  const k = performance.now() - t;
  t = performance.now();
  const back = unpackState(pages);
  console.log('parse', p.toFixed(0), 'fold', f.toFixed(0), 'pack', k.toFixed(1), 'unpack', (performance.now() - t).toFixed(1), pages.reduce((a, b) => a + b.length, 0), back?.entries);
}
