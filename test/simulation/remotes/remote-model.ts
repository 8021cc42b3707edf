import type { RemoteConnector } from '../../../shared/ports/remote-inventory.ts';
import type { FaultInput } from '../../sandbox/chassis/faults.ts';
import type { SandboxReply, SandboxRequest } from '../../sandbox/chassis/messages.ts';
import type { Random } from '../random.ts';

/** Something that the remote keeps a figure of. `exists` false: our catalogue matches it, the remote has never heard of it. */
export type RemoteThing = {
  readonly sku: string;
  readonly remoteItem: string;
  readonly precision: number;
  readonly exists: boolean;
};

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
  /** Others sell (below zero) or receive, now or at a time that is past; false when the remote did not let them. */
  others(thing: RemoteThing, place: string, steps: number, happenedAt?: number): boolean;
  /** Somebody has so much of the stock put by, or (below zero) gives it up: it stays on the shelf. */
  reserve?(thing: RemoteThing, place: string, steps: number): void;
  /** The latest time that a change says it happened at, ms; undefined where changes bear none. */
  newestTime?(request: SandboxRequest): number | undefined;
  /** How far back others may date what they write down late; absent: not at all. */
  readonly backDatesMs?: number;
  /** References of ours that the remote has recorded since this was asked last, where it shows them. */
  takeRecorded?(): readonly string[];
  /** All that others did, oldest first. */
  othersDid(): readonly OthersDid[];
  /** What every place holds at first, in steps. */
  readonly opening: number;
  /** Keeps no figure of it at first. */
  isBare?(thing: RemoteThing, place: string): boolean;
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
  /** There may be something that it keeps no figure of. */
  readonly hasBare: boolean;
};

/** One movement by others, at its true time. */
export type OthersDid = {
  readonly remoteItem: string;
  readonly place: string;
  readonly steps: number;
  readonly at: number;
};

/** Remembers what others do, beside the sandbox that it is done to. */
export function createOthers(
  now: () => number,
  act: (thing: RemoteThing, place: string, steps: number, happenedAt: number | undefined) => void,
  figure: RemoteModel['figure'],
): Pick<RemoteModel, 'figure' | 'others' | 'othersDid'> {
  const did: OthersDid[] = [];
  return {
    others(thing, place, steps, happenedAt) {
      const before = figure(thing, place);
      act(thing, place, steps, happenedAt);
      if (figure(thing, place) - before !== steps) return false;
      did.push({ remoteItem: thing.remoteItem, place, steps, at: now() });
      return true;
    },
    figure,
    othersDid: () => did,
  };
}
