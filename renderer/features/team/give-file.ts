import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Host, HostError } from '../../../shared/ports/host.ts';

/** Why a file did not reach the host whole. */
export type GiveError = HostError | { readonly code: 'file_not_read' };

/** Bytes of one piece: a stick is read while the host takes the piece before, and a stop is heard soon. */
export const PIECE_BYTES = 3 * 1024 * 1024;
/** So many bytes become text at once; more would be too many arguments of one call. */
const AT_ONCE = 0x80_00;

/** Bytes as base64 text. */
export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let from = 0; from < bytes.length; from += AT_ONCE)
    binary += String.fromCharCode(...bytes.subarray(from, from + AT_ONCE));
  return btoa(binary);
}

/**
 * Gives the host a file, piece by piece in order; the first piece makes it forget any file before. `onPart` hears how much
 * of it is given, 0 to 1. Stopped between two pieces by `signal`; nothing of the file is taken by giving it.
 */
export async function giveFile(
  host: Pick<Host, 'giveHandOver'>,
  file: Blob,
  { onPart, signal }: { onPart: (part: number) => void; signal: AbortSignal },
): Promise<Result<'given' | 'stopped', GiveError>> {
  let at = 0;
  do {
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await file.slice(at, at + PIECE_BYTES).arrayBuffer());
    } catch {
      return err({ code: 'file_not_read' });
    }
    if (signal.aborted) return ok('stopped');
    // A stick that is gone may answer with less than was asked for.
    if (bytes.length !== Math.min(PIECE_BYTES, file.size - at)) return err({ code: 'file_not_read' });
    const given = await host.giveHandOver({ at, bytes: base64Of(bytes) });
    if (!given.ok) return given;
    if (signal.aborted) return ok('stopped');
    at += bytes.length;
    onPart(file.size === 0 ? 1 : at / file.size);
  } while (at < file.size);
  return ok('given');
}
