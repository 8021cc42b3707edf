import { deconetworkModel } from './deconetwork-model.ts';
import type { ModelParts, RemoteModel } from './remote-model.ts';
import { shipheroModel } from './shiphero-model.ts';
import { squareModel } from './square-model.ts';
import { zettleModel } from './zettle-model.ts';

/** Every remote that a world may have. */
export const REMOTES = {
  square: squareModel,
  zettle: zettleModel,
  shiphero: shipheroModel,
  deconetwork: deconetworkModel,
} satisfies Record<string, (parts: ModelParts) => RemoteModel>;
export type RemoteId = keyof typeof REMOTES;

/** Drawn as often as it stands here: what can be changed, and read back in the hardest way, is lived through most. */
export const DRAWN: readonly RemoteId[] = [
  'square',
  'square',
  'square',
  'zettle',
  'zettle',
  'shiphero',
  'shiphero',
  'deconetwork',
];
