import { isDateFormat, shownNumber } from '../../shared/domain/import/number-format.ts';
import { TABLE_LIMITS } from '../../shared/domain/import/table.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import {
  listEntries,
  unpackEntry,
  withinBudget,
  type UnpackBudget,
  type ZipEntry,
  type ZipError,
} from './unpack-zip.ts';
import { attributeOf, createXmlScanner, type XmlListener } from './xml-events.ts';

/** A style of cells, as far as it says what a number means. */
export type CellStyle = { readonly isDate: boolean; readonly format: string | undefined };

export type WorkbookSheet = { readonly name: string; readonly hidden: boolean; readonly entry: ZipEntry };

/** A workbook without its cells. */
export type Workbook = {
  readonly sheets: readonly WorkbookSheet[];
  readonly styles: readonly CellStyle[];
  /** Texts that cells point to. */
  readonly texts: readonly string[];
  /** Days are counted from 1904 instead of 1900. */
  readonly from1904: boolean;
  readonly budget: UnpackBudget;
};

/** Reads one part of a workbook from its archive while it is unpacked. */
export async function readPart(
  entry: ZipEntry,
  budget: UnpackBudget,
  listener: XmlListener,
  goOn: () => boolean = () => true,
): Promise<Result<null, ZipError>> {
  const scanner = createXmlScanner(listener);
  const decoder = new TextDecoder();
  let sound = true;
  let stopped = false;
  const read = await unpackEntry(entry, budget, (piece) => {
    sound = scanner.write(decoder.decode(piece, { stream: true }));
    stopped = !goOn();
    return sound && !stopped;
  });
  if (!read.ok) return read;
  return sound && (stopped || scanner.isComplete()) ? read : err({ code: 'damaged_xlsx' });
}

/** Opens a workbook (ECMA-376 part 1): its sheets in their order, styles, and the texts that cells share. */
export async function openWorkbook(bytes: Uint8Array): Promise<Result<Workbook, ZipError>> {
  const listed = listEntries(bytes);
  if (!listed.ok) return listed;
  const byName = new Map(listed.value.map((entry) => [entry.name.replace(/^\//, '').toLowerCase(), entry]));
  const main = [...byName.keys()].find((name) => /^(?:[^/]+\/)?workbook\.xml$/.test(name));
  const book = main === undefined ? undefined : byName.get(main);
  if (main === undefined || book === undefined) return err({ code: 'damaged_xlsx' });
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const budget: UnpackBudget = { left: TABLE_LIMITS.unpacked };

  const relations = new Map<string, ZipEntry>();
  let stylesEntry = byName.get(`${folder}styles.xml`);
  let textsEntry = byName.get(`${folder}sharedstrings.xml`);
  const rels = byName.get(`${folder}_rels/workbook.xml.rels`);
  if (rels !== undefined) {
    const read = await readPart(rels, budget, {
      open(name, attributes) {
        if (name !== 'Relationship') return;
        const target = (attributeOf(attributes, 'Target') ?? '').toLowerCase();
        const entry = byName.get(target.startsWith('/') ? target.slice(1) : folder + target);
        const type = attributeOf(attributes, 'Type') ?? '';
        if (entry === undefined) return;
        if (type.endsWith('/worksheet')) relations.set(attributeOf(attributes, 'Id') ?? '', entry);
        if (type.endsWith('/styles')) stylesEntry = entry;
        if (type.endsWith('/sharedStrings')) textsEntry = entry;
      },
      close: () => {},
      text: () => {},
    });
    if (!read.ok) return read;
  }
  const sheets: WorkbookSheet[] = [];
  let from1904 = false;
  const read = await readPart(book, budget, {
    open(name, attributes) {
      if (name === 'workbookPr') from1904 = /^(1|true)$/.test(attributeOf(attributes, 'date1904') ?? '');
      if (name !== 'sheet') return;
      const entry = relations.get(attributeOf(attributes, 'id') ?? '');
      const state = attributeOf(attributes, 'state') ?? 'visible';
      if (entry !== undefined)
        sheets.push({ name: attributeOf(attributes, 'name') ?? '', hidden: state !== 'visible', entry });
    },
    close: () => {},
    text: () => {},
  });
  if (!read.ok) return read;
  if (sheets.length === 0) return err({ code: 'damaged_xlsx' });
  const fits = withinBudget(textsEntry === undefined ? [] : [textsEntry], budget);
  if (!fits.ok) return fits;
  const styles = stylesEntry === undefined ? ok([]) : await readStyles(stylesEntry, budget);
  if (!styles.ok) return styles;
  const texts = textsEntry === undefined ? ok([]) : await readTexts(textsEntry, budget);
  if (!texts.ok) return texts;
  return ok({ sheets, styles: styles.value, texts: texts.value, from1904, budget });
}

async function readStyles(entry: ZipEntry, budget: UnpackBudget): Promise<Result<readonly CellStyle[], ZipError>> {
  const formats = new Map<number, string>();
  const styles: CellStyle[] = [];
  let ofCells = false;
  const read = await readPart(entry, budget, {
    open(name, attributes) {
      if (name === 'numFmt')
        formats.set(Number(attributeOf(attributes, 'numFmtId')), attributeOf(attributes, 'formatCode') ?? '');
      if (name === 'cellXfs') ofCells = true;
      if (name !== 'xf' || !ofCells) return;
      const id = Number(attributeOf(attributes, 'numFmtId') ?? 0);
      const format = formats.get(id);
      styles.push({ isDate: isDateFormat(id, format), format });
    },
    close(name) {
      if (name === 'cellXfs') ofCells = false;
    },
    text: () => {},
  });
  return read.ok ? ok(styles) : read;
}

async function readTexts(entry: ZipEntry, budget: UnpackBudget): Promise<Result<readonly string[], ZipError>> {
  const texts: string[] = [];
  const collected = createTextCollector();
  const read = await readPart(entry, budget, {
    open(name) {
      if (name === 'si') collected.begin();
      else collected.open(name);
    },
    close(name) {
      if (name === 'si') texts.push(collected.end());
      else collected.close(name);
    },
    text: collected.text,
  });
  return read.ok ? ok(texts) : read;
}

/** Puts a text together from its runs; how it is pronounced (`rPh`) is no part of it. */
export function createTextCollector(): {
  begin(): void;
  open(name: string): void;
  close(name: string): void;
  text(text: string): void;
  end(): string;
} {
  let pieces = '';
  let inText = false;
  let spoken = 0;
  return {
    begin() {
      pieces = '';
      inText = false;
      spoken = 0;
    },
    open(name) {
      if (name === 'rPh') spoken += 1;
      if (name === 't') inText = spoken === 0;
    },
    close(name) {
      if (name === 'rPh') spoken -= 1;
      if (name === 't') inText = false;
    },
    text(text) {
      if (inText) pieces += text;
    },
    // "_x000D_" is how a character is written that XML cannot hold.
    end: () =>
      pieces.includes('_x')
        ? pieces.replaceAll(/_x([\dA-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        : pieces,
  };
}

/** What a number cell shows beyond its number; undefined where that is all. */
export function shownBy(style: CellStyle | undefined, number: string): string | undefined {
  return style?.format === undefined ? undefined : shownNumber(number, style.format);
}
