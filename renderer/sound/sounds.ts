import { type SoundName, type Tone, TONES } from './tones.ts';

/** Seconds of rise and fall at the ends of a tone: without them every tone clicks. */
const EDGE = 0.006;

export type Sounds = {
  /** Stored. Call it only after the entry is in the ledger. */
  readonly taken: () => void;
  /** Heard and kept in mind, and nothing to store yet: the bin that a move starts from. */
  readonly noted: () => void;
  /** Stored, and somebody should look. */
  readonly look: () => void;
  /** Nothing was stored. */
  readonly notTaken: () => void;
  /** How many of each were started, silent ones included: as many `taken` and `look` as there are stored scans. */
  readonly played: () => Readonly<Record<SoundName, number>>;
};

/**
 * The sounds, made by WebAudio from tones: no file, no network, nothing for the content policy to allow. `level`
 * is asked for at each sound and runs from 0 (off) to 1. A machine without sound is no reason to stop counting, so a
 * context that cannot be had or refuses is ignored; every sound has a picture and a live-region text beside it.
 */
export function createSounds(options: { readonly context: () => AudioContext; readonly level: () => number }): Sounds {
  const counts: Record<SoundName, number> = { taken: 0, noted: 0, look: 0, notTaken: 0 };
  let shared: AudioContext | undefined;

  function play(name: SoundName): void {
    counts[name] += 1;
    const level = Math.min(1, Math.max(0, options.level()));
    if (level === 0) return;
    try {
      shared ??= options.context();
      // A context made before the first key or click waits for one.
      if (shared.state === 'suspended') void shared.resume().catch(() => undefined);
      for (const tone of TONES[name]) sound(shared, tone, level);
    } catch {
      shared = undefined;
    }
  }

  return {
    taken: () => play('taken'),
    noted: () => play('noted'),
    look: () => play('look'),
    notTaken: () => play('notTaken'),
    played: () => ({ ...counts }),
  };
}

function sound(context: AudioContext, tone: Tone, level: number): void {
  const from = context.currentTime + tone.from;
  const to = context.currentTime + tone.to;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = 'triangle';
  oscillator.frequency.setValueAtTime(tone.startHz, from);
  oscillator.frequency.linearRampToValueAtTime(tone.endHz, to);
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(level * 0.6, from + EDGE);
  gain.gain.setValueAtTime(level * 0.6, to - EDGE);
  gain.gain.linearRampToValueAtTime(0, to);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(from);
  oscillator.stop(to);
}
