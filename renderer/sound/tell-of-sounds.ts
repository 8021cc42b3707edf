import type { Sounds } from './sounds.ts';

/** The event that every sound has as its silent twin, for what listens to the page instead of the loudspeaker. */
export const SOUND_EVENT = 'tallybook:sound';

/** The same sounds, each also told as an event on `page`; `detail` names the sound. */
export function tellOfSounds(sounds: Sounds, page: EventTarget): Sounds {
  const tell = (name: keyof ReturnType<Sounds['played']>) => {
    sounds[name]();
    page.dispatchEvent(new CustomEvent(SOUND_EVENT, { detail: name }));
  };
  return {
    taken: () => tell('taken'),
    noted: () => tell('noted'),
    look: () => tell('look'),
    notTaken: () => tell('notTaken'),
    played: sounds.played,
  };
}
