/** What the demo found, as short lines that line up. */
export type Report = { add(what: string, figures: string): void; print(title: string): void };

export function createReport(): Report {
  const rows: { what: string; figures: string }[] = [];
  return {
    add: (what, figures) => void rows.push({ what, figures }),
    print(title) {
      const width = Math.max(...rows.map(({ what }) => what.length));
      console.log(`\n${title}\n`);
      for (const { what, figures } of rows) console.log(`  ${what.padEnd(width)}  ${figures}`);
      console.log('');
    },
  };
}
