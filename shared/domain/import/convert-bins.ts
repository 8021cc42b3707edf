import { bareBinCode, siteKey } from '../bin-name.ts';
import { withRetired } from '../catalogue-facts.ts';
import { calledItem, type Item } from '../item.ts';
import { binKey, type Bin } from '../location.ts';
import { clashesWithItems, isCardText } from './clashes.ts';
import { findWrittenDamage, isCellError } from './code-checks.ts';
import { bareCode, bareText, closePass, openPass, tidyText, type Conversion, type OnProgress } from './conversion.ts';
import type { ImportChoices } from './choices.ts';
import type { RowReader } from './row-reader.ts';
import { createBinFinder, withSitesRenamed } from './find-known-bin.ts';
import { readRetired } from './in-use.ts';
import type { ColumnMapping } from './mapping.ts';
import type { ProblemCode, Severity } from './problem.ts';
import type { Table } from './table.ts';

type Draft = {
  readonly row: number;
  /** As the file writes it: the code, or a part of it where other buildings have the same. */
  readonly name: string;
  readonly label: string;
  readonly site: string;
  readonly zone: string;
  readonly walk: number | undefined;
  readonly retired: boolean | undefined;
  readonly fingerprint: string;
};

const SEPARATOR = '\u001F';
const LONGEST = { code: 64, label: 120, site: 80, zone: 80 } as const;

/** A bin code that is a command card, an error, a date of a spreadsheet or a damaged number is no place. */
function stopDamaged(row: RowReader, field: 'bin' | 'label', code: string): void {
  if (row.kind(field) === 'd') row.problem(field, 'code_is_date', 'stop', code);
  else if (/^TALLYBOOK:/i.test(code)) row.problem(field, 'code_is_command', 'stop', code);
  else if (isCellError(code)) row.problem(field, 'cell_error', 'stop', code);
  else if (code.includes('\uFFFD')) row.problem(field, 'code_control_character', 'stop', code);
  else if (/^\d[.,]\d+E\+?\d+$/i.test(code)) row.problem(field, 'code_scientific_notation', 'stop', code);
  else if (findWrittenDamage(code)?.code === 'date') row.problem(field, 'code_is_date', 'warn', code);
}

/**
 * A table of bins against the bins known. A bin is its code and its building: one label may be in two buildings, and both
 * are bins. Without a column for it, the walking order is the order of the file, after the bins that were there before.
 * One piece: each row is read once, field by field, and may stop at each.
 */
export function convertBins(
  table: Table,
  mapping: ColumnMapping,
  existing: readonly Bin[],
  choices: ImportChoices,
  onProgress?: OnProgress,
  items: readonly Item[] = [],
): Conversion<Bin> {
  const pass = openPass(table, mapping, onProgress);
  const { problems } = pass;
  const codeField = mapping.columns.includes('bin') ? 'bin' : 'label';
  const drafts = new Map<string, Draft>();
  const sitesOf = new Map<string, Draft[]>();
  const labels = new Map<string, string>();
  const itemOf = clashesWithItems(items, calledItem);
  /** Also those of rows that are left out: they are in the file. */
  const present = new Set<string>();
  let needless = 0;

  const read = pass.eachRow((row) => {
    const draft = readDraft(row, codeField);
    if (draft === null) return;
    const { name, label, site } = draft;
    const key = `${binKey(name)}${SEPARATOR}${siteKey(site)}`;
    present.add(key);
    if (problems.stops(row.row)) return;

    // One name, and only one of the rows names a building: nobody can say whether they are the same.
    const others = sitesOf.get(binKey(name)) ?? [];
    const first = drafts.get(key) ?? others.find((other) => (other.site === '') !== (site === ''));
    if (first !== undefined) {
      const same = first.fingerprint === draft.fingerprint;
      if (same) needless += 1;
      row.problem(codeField, same ? 'row_twice' : 'bin_twice', same ? 'warn' : 'stop', name, {
        other: String(first.row),
      });
      return;
    }
    drafts.set(key, draft);
    sitesOf.set(binKey(name), [...others, draft]);
    const item = itemOf(name) ?? itemOf(label);
    if (item !== undefined) row.problem(codeField, 'code_is_item', 'warn', name, { other: item });
    if (codeField === 'label' || row.text('label') === '') return;
    const labelKey = `${siteKey(site)}${SEPARATOR}${binKey(label)}`;
    const same = labels.get(labelKey);
    if (same === undefined) labels.set(labelKey, name);
    else row.problem('label', 'duplicate_label', 'warn', label, { other: same });
  });

  const file = [...drafts.values()];
  const renamed = withSitesRenamed(existing, file, choices.sites ?? {});
  const finder = createBinFinder(renamed, file, choices.sites ?? {});
  const merged: Bin[] = [...renamed];
  const inFile = new Set<number>();
  const hasLabels = mapping.columns.includes('label');
  let nextWalk = existing.reduce((most, bin) => Math.max(most, bin.walk), 0) + 1;
  let added = 0;
  for (const draft of file) {
    const say = (code: ProblemCode, severity: Severity, other = ''): void =>
      problems.add({ row: draft.row, column: '', code, severity, value: draft.name, other, name: draft.site });
    const found = finder.find(draft);
    if (found.is === 'ambiguous') say('bin_ambiguous', 'stop', found.among.map((bin) => bin.code).join(', '));
    if (found.is === 'site_unknown') say('bin_site_unknown', 'stop');
    if (found.is === 'site_unclear')
      say('site_unclear', 'stop', [...new Set(found.among.map((bin) => bin.site))].join(', '));
    if (found.is === 'new' && found.code.length > LONGEST.code) say('bin_too_long', 'stop');
    if (problems.stops(draft.row)) continue;
    const at = found.is === 'known' ? found.at : merged.length;
    const known = found.is === 'known' ? merged[at] : undefined;
    const bin: Bin = {
      code: known?.code ?? (found.is === 'new' ? found.code : draft.name),
      label: hasLabels || known === undefined ? draft.label : known.label,
      site: draft.site === '' ? (known?.site ?? '') : draft.site,
      zone: draft.zone === '' ? (known?.zone ?? '') : draft.zone,
      walk: draft.walk ?? known?.walk ?? nextWalk,
    };
    if (draft.retired ?? known?.retired ?? false) bin.retired = true;
    if (known?.retired === true && draft.retired === undefined) {
      if (choices.bringBack === true) delete bin.retired;
      problems.add({
        row: draft.row,
        column: '',
        code: 'is_out_of_use',
        severity: 'warn',
        value: bin.code,
        name: bin.code,
      });
    }
    inFile.add(at);
    merged[at] = known !== undefined && isSameBin(known, bin) ? known : bin;
    if (known !== undefined) continue;
    if (draft.walk === undefined) nextWalk += 1;
    added += 1;
  }

  const isPresent = (bin: Bin): boolean =>
    [bin.code, bareBinCode(bin.code)].some(
      (name) =>
        present.has(`${binKey(name)}${SEPARATOR}${siteKey(bin.site)}`) || present.has(`${binKey(name)}${SEPARATOR}`),
    );
  const missing = renamed.flatMap((bin, at) => (inFile.has(at) || bin.retired === true || isPresent(bin) ? [] : [at]));
  const going = choices.retireMissing === true ? missing : [];
  for (const at of going) {
    const bin = merged[at];
    if (bin === undefined) continue;
    merged[at] = withRetired(bin, true);
    problems.add({ row: 0, column: '', code: 'goes_out_of_use', severity: 'warn', value: bin.code, name: bin.code });
  }
  // A building that is renamed changes bins that are not in the file too.
  const changed = existing.filter((bin, at) => merged[at] !== bin).length - going.length;
  const unchanged = [...inFile].filter((at) => at < existing.length && merged[at] === existing[at]).length;
  const kept = existing.length - changed - unchanged - going.length;
  return closePass('bins', pass, choices, {
    rows: () => merged,
    unknownSites: finder.unclear(),
    counts: { read, added, changed, unchanged, kept, missing: missing.length, retired: going.length, needless },
  });
}

function isSameBin(left: Bin, right: Bin): boolean {
  return (
    left.label === right.label &&
    left.site === right.site &&
    left.zone === right.zone &&
    left.walk === right.walk &&
    (left.retired ?? false) === (right.retired ?? false)
  );
}

/** One row; null where it names no bin. */
function readDraft(row: RowReader, codeField: 'bin' | 'label'): Draft | null {
  const cut = (field: 'label' | 'site' | 'zone'): string => {
    const text = tidyText(bareText(row.text(field)));
    if (isCellError(text)) {
      row.problem(field, 'cell_error', 'warn', text);
      return '';
    }
    if (text.length > LONGEST[field]) row.problem(field, 'text_cut', 'warn', text);
    return text.slice(0, LONGEST[field]);
  };
  const name = tidyText(bareCode(row.text(codeField)));
  const [label, site, zone] = [cut('label'), cut('site'), cut('zone')];
  const written = row.text('walk');
  const walk = /^\d{1,9}(?:[.,]0{1,2})?$/.test(written) ? Number.parseInt(written, 10) : undefined;
  if (written !== '' && walk === undefined) row.problem('walk', 'walk_unreadable', 'warn', written);
  const retired = readRetired(row);
  if (name === '') {
    row.problem(codeField, 'bin_missing', 'stop', '');
    return null;
  }
  if (name.length > LONGEST.code) row.problem(codeField, 'bin_too_long', 'stop', name);
  else {
    stopDamaged(row, codeField, name);
    if (isCardText(label)) row.problem('label', 'code_is_command', 'stop', label);
  }
  const fingerprint = JSON.stringify([label, site, zone, written, retired]);
  return { row: row.row, name, label: label === '' ? name : label, site, zone, walk, retired, fingerprint };
}
