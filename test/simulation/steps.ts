/** The oracle's own arithmetic: whole numbers of 10⁻⁵ units, read from text digit by digit, nothing shared with the product. */
export function stepsOf(text: string): number {
  const isNegative = text.startsWith('-');
  const [whole = '0', decimals = ''] = (isNegative ? text.slice(1) : text).split('.');
  if (!/^\d+$/.test(whole) || !/^\d{0,5}$/.test(decimals)) throw new Error(`no quantity: ${text}`);
  const steps = Number(whole) * 100_000 + Number(decimals.padEnd(5, '0'));
  return isNegative ? -steps : steps;
}

/** The shortest decimal text of it. */
export function textOf(steps: number): string {
  const size = Math.abs(steps);
  const decimals = String(size % 100_000)
    .padStart(5, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(size / 100_000));
  return `${steps < 0 ? '-' : ''}${whole}${decimals === '' ? '' : `.${decimals}`}`;
}
