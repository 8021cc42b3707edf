/** One request as a sandbox sees it. Header names are lower case. */
export type SandboxRequest = {
  readonly method: string;
  readonly url: URL;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
};
export type SandboxAnswer = {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
};
/** `drop`: the connection is cut. `hang`: no answer ever comes. */
export type SandboxReply = SandboxAnswer | 'drop' | 'hang';

/** What one vendor brings: how it answers when nothing goes wrong, and the words it has for what goes wrong. */
export type SandboxSystem = {
  /** The connector's id: "zettle". */
  readonly system: string;
  answer(request: SandboxRequest): SandboxAnswer | Promise<SandboxAnswer>;
  /** Does the first half of a change, where the remote may; absent: nothing of it is done. The answer is thrown away. */
  answerHalf?(request: SandboxRequest): SandboxAnswer | Promise<SandboxAnswer>;
  /** Whether a request may change stock: faults "after applying" wait for one of these. */
  isChange(request: SandboxRequest): boolean;
  /** The vendor's body of an error with that status. */
  errorText(status: number): string;
  /** The vendor's error inside a 200, where it has such. */
  errorsIn200?(): string;
  expireToken(): void;
  restoreToken(): void;
  /** Stock sold by others at this moment; throws a schema's error for what it cannot read. */
  sale(input: unknown): void;
  /** How many credits are left, where requests cost some. */
  setCredits?(remaining: number): void;
  /** Further switches by name; each gets the whole switch and throws a schema's error for what it cannot read. */
  readonly extra?: Readonly<Record<string, (input: unknown) => unknown>>;
  /** Further things to see under `GET /_sandbox/<name>`. */
  readonly views?: Readonly<Record<string, () => unknown>>;
};
