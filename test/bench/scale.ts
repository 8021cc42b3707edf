/** How much of everything a run measures. */
export type Scale = {
  readonly rounds: number;
  readonly singles: number;
  readonly block: number;
  readonly burst: number;
  readonly bulk: number;
  /** Entries of the small and the large ledger of cold starts. */
  readonly few: number;
  readonly many: number;
  readonly rebuild: number;
  readonly heal: number;
  /** Entries of each of twenty laptops. */
  readonly laptopEntries: number;
  /** Counts, one a second, until each is held by another laptop. */
  readonly seenCounts: number;
  readonly items: number;
  readonly largeSheet: number;
  readonly shownLines: number;
  /** Scans one after another in front of a screen. */
  readonly screenScans: number;
  readonly coldStarts: number;
  readonly importRounds: number;
  readonly healRounds: number;
  /** Lines sent to a remote in one go. */
  readonly sentLines: number;
  /** Whether bounds are held against the figures: a quick run is too small for them. */
  readonly isJudged: boolean;
};

const DEFAULT: Scale = {
  rounds: 5,
  singles: 400,
  block: 25,
  burst: 1000,
  bulk: 5000,
  few: 10_000,
  many: 1_000_000,
  rebuild: 100_000,
  heal: 200_000,
  laptopEntries: 50_000,
  seenCounts: 60,
  items: 200_000,
  largeSheet: 50_000,
  shownLines: 5000,
  screenScans: 100,
  coldStarts: 5,
  importRounds: 2,
  healRounds: 2,
  sentLines: 100_000,
  isJudged: true,
};

const FULL: Scale = { ...DEFAULT, heal: 1_000_000, importRounds: 3, healRounds: 1, rounds: 7 };

const QUICK: Scale = {
  ...DEFAULT,
  rounds: 1,
  singles: 50,
  burst: 200,
  bulk: 1000,
  few: 1000,
  many: 10_000,
  rebuild: 5000,
  heal: 5000,
  laptopEntries: 500,
  seenCounts: 5,
  items: 3000,
  largeSheet: 1000,
  shownLines: 500,
  screenScans: 20,
  coldStarts: 1,
  importRounds: 1,
  healRounds: 1,
  sentLines: 10_000,
  isJudged: false,
};

export type Arguments = { readonly scale: Scale; readonly only: readonly string[] };

/** Reads `--quick`, `--full` and rows, as words or as `--only G1,W3`. @throws for any other option. */
export function readArguments(words: readonly string[]): Arguments {
  let scale = DEFAULT;
  let only: readonly string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--quick') scale = QUICK;
    else if (word === '--full') scale = FULL;
    else if (word.startsWith('--only=')) only = word.slice('--only='.length).split(',');
    else if (word === '--only') only = (rest.shift() ?? '').split(',');
    else if (word.startsWith('--'))
      throw new Error(`unknown argument ${word}; there are --quick, --full and rows: W1b`);
    else only = [...only, word];
  }
  return { scale, only: only.map((id) => id.trim().toUpperCase()).filter((id) => id !== '') };
}
