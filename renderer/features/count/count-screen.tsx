import type { TFunction } from 'i18next';
import { useEffect, useMemo, useRef, useState, type ComponentProps, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useParams } from 'wouter';
import { textOfPart, countPath } from '../../tallybook/place-path.ts';
import { ItemSearch } from '../../shelf/item-search.tsx';
import { MatchCode } from '../../shelf/match-code.tsx';
import { nextBins } from '../../../shared/domain/pass.ts';
import { findSheet, type CountLine, type Stocktake } from '../../../shared/domain/stocktake.ts';
import { typedWithHeld } from '../../shelf/typed-quantity.ts';
import { useHeldText } from '../../scan/scans.tsx';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import type { PassView } from '../../ledger/pass-views.ts';
import { useCounting } from '../../stores/counting.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';
import { QuantityStrip, WORTH_SAYING } from '../../shelf/quantity-strip.tsx';
import { ScanCard, type LastScan } from '../../shelf/scan-card.tsx';
import { Banner, EmptyState } from '../../ui/states.tsx';
import { Where } from '../../ui/where.tsx';
import { InThisBin } from './in-this-bin.tsx';
import { LotEntry } from './lot-entry.tsx';
import { QuestionDialog } from './questions.tsx';
import { SheetPrompt } from './sheet-prompt.tsx';
import { useCountKeys } from './use-count-keys.ts';
import { useCountScene, type CountScene } from './use-count-scene.ts';
import './count.css';

const NO_LINES: readonly CountLine[] = [];

/** One pass of a stocktake: the prompt for a bin, and the counting of it. One screen, so that scans keep their order. */
export function CountScreen(): ReactElement {
  const params = useParams();
  const stocktake = textOfPart(params['stocktake'] ?? '');
  const pass = Number(params['pass'] ?? '1');
  const part = params['bin'];
  return (
    <CountPass
      key={`${stocktake} ${pass}`}
      id={stocktake}
      pass={pass}
      bin={part === undefined ? undefined : textOfPart(part)}
    />
  );
}

/** The bin that is open in a pass, or the prompt for one. One piece: whatever is scanned or pressed here goes through one order. */
function CountPass({ id, pass, bin }: { id: string; pass: number; bin: string | undefined }): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const { person } = useTallybook();
  const formats = useFormats();
  const [, go] = useLocation();
  const scene = useCountScene(id, pass, bin);
  const [picking, setPicking] = useState<'item' | 'lot'>();
  const [matching, setMatching] = useState<string>();
  const [leftOpen, setLeftOpen] = useState<LastScan>();
  const selected = useCounting((state) => state.selected);
  const unknown = useCounting((state) => state.unknown);
  const show = useCounting((state) => state.show);
  const stocktake = useLedger((ledger) => ledger.state().stocktakes.get(id));
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const place = bin === undefined ? undefined : { stocktake: id, pass, bin };
  const whole = useLedger((ledger) => ledger.pass(id, pass));
  const sheet = useLedger((ledger) => (place === undefined ? undefined : ledger.sheet(place)));
  const notSeen = useLedger((ledger) => (place === undefined ? [] : ledger.notSeen(place)));

  // A bin that the address names on arrival is opened as if its label had been scanned; later only scans and keys open one.
  const arrived = useRef(false);
  useEffect(() => {
    if (arrived.current) return;
    arrived.current = true;
    if (bin !== undefined) scene.arrive(bin);
  });

  const lines = useLedger((ledger) => (place === undefined ? NO_LINES : ledger.lines(place)));
  const line = selected === null ? undefined : (lines.find(({ key }) => key === selected) ?? lines[0]);
  const isOpen = sheet?.state === 'open';
  const version = useLedger((ledger) => ledger.version());
  const unknowns = useMemo(
    () => [...(sheet?.unknowns.values() ?? [])].filter(({ times }) => times > 0),
    // oxlint-disable-next-line react/exhaustive-deps -- a sheet is the same object with other codes in it
    [sheet, version],
  );
  const next = useMemo(
    () => (stocktake === undefined ? [] : nextBins(stocktake, pass, bin, 3, whole?.bins)),
    [stocktake, pass, bin, whole],
  );

  // Right after an unknown code F3 asks what it is; left open once, it finds another item as ever.
  const asked = useCounting(({ last }) => (last === leftOpen ? undefined : last?.unknown));
  function find(): void {
    if (asked === undefined) setPicking('item');
    else setMatching(asked);
  }

  useCountKeys({
    active: isOpen,
    line,
    unknown,
    lines,
    scene,
    onSelect: scene.choose,
    onItem: find,
    onLot: () => setPicking('lot'),
    onBack: () => {
      show(undefined);
      go(bin === undefined ? '/count' : countPath(id, pass));
    },
  });

  if (stocktake === undefined || whole === undefined) {
    return (
      <EmptyState
        action={
          <Button variant="main" onClick={() => go('/count')}>
            {t('toMyCounts')}
          </Button>
        }
      >
        {t('noStocktake')}
      </EmptyState>
    );
  }

  const { sub, right } = headOf(t, formats, { stocktake, pass, whole, isBinOpen: bin !== undefined });
  const question = scene.question !== undefined && <QuestionDialog question={scene.question} catalogue={catalogue} />;

  if (bin === undefined || !isOpen) {
    return (
      <SheetPrompt
        stocktake={stocktake}
        pass={pass}
        onOpen={scene.open}
        where={<Where title={pass > 1 ? t('second') : stocktake.name} sub={sub} right={right} />}
      >
        {question}
      </SheetPrompt>
    );
  }

  const earlier = Array.from({ length: pass - 1 }, (_, before) => findSheet(stocktake, before + 1, bin));
  const countedByMe = earlier.some((one) => one?.people.has(person.id) === true);
  const zone = catalogue.bin(bin)?.zone;
  return (
    <div className="shelf">
      <Where
        title={catalogue.binName(bin)}
        code
        sub={zone === undefined || zone === '' ? sub : `${zone} · ${sub}`}
        right={right}
      />
      <div className="shelf-main">
        <div className="card-column">
          {countedByMe && (
            <Banner tone="attention" word={t('ui:attention')}>
              {t('samePerson')}
            </Banner>
          )}
          <LastScanCard ready={t('scanFirst')} next={next} where={t('inThisBin')} />
        </div>
        <InThisBin
          catalogue={catalogue}
          lines={lines}
          notSeen={notSeen}
          unknowns={unknowns}
          scans={sheet.scans}
          selected={line?.key}
          onSelect={(key) => {
            const chosen = lines.find((one) => one.key === key);
            if (chosen !== undefined) scene.choose(chosen);
          }}
          onCode={setMatching}
        />
      </div>
      <TypedStrip
        hint={
          line === undefined && unknown === undefined
            ? t('strip.next')
            : t('strip.nextOrLine', {
                line: line === undefined ? unknown : catalogue.name(line.item),
              })
        }
      >
        <CountButtons scene={scene} findWord={asked === undefined ? t('find') : t('side.whatIsIt')} onFind={find} />
      </TypedStrip>
      {picking === 'item' && (
        <ItemSearch
          catalogue={catalogue}
          onClose={() => setPicking(undefined)}
          onPick={(item) => {
            setPicking(undefined);
            scene.countItem(item);
          }}
        />
      )}
      {matching !== undefined && (
        <MatchCode
          codes={[
            {
              place: { stocktake: id, pass, bin },
              code: matching,
              quantity: sheet.unknowns.get(matching)?.quantity ?? 0n,
            },
          ]}
          onClose={() => {
            setMatching(undefined);
            setLeftOpen(useCounting.getState().last);
          }}
        />
      )}
      {picking === 'lot' && (
        <LotEntry
          onScan={(scan) => {
            if (scene.scanLot(scan)) setPicking(undefined);
          }}
          onClose={() => setPicking(undefined)}
          onLot={(lot) => {
            setPicking(undefined);
            scene.attachLot(lot);
          }}
        />
      )}
      {question}
    </div>
  );
}

/** What the head says of the pass: which it is, and how far it has come. */
function headOf(
  t: TFunction<'count'>,
  formats: Formats,
  { stocktake, pass, whole, isBinOpen }: { stocktake: Stocktake; pass: number; whole: PassView; isBinOpen: boolean },
): { sub: string; right: ReactElement } {
  const { bins, coverage } = whole;
  const done = bins.length - coverage.open - coverage.not_visited;
  const kind = pass > 1 ? t('second') : t('first');
  // Without a bin the head says one of the two already.
  const parts = [
    !isBinOpen && pass === 1 ? undefined : stocktake.name,
    !isBinOpen && pass > 1 ? undefined : kind,
    stocktake.blind ? t('blind') : undefined,
  ];
  const right = (
    <span className="num">
      {t('binsDone', { count: bins.length, done: formats.whole(done), total: formats.whole(bins.length) })}
    </span>
  );
  return { sub: parts.filter((part) => part !== undefined).join(' · '), right };
}

/** What can be done in an open bin, each with its key. */
function CountButtons({
  scene,
  findWord,
  onFind,
}: {
  scene: CountScene;
  findWord: string;
  onFind: () => void;
}): ReactElement {
  const { t } = useTranslation('count');
  return (
    <>
      <Button keyCap="F3" onClick={onFind}>
        {findWord}
      </Button>
      <Button keyCap="Ctrl Z" onClick={scene.undo}>
        {t('undo')}
      </Button>
      <Button keyCap="F8" onClick={scene.skip}>
        {t('skipBin')}
      </Button>
      <Button keyCap="F7" onClick={scene.empty}>
        {t('empty')}
      </Button>
      <Button variant="main" keyCap="F10" onClick={scene.finish}>
        {t('finish')}
      </Button>
    </>
  );
}

/** What became of the last scan. Only this is drawn again when that changes. */
function LastScanCard(props: Omit<ComponentProps<typeof ScanCard>, 'last'>): ReactElement {
  const last = useCounting((state) => state.last);
  return <ScanCard {...props} last={last} />;
}

/** What is typed, drawn by itself: a key changes nothing else on the screen. */
function TypedStrip(props: Omit<ComponentProps<typeof QuantityStrip>, 'typed' | 'waiting'>): ReactElement {
  const typed = useCounting((state) => state.typed);
  const waiting = useCounting((state) => (state.waiting > WORTH_SAYING ? state.waiting : 0));
  return <QuantityStrip {...props} typed={typedWithHeld(typed, useHeldText())} waiting={waiting} />;
}
