/** Ends the walk with a sentence a person understands, unless `holds`. */
export function must(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence);
}

/** Compares by value, as JSON writes it. */
export function mustBe(found: unknown, expected: unknown, what: string): void {
  const [is, shouldBe] = [found, expected].map((value) => JSON.stringify(value));
  must(is === shouldBe, `${what}: it is ${is}, it must be ${shouldBe}`);
}

/** Asks until the answer is accepted; the last answer is in the sentence when it never is. */
export async function eventually<Answer>(
  ask: () => Promise<Answer> | Answer,
  accept: (answer: Answer) => boolean,
  what: string,
  timeoutMs = 20_000,
): Promise<Answer> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (accept(answer)) return answer;
    must(Date.now() < until, `${what}: after ${timeoutMs / 1000} s it is still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
