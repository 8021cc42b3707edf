/** What a sound is made of. Frequencies in Hz, times in seconds from the start of the sound. */
export type Tone = {
  readonly startHz: number;
  /** Reached in a straight line at the end; the same as `startHz` for a steady tone. */
  readonly endHz: number;
  readonly from: number;
  readonly to: number;
};

export type SoundName = 'taken' | 'noted' | 'look' | 'notTaken';

/** Sounds that differ in pitch, number and length, so that none needs a good ear or a look at the screen. */
export const TONES: Readonly<Record<SoundName, readonly Tone[]>> = {
  /** Stored: one short rising tick. */
  taken: [{ startHz: 1200, endHz: 1900, from: 0, to: 0.07 }],
  /** Heard, and nothing to store yet: one short steady tick. */
  noted: [{ startHz: 440, endHz: 440, from: 0, to: 0.06 }],
  /** Stored, but look here: two equal mid tones. */
  look: [
    { startHz: 740, endHz: 740, from: 0, to: 0.09 },
    { startHz: 740, endHz: 740, from: 0.14, to: 0.23 },
  ],
  /** Nothing was stored: one long low tone. */
  notTaken: [{ startHz: 180, endHz: 180, from: 0, to: 0.25 }],
};

/** How long a sound lasts, in milliseconds. */
export function lengthMs(name: SoundName): number {
  return Math.round(Math.max(...TONES[name].map(({ to }) => to)) * 1000);
}
