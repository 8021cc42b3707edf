/** The newest entry of a laptop's chain, as its laptop signs it for a site. */
export type SignedHead = {
  /** The site's id. */
  readonly site: string;
  readonly device: string;
  readonly seq: number;
  readonly hash: string;
};

/**
 * The text that a laptop signs. The chain is linked by hashes, so it vouches for every entry up to this one. Where numbers
 * were lost in both copies the link is the line that declares them lost: `gaps` are the hashes of those, oldest first. A
 * laptop that had heard the lost entries before still holds them: then no link is missing there.
 */
export function headText({ site, device, seq, hash }: SignedHead, gaps: readonly string[] = []): string {
  return ['tallybook head 1', site, device, String(seq), hash, ...gaps].join('\n');
}
