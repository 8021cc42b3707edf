import { binKey, type Bin } from '../location.ts';
import { findWrittenDamage, isCellError } from './code-checks.ts';
import {
  bareCode,
  bareText,
  closePass,
  openPass,
  tidyText,
  type Conversion,
  type ImportChoices,
  type OnProgress,
  type RowReader,
} from './conversion.ts';
import type { ColumnMapping } from './mapping.ts';
import type { Table } from './table.ts';

type Draft = {
  readonly row: number;
  readonly code: string;
  readonly label: string;
  readonly site: string;
  readonly zone: string;
  readonly walk: number | undefined;
  readonly fingerprint: string;
};

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
 * A table of bins against the bins known. Only the code is unique: two bins may carry one label, and a person should
 * know. Without a column for it, the walking order is the order of the file, after the bins that were there before.
 */
export function convertBins(
  table: Table,
  mapping: ColumnMapping,
  existing: readonly Bin[],
  choices: ImportChoices,
  onProgress?: OnProgress,
): Conversion<Bin> {
  const pass = openPass(table, mapping, onProgress);
  const { problems } = pass;
  const codeField = mapping.columns.includes('bin') ? 'bin' : 'label';
  const drafts = new Map<string, Draft>();
  const labels = new Map<string, string>();
  let needless = 0;

  const read = pass.eachRow((row) => {
    const cut = (field: 'label' | 'site' | 'zone'): string => {
      const text = tidyText(bareText(row.text(field)));
      if (text.length > LONGEST[field]) row.problem(field, 'text_cut', 'warn', text);
      return text.slice(0, LONGEST[field]);
    };
    const code = tidyText(bareCode(row.text(codeField)));
    const label = cut('label');
    const site = cut('site');
    const zone = cut('zone');
    const written = row.text('walk');
    const walk = /^\d{1,9}(?:[.,]0{1,2})?$/.test(written) ? Number.parseInt(written, 10) : undefined;
    if (written !== '' && walk === undefined) row.problem('walk', 'walk_unreadable', 'warn', written);
    if (code === '') row.problem(codeField, 'bin_missing', 'stop', '');
    else if (code.length > LONGEST.code) row.problem(codeField, 'bin_too_long', 'stop', code);
    else stopDamaged(row, codeField, code);
    if (code === '' || problems.stops(row.row)) return;

    const key = binKey(code);
    const fingerprint = JSON.stringify([label, site, zone, written]);
    const first = drafts.get(key);
    if (first !== undefined) {
      const same = first.fingerprint === fingerprint;
      if (same) needless += 1;
      row.problem(codeField, same ? 'row_twice' : 'bin_twice', same ? 'warn' : 'stop', code, {
        other: String(first.row),
      });
      return;
    }
    drafts.set(key, { row: row.row, code, label: label === '' ? code : label, site, zone, walk, fingerprint });
    if (codeField === 'label' || label === '') return;
    const labelKey = `${binKey(site)}\u001f${binKey(label)}`;
    const same = labels.get(labelKey);
    if (same === undefined) labels.set(labelKey, code);
    else row.problem('label', 'duplicate_label', 'warn', label, { other: same });
  });

  const at = new Map(existing.map((bin, index) => [binKey(bin.code), index]));
  const merged: Bin[] = [...existing];
  let nextWalk = existing.reduce((most, bin) => Math.max(most, bin.walk), 0) + 1;
  let [added, changed, unchanged] = [0, 0, 0];
  for (const [key, draft] of drafts) {
    const index = at.get(key);
    const known = index === undefined ? undefined : merged[index];
    const said = mapping.columns.includes('label') || known === undefined ? draft.label : known.label;
    const bin: Bin = {
      code: known?.code ?? draft.code,
      label: said,
      site: draft.site === '' ? (known?.site ?? '') : draft.site,
      zone: draft.zone === '' ? (known?.zone ?? '') : draft.zone,
      walk: draft.walk ?? known?.walk ?? nextWalk,
    };
    if (index === undefined || known === undefined) {
      if (draft.walk === undefined) nextWalk += 1;
      merged.push(bin);
      added += 1;
    } else if (
      known.label === bin.label &&
      known.site === bin.site &&
      known.zone === bin.zone &&
      known.walk === bin.walk
    )
      unchanged += 1;
    else {
      merged[index] = bin;
      changed += 1;
    }
  }
  const kept = existing.length - changed - unchanged;
  return closePass('bins', pass, choices, {
    rows: () => merged,
    counts: { read, added, changed, unchanged, kept, needless },
  });
}
