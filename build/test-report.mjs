/** Counting what the test runners report. A skipped test counts as failed: it proved nothing. So does an empty run. */
import { readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number }} Count */

/** @param {readonly Count[]} counts @returns {Count} */
export function sumCounts(counts) {
  return counts.reduce((sum, count) => ({ passed: sum.passed + count.passed, failed: sum.failed + count.failed }), {
    passed: 0,
    failed: 0,
  });
}

/**
 * The count of a runner that exited with `code`. It failed at least once when it says so by its exit code, or ran nothing.
 *
 * @param {Count} count
 * @param {number} code
 * @returns {Count}
 */
export function judge(count, code) {
  const isUntold = count.failed === 0 && (code !== 0 || count.passed === 0);
  return isUntold ? { passed: count.passed, failed: 1 } : count;
}

/** A stage that only succeeds or fails. @param {number} code @returns {Count} */
export function countStage(code) {
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** What vitest's JSON reporter wrote. A file that could not be loaded counts once. @param {unknown} report @returns {Count} */
export function countVitest(report) {
  const results = listOf(report, 'testResults').map((file) => {
    const states = listOf(file, 'assertionResults').map((test) => test['status']);
    const failed = states.filter((state) => state !== 'passed').length;
    const isBroken = file['status'] === 'failed' && failed === 0;
    return { passed: states.length - failed, failed: failed + (isBroken ? 1 : 0) };
  });
  return sumCounts(results);
}

/** What Playwright's JSON reporter wrote. A test that passed only when repeated counts as failed. @param {unknown} report @returns {Count} */
export function countPlaywright(report) {
  const stats = Object(Object(report)['stats']);
  /** @param {string} name */
  const number = (name) => (typeof stats[name] === 'number' ? stats[name] : 0);
  const failed = number('unexpected') + number('flaky') + number('skipped');
  return { passed: number('expected'), failed: failed + listOf(report, 'errors').length };
}

/** @param {unknown} holder @param {string} name @returns {Record<string, unknown>[]} */
function listOf(holder, name) {
  const list = Object(holder)[name];
  return Array.isArray(list) ? list : [];
}

/** A JSON report, or null when the runner never wrote it. @param {string} path @returns {unknown} */
export function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** What a program of ours wrote: `{ passed, failed }`. @param {unknown} report @returns {Count} */
export function countOwn(report) {
  const { passed, failed } = /** @type {Partial<Count>} */ (report ?? {});
  return { passed: passed ?? 0, failed: failed ?? 0 };
}
