import type { RemoteConnector } from '../../../shared/ports/remote-inventory.ts';
import type { FaultInput } from '../../sandbox/chassis/faults.ts';
import type { SandboxReply, SandboxRequest } from '../../sandbox/chassis/messages.ts';
import type { Random } from '../random.ts';

/** Something that the remote keeps a figure of. `exists` false: our catalogue matches it, the remote has never heard of it. */
export type RemoteThing = { readonly sku: string; readonly remoteItem: string; readonly precision: number; readonly exists: boolean };

/** One remote system of a simulated world: its sandbox, and what the world may do to it behind our back. */
export type RemoteModel = {
  readonly connector: RemoteConnector;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly things: readonly RemoteThing[];
  /** Places that keep a figure. Where the remote knows bins, each is one bin. */
  readonly places: readonly string[];
  reply(request: SandboxRequest): Promise<SandboxReply>;
  /** The next request meets this. */
  fault(fault: FaultInput): void;
  isChange(request: SandboxRequest): boolean;
  /** Asks for a token, or for another one. */
  isTokenCall(request: SandboxRequest): boolean;
  /** The figure now, in steps of 10⁻⁵. */
  figure(thing: RemoteThing, place: string): number;
  /** Others sell (below zero) or receive. */
  others(thing: RemoteThing, place: string, steps: number): void;
  /** What every place holds at first, in steps. */
  readonly opening: number;
  expireToken(): void;
  restoreToken(): void;
};

/** What a model is made from: a stream of chance, true time, and how oddly the remote may behave where its papers are silent. */
export type ModelParts = {
  readonly random: Random;
  readonly now: () => number;
  /** A remote that keeps its promises, but only just. */
  readonly isOdd: boolean;
  /** Requests may be on their way for up to two minutes or arrive twice. */
  readonly hasLateRequests: boolean;
  readonly hasGhost: boolean;
};
