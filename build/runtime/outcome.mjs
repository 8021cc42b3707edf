/**
 * How everything below build/ reports an expected failure: a code for the program, one sentence for the person that says
 * what failed and what to do.
 *
 * @typedef {{ code: string, sentence: string }} Problem
 * @typedef {(line: string) => void} Log
 */

/**
 * @template Value
 * @param {Value} value
 * @returns {{ ok: true, value: Value }}
 */
export function ok(value) {
  return { ok: true, value };
}

/**
 * @param {string} code
 * @param {string} sentence
 * @returns {{ ok: false, error: Problem }}
 */
export function failed(code, sentence) {
  return { ok: false, error: { code, sentence } };
}

/** What a thrown value says, on one line. @param {unknown} problem @returns {string} */
export function reasonOf(problem) {
  if (!(problem instanceof Error)) return String(problem);
  const cause = problem.cause instanceof Error ? problem.cause : undefined;
  const code = cause && 'code' in cause ? String(cause.code) : '';
  return (code || cause?.message || problem.message).split('\n')[0] ?? '';
}
