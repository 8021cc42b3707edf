import { readFile, writeFile } from 'node:fs/promises';

/**
 * Makes bins.csv and stock.csv, and items.csv from the fixtures with a made-up cost. Nothing is random: the same files come out every
 * time. `node build/samples/make-samples.mjs`
 */
const here = new URL('./', import.meta.url);
const fixture = new URL('../../test/fixtures/catalogue/products-datakick.csv', here);

const ZONES = { A: 'Ambient racking', B: 'Bulk floor', C: 'Chilled', F: 'Freezer' };
const AISLES = [10, 11];
const BAYS = [11, 12, 13, 14, 15, 16];
const LEVELS = [1, 2, 3, 4];
const POSITIONS = [1, 2, 3];
const FIXED = {
  'RECV-01': 'Receiving',
  'RECV-02': 'Receiving',
  'SHIP-01': 'Shipping',
  'QUAR-01': 'Quarantine',
  'RET-01': 'Returns',
};

/** A part of the label conventions' pattern zone-aisle-bay-level-position, in serpentine walking order. */
function makeBins() {
  const bins = [];
  for (const [zone, name] of Object.entries(ZONES)) {
    for (const aisle of AISLES) {
      // Up the odd side, down the even side.
      const odd = BAYS.filter((bay) => bay % 2 === 1);
      const even = BAYS.filter((bay) => bay % 2 === 0).toReversed();
      for (const bay of [...odd, ...even]) {
        for (const level of zone === 'B' ? [1] : LEVELS) {
          for (const position of POSITIONS)
            bins.push({ code: `${zone}-${aisle}-${bay}-${level}-${position}`, zone: `${zone} ${name}` });
        }
      }
    }
  }
  return [...bins, ...Object.entries(FIXED).map(([code, zone]) => ({ code, zone }))];
}

/**
 * Spreads a number over 32 bits (Knuth's multiplicative hash): looks scattered, is always the same.
 * @param {number} number
 */
function scatter(number) {
  return Math.imul(number + 1, 2654435761) >>> 0;
}

const items = await readFile(fixture, 'utf8');
const codes = items
  .split('\n')
  .slice(1)
  .filter((line) => line !== '')
  .map((line) => line.slice(0, line.indexOf(',')));
const bins = makeBins();
const shelves = bins.filter((bin) => /^[ABCF]-/.test(bin.code));
/** @param {number} number */
const shelfOf = (number) => shelves[scatter(number) % shelves.length]?.code ?? '';
const stock = codes.flatMap((code, at) => {
  const main = shelfOf(at);
  const quantity = 1 + (scatter(at + 7_000) % 48);
  const first = `${code},${main},${quantity}`;
  // Every ninth item has a second place.
  const second = shelfOf(at + 14_000);
  return at % 9 === 0 && second !== main ? [first, `${code},${second},${1 + (scatter(at + 21_000) % 12)}`] : [first];
});

const priced = items
  .trimEnd()
  .split('\n')
  .map((line, at) => `${line},${at === 0 ? 'cost' : (0.35 + (scatter(at + 28_000) % 1_900) / 100).toFixed(2)}`);

await writeFile(new URL('items.csv', here), `${priced.join('\n')}\n`);
await writeFile(
  new URL('bins.csv', here),
  `${['code,label,site,zone,walk', ...bins.map((bin, at) => `${bin.code},${bin.code},Sample warehouse,${bin.zone},${at + 1}`)].join('\n')}\n`,
);
await writeFile(new URL('stock.csv', here), `${['item,bin,quantity', ...stock].join('\n')}\n`);
