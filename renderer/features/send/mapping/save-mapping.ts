import type { MappingChange } from '../../../sync/sending.ts';

/** Saves a change of the mapping and says it aloud. */
export type SaveMapping = (change: MappingChange, said: string) => Promise<void>;
