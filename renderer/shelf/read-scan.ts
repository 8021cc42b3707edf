import {
  codeText,
  lookUpKeys,
  parseBarcode,
  type BarcodeDamage,
  type CardCommand,
  type ParsedBarcode,
} from '../../shared/domain/barcode.ts';
import { bareBinCode, meantBin } from '../../shared/domain/bin-name.ts';
import type { Catalogue } from '../../shared/domain/catalogue.ts';
import type { Item } from '../../shared/domain/item.ts';
import { binKey } from '../../shared/domain/location.ts';
import { labelAmount, type LabelProblem } from '../../shared/domain/label-amount.ts';
import { formatQuantity, ONE, parseQuantity, type Quantity } from '../../shared/domain/quantity.ts';
import type { Scanner } from '../../shared/domain/scanner.ts';
import { looseKey } from '../../shared/domain/text-key.ts';

/** What one scan of a label adds, before a typed quantity multiplies it. */
export type Proposed = {
  readonly item: Item;
  /** One scan; where the label's own quantity is `unusable`, one pack of its code, for a typed number to multiply. */
  readonly perScan: Quantity;
  /** The code was a pack's: "case" of 12. */
  readonly pack: { readonly name: string; readonly factor: string } | undefined;
  /** How many packs one scan is: 4 where the label of a pallet says so. */
  readonly packs: Quantity;
  /** The measure on the label, as evidence: "1.25 kg". */
  readonly said: string | undefined;
  /** The label says a quantity that this item cannot take: nothing is counted until a person types how much. */
  readonly unusable: LabelProblem | undefined;
  readonly lot: string | undefined;
  readonly serial: string | undefined;
  readonly expiresOn: string | undefined;
  readonly code: string;
};

/** An item found by name instead of by its label. */
export function proposedByName(item: Item): Proposed {
  return {
    item,
    perScan: ONE,
    pack: undefined,
    packs: ONE,
    said: undefined,
    unusable: undefined,
    lot: undefined,
    serial: undefined,
    expiresOn: undefined,
    code: item.sku,
  };
}

/** What belongs to an item, and stands on its label or on one of its own. */
export type ItemPart = {
  readonly lot: string | undefined;
  readonly serial: string | undefined;
  readonly expiresOn: string | undefined;
};

/** What a code means. It depends only on the code and on what the catalogue and the stocktake know. */
export type ScanMeaning =
  | { readonly kind: 'bin'; readonly bin: string }
  /** One label, several bins: a person has to say which. */
  | { readonly kind: 'bins'; readonly bins: readonly string[] }
  | { readonly kind: 'item'; readonly proposed: Proposed }
  /** Several items share the code, or the label can be read in several ways. */
  | { readonly kind: 'items'; readonly choices: readonly Proposed[] }
  /** A lot or serial on a label of its own: belongs to the item scanned before it. */
  | (ItemPart & {
      readonly kind: 'attach';
      readonly code: string;
      /** A quantity that the label says too, without saying of what. */
      readonly says?: string;
    })
  /** The text is the name of things of several kinds (a bin and an item): a person has to say which. */
  | { readonly kind: 'kinds'; readonly code: string; readonly options: readonly OneMeaning[] }
  | { readonly kind: 'command'; readonly command: CardCommand; readonly times: number | undefined }
  /** `element`: read as a GS1 label whose scanner sent no identifier, it is a lot or a serial. */
  | { readonly kind: 'unknown'; readonly code: string; readonly element?: ItemPart }
  | { readonly kind: 'damaged'; readonly damage: BarcodeDamage; readonly code: string };

/** One of the things that a text of several kinds can mean. */
export type OneMeaning =
  | { readonly kind: 'bin'; readonly bin: string }
  | { readonly kind: 'item'; readonly proposed: Proposed }
  | { readonly kind: 'command'; readonly command: CardCommand; readonly times: number | undefined };

export type Known = {
  readonly catalogue: Pick<Catalogue, 'find' | 'bin' | 'binsNamed' | 'like'>;
  /** Bins of the stocktake; they may be missing in the catalogue. */
  readonly bins: readonly string[];
  /** The building where the person counts. */
  readonly site?: string | undefined;
  /** The year on the wall, for the century of dates on labels. */
  readonly year: number;
};

/** The bins that a scan can mean, where only a bin is asked for. */
export function binsOf(meaning: ScanMeaning): readonly string[] {
  if (meaning.kind === 'bin') return [meaning.bin];
  if (meaning.kind === 'bins') return meaning.bins;
  return meaning.kind === 'kinds' ? meaning.options.flatMap((one) => (one.kind === 'bin' ? [one.bin] : [])) : [];
}

/** What was scanned, and what its scanner makes of FNC1 where that was learned. */
export type Scanned = {
  readonly text: string;
  readonly usText: string;
  readonly separators?: Scanner['separators'] | undefined;
};

/** Reads a scan; where the laptop's keyboard layout garbled it, the same keys on a US keyboard. Pure. */
export function readScan(scan: Scanned, known: Known): ScanMeaning {
  const meaning = readText(scan.text, known, scan.separators);
  if (scan.usText === scan.text || (meaning.kind !== 'unknown' && meaning.kind !== 'damaged')) return meaning;
  const other = readText(scan.usText, known, scan.separators);
  return other.kind === 'unknown' || other.kind === 'damaged' ? meaning : other;
}

function readText(text: string, known: Known, separators: Scanned['separators']): ScanMeaning {
  const parsed = parseBarcode(text, {
    today: { year: known.year },
    ...(separators?.kind === 'sent' && { fnc1: 'sent' as const }),
    ...(separators?.kind === 'other' && { separators: [separators.text] }),
  });
  const code = codeText(text);
  const command: readonly OneMeaning[] =
    parsed.kind === 'command' ? [{ kind: 'command', command: parsed.command, times: parsed.times }] : [];
  const exact = oneOf(code, [...command, ...findBins(placeOf(parsed) ?? code, known), ...findItems(parsed, known)]);
  return exact ?? attachOf(parsed) ?? oneOf(code, findLike(parsed, known)) ?? unfound(parsed, known);
}

/** What a text means that is the name of these; nothing when it is the name of none. */
function oneOf(code: string, options: readonly OneMeaning[]): ScanMeaning | undefined {
  const [first] = options;
  if (first === undefined || options.length === 1) return first;
  const bins = options.flatMap((one) => (one.kind === 'bin' ? [one.bin] : []));
  if (bins.length === options.length) return { kind: 'bins', bins };
  const choices = options.flatMap((one) => (one.kind === 'item' ? [one.proposed] : []));
  return choices.length === options.length ? { kind: 'items', choices } : { kind: 'kinds', code, options };
}

/** The bin that a GS1 label of a location names: (414) says which location it is, (254) which place there. */
function placeOf(parsed: ParsedBarcode): string | undefined {
  return parsed.kind === 'gs1' && parsed.gtin14 === undefined ? parsed.glnExtension : undefined;
}

function findBins(code: string, { catalogue, bins, site }: Known): readonly OneMeaning[] {
  const key = binKey(code);
  const named = catalogue.binsNamed(code);
  const bin = named.length === 0 ? bins.find((one) => binKey(one) === key) : meantBin(named, { bins, site })?.code;
  if (bin !== undefined) return [{ kind: 'bin', bin }];
  return named.map((one) => ({ kind: 'bin', bin: one.code }));
}

function findItems(parsed: ParsedBarcode, { catalogue }: Known): readonly OneMeaning[] {
  const readings = parsed.kind === 'gs1' && parsed.readings.length > 0 ? parsed.readings : [parsed];
  return readings.flatMap((reading) =>
    catalogue.find(lookUpKeys(reading)).map(({ item, barcode }): OneMeaning => ({
      kind: 'item',
      proposed: proposedOf(reading, item, barcode),
    })),
  );
}

/** What is called so but for its dashes: labels are often printed without them. A misread code is like nothing. */
function findLike(parsed: ParsedBarcode, { catalogue, bins, site }: Known): readonly OneMeaning[] {
  if (parsed.kind !== 'internal' && parsed.kind !== 'gtin') return [];
  const code = codeText(parsed.raw);
  const key = looseKey(code);
  if (key === '') return [];
  const like = catalogue.like(code);
  // One name in several buildings is one label.
  const isOneName = new Set(like.bins.map((bin) => binKey(bareBinCode(bin.code)))).size === 1;
  const meant = isOneName ? meantBin(like.bins, { bins, site }) : undefined;
  if (meant !== undefined && like.matches.length === 0) return [{ kind: 'bin', bin: meant.code }];
  const known = [...like.bins.map((bin) => bin.code), ...bins.filter((bin) => looseKey(bin) === key)];
  const once = new Map(known.map((bin) => [binKey(bin), bin]));
  return [
    ...[...once.values()].map((bin): OneMeaning => ({ kind: 'bin', bin })),
    ...like.matches.map(({ item, barcode }): OneMeaning => ({
      kind: 'item',
      proposed: proposedOf(parsed, item, barcode),
    })),
  ];
}

function attachOf(parsed: ParsedBarcode): ScanMeaning | undefined {
  if (parsed.kind !== 'gs1' || parsed.gtin14 !== undefined) return undefined;
  const { lot, serial } = parsed;
  if (lot === undefined && serial === undefined) return undefined;
  const content = parsed.measures.filter(({ of }) => of === 'content').map(({ value, unit }) => `${value} ${unit}`);
  const says = [...(parsed.count === undefined ? [] : [parsed.count]), ...content].join(', ');
  const part = { lot, serial, expiresOn: parsed.expiresOn ?? parsed.bestBefore, code: parsed.raw };
  return { kind: 'attach', ...part, ...(says === '' ? {} : { says }) };
}

function proposedOf(parsed: ParsedBarcode, item: Item, barcode: Item['barcodes'][number] | undefined): Proposed {
  const gs1 = parsed.kind === 'gs1' ? parsed : undefined;
  const factor = barcode?.factor === undefined ? undefined : readAmount(barcode.factor);
  const isPack = factor !== undefined && factor !== ONE;
  const amount = gs1 === undefined ? undefined : labelAmount(gs1, item, isPack ? factor : undefined);
  const used = amount?.ok === true ? amount.value : undefined;
  return {
    item,
    perScan: used?.quantity ?? factor ?? ONE,
    pack:
      isPack && used?.said === undefined ? { name: barcode?.pack ?? '', factor: formatQuantity(factor) } : undefined,
    packs: used?.packs ?? ONE,
    said: used?.said,
    unusable: amount?.ok === false ? amount.error : undefined,
    lot: gs1?.lot,
    serial: gs1?.serial,
    expiresOn: gs1?.expiresOn ?? gs1?.bestBefore,
    code: parsed.raw,
  };
}

function readAmount(text: string): Quantity | undefined {
  const parsed = parseQuantity(text);
  return parsed.ok && parsed.value > 0n ? parsed.value : undefined;
}

/** A lot or serial with its identifier (`10L2409`), of a scanner that does not say that the label is a GS1 one. */
function elementOf(code: string, year: number): ItemPart | undefined {
  if (!/^(10|11|15|17|21)./.test(code)) return undefined;
  const read = parseBarcode(`]C1${code}`, { today: { year } });
  if (read.kind !== 'gs1' || read.readings.length > 0 || read.gtin14 !== undefined) return undefined;
  const { lot, serial, expiresOn, bestBefore } = read;
  return lot === undefined && serial === undefined ? undefined : { lot, serial, expiresOn: expiresOn ?? bestBefore };
}

function unfound(parsed: ParsedBarcode, { year }: Known): ScanMeaning {
  switch (parsed.kind) {
    case 'damaged':
      return { kind: 'damaged', damage: parsed.code, code: parsed.raw };
    case 'gs1':
      // Its identifier says how it is to be read, so it stays.
      return { kind: 'unknown', code: parsed.raw.trim() };
    case 'gtin':
    case 'internal':
    case 'command': {
      const code = codeText(parsed.raw);
      const element = parsed.kind === 'internal' ? elementOf(code, year) : undefined;
      return { kind: 'unknown', code, ...(element === undefined ? {} : { element }) };
    }
  }
}
