import { ask, newFolder, openBench } from './bench-app.ts';
import { buildBench } from './build-bench.ts';
await buildBench(process.cwd());
for (const [name, arg] of [['bursts', 4]] as const) {
const bench = await openBench(newFolder('scratch'));
const client = await bench.page.context().newCDPSession(bench.page);
await client.send('Profiler.enable');
await client.send('Profiler.setSamplingInterval', { interval: 200 });
await client.send('Profiler.start');
console.log(name, await ask(bench, name, arg));
const { profile } = await client.send('Profiler.stop');
const self = new Map<string, number>();
const byId = new Map(profile.nodes.map((n) => [n.id, n]));
let total = 0;
(profile.samples ?? []).forEach((id, i) => {
  const n = byId.get(id)!; const d = profile.timeDeltas?.[i] ?? 0; total += d;
  const key = `${n.callFrame.functionName || '(anon)'}:${n.callFrame.lineNumber}:${n.callFrame.columnNumber}`;
  self.set(key, (self.get(key) ?? 0) + d);
});
for (const [k, v] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 28)) console.log((v / 1000).toFixed(0).padStart(7), 'ms', ((v / total) * 100).toFixed(1) + '%', k);
await client.detach(); await bench.close();
}
