import type { ModelParts, RemoteModel } from './remote-model.ts';
import { squareModel } from './square-model.ts';

/** Every remote that a world may have. */
export const REMOTES = { square: squareModel } satisfies Record<string, (parts: ModelParts) => RemoteModel>;
export type RemoteId = keyof typeof REMOTES;
