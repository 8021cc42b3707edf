export type ScanQueue<Scan> = {
  add(scan: Scan): void;
  /** How many are waiting, the one being taken included. */
  size(): number;
};

/**
 * Scans one after another, in the order of scanning: the next is taken when the one before it is stored or refused. A
 * bug while taking one loses that one only; `onBroken` hears of it.
 */
export function createScanQueue<Scan>(
  take: (scan: Scan) => Promise<void>,
  onSize: (size: number) => void,
  onBroken: (error: unknown) => void,
): ScanQueue<Scan> {
  const waiting: Scan[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    for (let scan = waiting[0]; scan !== undefined; scan = waiting[0]) {
      try {
        await take(scan);
      } catch (error) {
        onBroken(error);
      }
      waiting.shift();
      onSize(waiting.length);
    }
    running = false;
  }

  return {
    add(scan) {
      waiting.push(scan);
      onSize(waiting.length);
      if (!running) void run();
    },
    size: () => waiting.length,
  };
}
