import { codeKey } from '../../shared/domain/barcode.ts';
import type { Catalogue } from '../../shared/domain/catalogue.ts';
import { catalogueFactKey, type CatalogueFact } from '../../shared/domain/catalogue-facts.ts';
import type { ItemBarcode } from '../../shared/domain/item.ts';
import type { Fact, LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../shared/domain/ledger-state.ts';
import { formatQuantity, ONE, type Quantity } from '../../shared/domain/quantity.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import { findSheet } from '../../shared/domain/stocktake.ts';
import { matchOf } from '../../shared/domain/unknown-code.ts';
import type { CodeMatch, CodeMeaning, UnknownCode } from '../../shared/domain/unknown-scan.ts';
import type { CodeAnswer, CodeAt, Ledger, LedgerError } from './ledger.ts';

type MatchCommands = Pick<Ledger, 'noteUnknown' | 'matchUnknown' | 'proposeUnknown' | 'withdrawMatch'>;

type Parts = {
  append(facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], LedgerError>>;
  /** One command at a time, after everything proposed before it. */
  inTurn<Value>(command: () => Promise<Value>): Promise<Value>;
  state(): LedgerState;
  newId(): string;
  catalogue(): Pick<Catalogue, 'item'>;
  reloadCatalogue(): Promise<void>;
  inRange(quantity: Quantity): Result<string, LedgerError>;
};

/**
 * What becomes of codes that nobody knew: kept, proposed, matched, taken back.
 * One piece: a table of commands over the same parts.
 */
export function createMatchCommands(parts: Parts): MatchCommands {
  const { append, inTurn, state, newId, catalogue, reloadCatalogue, inRange } = parts;

  function unknownAt({ place, code }: CodeAt): UnknownCode | undefined {
    const stocktake = state().stocktakes.get(place.stocktake);
    return stocktake && findSheet(stocktake, place.pass, place.bin)?.unknowns.get(code);
  }

  function withdrawal({ place, code }: CodeAt, { id, item, lot }: CodeMeaning): Fact {
    const was = { code, item, ...(lot !== undefined && { lot }) };
    return { kind: 'match_withdrawn', ...place, withdraws: id, was, batch: newId() };
  }

  /** What goes with matches that are taken back: their codes do not find their items any more, unless another match says so. */
  function unteach(matches: readonly CodeMatch[]): Fact[] {
    const isTold = new Set<string>();
    return matches.flatMap(({ item, taught }): Fact[] => {
      if (taught === undefined) return [];
      const fact = retired(item, taught);
      const key = catalogueFactKey(fact);
      if (isTold.has(key) || othersTeach(matches, key)) return [];
      isTold.add(key);
      return [fact];
    });
  }

  function othersTeach(matches: readonly CodeMatch[], key: string): boolean {
    const gone = new Set(matches.map(({ id }) => id));
    for (const { sheets } of state().stocktakes.values())
      for (const { unknowns } of sheets.values())
        for (const unknown of unknowns.values()) {
          const stands = matchOf(unknown);
          if (stands?.taught === undefined || gone.has(stands.id)) continue;
          if (catalogueFactKey(retired(stands.item, stands.taught)) === key) return true;
        }
    return false;
  }

  /** Whether the item has this code by a file or by hand: then it is not taken away with a match. */
  function isKnown(item: string, { code }: ItemBarcode, untaught: readonly Fact[]): boolean {
    const key = codeKey(code);
    const isGone = untaught.some((fact) => fact.kind === 'barcode_retired' && codeKey(fact.code) === key);
    if (isGone || othersTeach([], catalogueFactKey(retired(item, code)))) return false;
    const known = catalogue().item(item)?.barcodes ?? [];
    return known.some((one) => codeKey(one.code) === key);
  }

  const meaning = ({ place, code, item, lot, factor }: CodeAnswer) => ({
    ...place,
    code,
    item,
    ...(lot !== undefined && { lot }),
    ...(factor !== ONE && { factor: formatQuantity(factor) }),
  });

  async function tell(facts: readonly Fact[]): Promise<Result<null, LedgerError>> {
    if (facts.length === 0) return err({ code: 'nothing_to_undo' });
    const sealed = await append(facts);
    if (!sealed.ok) return sealed;
    if (facts.some(({ kind }) => kind === 'barcode_taught' || kind === 'barcode_retired')) await reloadCatalogue();
    return ok(null);
  }

  return {
    async noteUnknown(code, quantity, { where, ...known }) {
      const text = inRange(quantity);
      if (!text.ok) return text;
      const said = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
      const sealed = await append([{ kind: 'unknown_noted', where, code, quantity: text.value, ...said }]);
      return sealed.ok ? ok(null) : sealed;
    },

    matchUnknown: (answers) =>
      inTurn(() => {
        const standing = answers.map((answer) => matchOf(unknownAt(answer) ?? NOTHING));
        const untaught = unteach(standing.flatMap((match) => match ?? []));
        const taught = new Map<string, CatalogueFact>();
        const matched = answers.flatMap((answer, at): Fact[] => {
          const { item, teaches } = answer;
          const stands = standing[at];
          const isNew = teaches !== undefined && !isKnown(item, teaches, untaught);
          if (isNew) {
            const fact: CatalogueFact = { kind: 'barcode_taught', item, barcode: teaches };
            taught.set(catalogueFactKey(fact), fact);
          }
          return [
            ...(stands ? [withdrawal(answer, stands)] : []),
            {
              kind: 'unknown_matched',
              ...meaning(answer),
              batch: newId(),
              ...(isNew && { taught: teaches.code }),
            },
          ];
        });
        return tell([...untaught, ...matched, ...taught.values()]);
      }),

    proposeUnknown: (answers) =>
      inTurn(() => tell(answers.map((answer): Fact => ({ kind: 'unknown_proposed', ...meaning(answer) })))),

    withdrawMatch: (codes, what) =>
      inTurn(() => {
        const matches = codes.flatMap((at) => matchOf(unknownAt(at) ?? NOTHING) ?? []);
        const withdrawn = codes.flatMap((at): Fact[] => {
          const unknown = unknownAt(at) ?? NOTHING;
          const stands = matchOf(unknown);
          const said = what === 'proposals' ? unknown.proposals : stands ? [stands] : [];
          return said.map((one) => withdrawal(at, one));
        });
        return tell([...withdrawn, ...(what === 'match' ? unteach(matches) : [])]);
      }),
  };
}

function retired(item: string, code: string): Extract<CatalogueFact, { kind: 'barcode_retired' }> {
  return { kind: 'barcode_retired', item, code };
}

const NOTHING: UnknownCode = { code: '', quantity: 0n, times: 0, scans: [], matches: [], proposals: [] };
