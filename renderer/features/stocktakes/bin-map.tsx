import { useState, type KeyboardEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Sheet } from '../../../shared/domain/stocktake.ts';
import { useBinName } from '../../tallybook/bin-name.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useFormats } from '../../ui/format.ts';
import { Icon } from '../../ui/icons.tsx';
import { handedInAs, type BinCell, type BinState, type ZoneMap } from './bin-states.ts';
import { binAge, isDoubled, type BinAge, type LaptopShare } from './laptop-shares.ts';

/** One sign a state, so that the map reads in black and white. */
const SIGN: Readonly<Record<BinState, string>> = {
  not_visited: '',
  open: '…',
  finished: '✓',
  confirmed_empty: '0',
  skipped: '–',
  submitted: '✓',
};

/** Cells in sight for one zone at first; a big zone shows the rest on request, so that the map opens at once. */
const FIRST = 400;

type BinMapProps = {
  readonly maps: readonly ZoneMap[];
  /** The laptops that count the pass; empty while this one works alone. */
  readonly shares: ReadonlyMap<string, LaptopShare>;
  readonly onOpen: (bin: string) => void;
};

/**
 * Bins by zone as small multiples. One cell holds the focus (roving), arrows walk in walking order, up and down by a row
 * of cells, Enter opens. Every cell says bin, state and who to a screen reader; one that was counted on another laptop also
 * shows on which, and up to when that is known here. One piece: it is one grid of cells and the keys that walk it.
 */
export function BinMap({ maps, shares, onOpen }: BinMapProps): ReactElement {
  const { t } = useTranslation('stocktakes');
  const { people } = useTallybook();
  const binName = useBinName();
  const { moment } = useFormats();
  const [at, setAt] = useState(maps[0]?.cells[0]?.bin);
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set());
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;

  /** "Ben Ito on Cold store, known up to 09:10": people and laptops of a bin. */
  function whoIn({ counters, people: all }: Sheet): string[] {
    if (shares.size === 0) return [[...all].map(nameOf).join(', ')];
    return counters.map(({ person, device }) => {
      const share = shares.get(device);
      const who = { person: nameOf(person), laptop: share?.name ?? device };
      if (share === undefined || share.isHere) return t('page.onThisLaptop', who);
      if (share.upTo === null) return t('page.onLaptop', who);
      const when = moment(share.upTo);
      return t(share.isSilent ? 'page.onSilentLaptop' : 'page.onLaptopUpTo', { ...who, when });
    });
  }

  function label({ bin: code, state, sheet }: BinCell): string {
    const bin = binName(code);
    const word =
      state === 'submitted' && sheet
        ? t('page.handedInAs', { state: t(`state.${handedInAs(sheet)}`) })
        : t(`state.${state}`);
    if (!sheet) return t('page.cell', { bin, state: word });
    const said = [...whoIn(sheet), ...(isDoubled(sheet) ? [t('page.doubled')] : [])];
    return t('page.cellBy', { bin, state: word, people: said.join(', ') });
  }

  /** The laptop that a bin was counted on and up to when it is known, as short as a cell is. */
  function aged(cell: BinCell): (BinAge & { readonly name: string; readonly when: string }) | undefined {
    const age = binAge(cell.sheet, shares);
    if (age === undefined) return undefined;
    const name = age.laptops > 1 ? t('page.onLaptops', { count: age.laptops }) : (age.others[0]?.name ?? '');
    return { ...age, name, when: age.upTo === null ? '' : moment(age.upTo) };
  }

  function press(event: KeyboardEvent<HTMLElement>): void {
    const cells = [...(event.currentTarget.closest('.bin-map')?.querySelectorAll<HTMLElement>('.cell') ?? [])];
    const here = cells.indexOf(event.currentTarget);
    const next = here < 0 ? undefined : stepTo(cells, here, event.key);
    if (!next) return;
    event.preventDefault();
    setAt(next.dataset['bin']);
    next.focus();
  }

  return (
    <div className="bin-map" role="group" aria-label={t('page.mapTitle')}>
      {maps.map(({ zone, cells }) => {
        const shown = whole.has(zone) ? cells : cells.slice(0, FIRST);
        const start = sharedStart(cells);
        const ages = new Map(shown.map((cell) => [cell.bin, aged(cell)]));
        const under = [...ages.values()].map((age) => (age === undefined ? 0 : age.name.length + age.when.length + 1));
        const longest = under.reduce((most, signs) => Math.max(most, signs), 0);
        return (
          <section key={zone} aria-label={t('page.zone', { zone })}>
            <h2>
              {t('page.zone', { zone })}{' '}
              <span className="num muted">
                {[...(start === '' ? [] : [`${start}…`]), t('bins', { count: cells.length })].join(' · ')}
              </span>
            </h2>
            <div className="cells" style={{ '--signs': longestEnd(cells, start), '--under': longest }}>
              {shown.map((cell) => (
                <button
                  key={cell.bin}
                  type="button"
                  className="cell"
                  data-bin={cell.bin}
                  data-state={cell.state}
                  tabIndex={cell.bin === at ? 0 : -1}
                  aria-label={label(cell)}
                  title={label(cell)}
                  onFocus={() => setAt(cell.bin)}
                  onKeyDown={press}
                  onClick={() => onOpen(cell.bin)}
                >
                  <span className="code">{cell.bin.slice(start.length)}</span>
                  <span aria-hidden="true">{isDoubled(cell.sheet) ? `2× ${sign(cell)}` : sign(cell)}</span>
                  <From age={ages.get(cell.bin)} />
                </button>
              ))}
            </div>
            {shown.length < cells.length && (
              <button
                type="button"
                className="button quiet compact"
                onClick={() => setWhole(new Set([...whole, zone]))}
              >
                {t('page.moreBins', { count: cells.length - shown.length })}
              </button>
            )}
          </section>
        );
      })}
    </div>
  );
}

/** Where what is shown of a bin came from, and how old it is: a second line in its cell. Its label says the same. */
function From({ age }: { age: { name: string; when: string; isSilent: boolean } | undefined }): ReactElement | null {
  if (age === undefined) return null;
  return (
    <span className="from" aria-hidden="true" data-silent={age.isSilent || undefined}>
      <span className="laptop">{age.name}</span>
      <span className="when num">
        {age.isSilent && <Icon name="look" />}
        {age.when}
      </span>
    </span>
  );
}

/** A bin that was handed in keeps the sign of what was said about it. */
function sign({ state, sheet }: BinCell): string {
  if (state !== 'submitted' || !sheet) return SIGN[state];
  return SIGN[handedInAs(sheet)];
}

/** What all codes of a group begin with, up to a dash: "A-07-2" and "A-08-1" share "A-". The head of the group says it. */
function sharedStart(cells: readonly BinCell[]): string {
  const [first, ...rest] = cells.map(({ bin }) => bin);
  if (first === undefined || rest.length === 0) return '';
  let length = 0;
  while (length < first.length && rest.every((bin) => bin[length] === first[length])) length += 1;
  return first.slice(0, first.slice(0, length).lastIndexOf('-') + 1);
}

/** Signs of the longest code of a group without its shared start; so wide are all its cells. */
function longestEnd(cells: readonly BinCell[], start: string): number {
  return cells.reduce((most, { bin }) => Math.max(most, bin.length - start.length), 3);
}

function stepTo(cells: readonly HTMLElement[], here: number, key: string): HTMLElement | undefined {
  const forward = document.documentElement.dir === 'rtl' ? -1 : 1;
  if (key === 'ArrowRight') return cells[here + forward];
  if (key === 'ArrowLeft') return cells[here - forward];
  if (key === 'Home') return cells[0];
  if (key === 'End') return cells.at(-1);
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
  const from = cells[here];
  if (!from) return undefined;
  const rest = key === 'ArrowDown' ? cells.slice(here + 1) : cells.slice(0, here).toReversed();
  const other = rest.find((cell) => cell.offsetTop !== from.offsetTop);
  const inRow = other ? rest.filter((cell) => cell.offsetTop === other.offsetTop) : [];
  return inRow.toSorted(
    (left, right) => Math.abs(left.offsetLeft - from.offsetLeft) - Math.abs(right.offsetLeft - from.offsetLeft),
  )[0];
}
