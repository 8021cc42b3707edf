import { z } from 'zod';
import { decode, layoutNamed, produce } from './keyboard-layout.ts';

/**
 * The test card of the scanner set-up: a GS1-128 with two fields of a firm's own (91 and 92), so that FNC1 comes between
 * them as it does on a label of goods. Its few characters come out differently on every keyboard layout that we know.
 */
export const TEST_CARD = ['91Tally-Test', '920123456789_/:'] as const;

/** Slower than this is no scanner that anybody works with, ms from key to key. */
export const SLOWEST_KEY_MS = 250;

/** What one scanner does, learned from one scan of the test card. Texts are as printed, not as a keyboard garbled them. */
export const scannerSchema = z.object({
  id: z.string().min(1).max(64),
  learnedAt: z.iso.datetime(),
  /** From key to key: the middle one of the gaps on the card. */
  keyMs: z.number().min(0).max(SLOWEST_KEY_MS),
  /** Nine of ten gaps lay no farther from it. */
  spreadMs: z.number().min(0).max(SLOWEST_KEY_MS),
  ending: z.enum(['Enter', 'Tab', 'none']),
  prefix: z.string().max(64),
  suffix: z.string().max(64),
  /** It names the kind of symbol in front of each code (`]C1`). */
  symbology: z.boolean(),
  /** What arrives for FNC1: group separators, nothing, or some other text. */
  separators: z.union([
    z.object({ kind: z.enum(['sent', 'lost']) }),
    z.object({ kind: z.literal('other'), text: z.string().min(1).max(16) }),
  ]),
  /** What became of capitals and small letters. */
  letters: z.enum(['kept', 'swapped', 'capitals', 'small']),
  /**
   * How the label comes back. `positions`: from where the keys lie on a US keyboard, whatever layout the laptop has;
   * `fits`: the text is the label; `laptop`: the scanner types for a US keyboard, the laptop has another layout;
   * `scanner`: the other way round.
   */
  keyboard: z.union([
    z.object({ kind: z.literal('positions'), layout: z.string().max(16).optional(), capsLock: z.boolean() }),
    z.object({ kind: z.literal('fits') }),
    z.object({ kind: z.literal('laptop'), layout: z.string().max(16), capsLock: z.boolean() }),
    z.object({ kind: z.literal('scanner'), layout: z.string().max(16) }),
  ]),
});
export type Scanner = z.infer<typeof scannerSchema>;

/** The same keys in two readings: what the laptop made of them, and what they are on a US keyboard. */
export type KeyedText = { readonly text: string; readonly usText: string };

/** What this scanner meant by its keys, prefix and suffix included. */
export function meantBy({ text, usText }: KeyedText, { keyboard }: Pick<Scanner, 'keyboard'>): string {
  switch (keyboard.kind) {
    case 'positions':
      return usText;
    case 'fits':
      return text;
    case 'laptop': {
      const layout = layoutNamed(keyboard.layout);
      return layout === undefined ? text : decode(text, { ...layout, capsLock: keyboard.capsLock });
    }
    case 'scanner':
      return produce(usText, keyboard.layout);
  }
}

/** The label under a scan of this scanner: put right, without its prefix and suffix; undefined: they are missing. */
export function labelOf(
  keyed: KeyedText,
  scanner: Pick<Scanner, 'keyboard' | 'prefix' | 'suffix'>,
): string | undefined {
  const meant = meantBy(keyed, scanner);
  const { prefix, suffix } = scanner;
  if (meant.length <= prefix.length + suffix.length) return undefined;
  if (!meant.startsWith(prefix) || !meant.endsWith(suffix)) return undefined;
  return meant.slice(prefix.length, meant.length - suffix.length);
}

/** Whether two are the same scanner as far as a scan tells: then the newer takes the place of the older. */
export function isSameScanner(one: Omit<Scanner, 'id' | 'learnedAt'>, other: Scanner): boolean {
  return (
    one.ending === other.ending &&
    one.prefix === other.prefix &&
    one.suffix === other.suffix &&
    one.keyboard.kind === other.keyboard.kind &&
    Math.abs(one.keyMs - other.keyMs) <= Math.max(3, other.keyMs / 5)
  );
}
