import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { ONE } from '../../../shared/domain/quantity.ts';
import { readScan } from '../../app/scanning/read-scan.ts';
import { createScanQueue } from '../../app/scanning/scan-queue.ts';
import { useFeedback } from '../../app/scanning/use-feedback.ts';
import { typedBefore } from '../../app/scanning/typed-quantity.ts';
import { useScans } from '../../app/scans.tsx';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import { useMoving } from '../../stores/moving.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { PickDialog } from '../../ui/pick-dialog.tsx';
import { QuantityStrip } from '../../ui/quantity-strip.tsx';
import { ScanCard, type LastScan } from '../../ui/scan-card.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { useErrorText } from '../../ui/use-error-text.ts';
import { Where } from '../../ui/where.tsx';
import { MoveQuestion, type MoveAsked } from './move-question.tsx';
import { addItem, takeBack, takeMove, type MoveScene } from './take-move.ts';

const QUANTITY_KEYS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '+', '-', '.', ','];
const SHOWN = 12;

/** Move stock: scan where it lies, what it is, where it goes. */
export function MoveScreen(): ReactElement {
  const { t } = useTranslation(['move', 'count', 'ui']);
  const { ledger, sounds, host } = useTallybook();
  const feedback = useFeedback();
  const errorText = useErrorText();
  const formats = useFormats();
  const [, go] = useLocation();
  const [asked, setAsked] = useState<MoveAsked>();
  const [picking, setPicking] = useState<'item' | 'bin'>();
  const catalogue = useLedger((known) => known.catalogue());
  const { from, lines, typed, last } = useMoving();

  function ask<Answer>(make: (answer: (given: Answer) => void) => MoveAsked): Promise<Answer> {
    return new Promise((resolve) => {
      setAsked(
        make((given) => {
          setAsked(undefined);
          resolve(given);
        }),
      );
    });
  }

  const scene: MoveScene = {
    ledger,
    words: {
      say: (key, values) => t(`say.${key}`, values ?? {}),
      damaged: (damage) => t(`count:damage.${damage}`),
      error: errorText,
    },
    from: () => useMoving.getState().from,
    lines: () => useMoving.getState().lines,
    setFrom: (bin) => useMoving.getState().setFrom(bin),
    setLines: (next) => useMoving.getState().setLines(next),
    setTyped: (text) => useMoving.getState().setTyped(text),
    which: (choices) => ask((answer) => ({ kind: 'which', choices, answer })),
    whichBin: (bins) => ask((answer) => ({ kind: 'which_bin', bins, answer })),
    again: (text) => ask((answer) => ({ kind: 'again', typed: text, answer })),
  };
  const latest = useRef(scene);
  useEffect(() => {
    latest.current = scene;
  });

  const queue = useMemo(() => {
    function say(outcome: LastScan | undefined): void {
      if (outcome === undefined) return;
      useMoving.getState().show(outcome);
      feedback(outcome);
    }
    return createScanQueue<() => Promise<LastScan | undefined>>(
      async (act) => say(await act()),
      () => undefined,
      (error) => {
        say({ outcome: 'not-taken', title: t('title'), message: t('count:say.broken') });
        void host.log({ level: 'error', event: 'move_broke', facts: { detail: String(error).slice(0, 2000) } });
      },
    );
  }, [host, feedback, t]);

  function takeTyped(): string {
    const text = useMoving.getState().typed;
    useMoving.getState().setTyped('');
    return text;
  }

  const undo = (): void => queue.add(() => Promise.resolve(takeBack(latest.current)));

  useScans((scan) => {
    const text = typedBefore(scan, takeTyped());
    if (asked !== undefined) sounds.look();
    queue.add(() =>
      takeMove(
        readScan(scan, { catalogue: ledger.catalogue(), bins: [], year: new Date().getFullYear() }),
        text,
        latest.current,
      ),
    );
  });
  useKeys([
    ...QUANTITY_KEYS.map((key) => ({ key, run: () => useMoving.getState().type(key) })),
    { key: '0–9 *', label: t('keys.quantity'), run: () => undefined },
    { key: 'Backspace', label: t('count:keys.erase'), run: () => useMoving.getState().setTyped(useMoving.getState().typed.slice(0, -1)) },
    { key: 'F3', label: t('count:find'), run: () => setPicking('item') },
    { key: '/', run: () => setPicking('item') },
    { key: 'F6', label: t('chooseBin'), run: () => setPicking('bin') },
    { key: 'Ctrl+Z', label: t('count:undo'), run: undo },
    { key: 'Escape', label: t('count:keys.back'), run: () => go('/count') },
  ]);

  const step =
    from === undefined ? t('stepFrom') : lines.length === 0 ? t('stepItem', { from }) : t('stepTo', { from });
  return (
    <div className="shelf">
      <Where title={t('title')} sub={last === undefined && from === undefined ? undefined : step} />
      <div className="shelf-main">
        <div className="card-column">
          <ScanCard last={last} ready={t('stepFrom')} where={t('inThisMove')} />
        </div>
        <aside className="side" aria-label={t('side')}>
          <header>
            {from === undefined ? t('side') : t('sideFrom')}
            <span className="code" data-testid="move-from">
              {from}
            </span>
          </header>
          {lines.length === 0 && <p className="nothing">{t('sideEmpty')}</p>}
          <ul className="scroll">
            {lines.map(({ item, lot, quantity }) => (
              <li key={`${item} ${lot ?? ''}`} className="line" data-testid="line-row">
                <span>
                  {catalogue.item(item)?.name ?? item}
                  {lot !== undefined && <small>{t('count:side.lot', { lot })}</small>}
                </span>
                <span className="q num">{formats.quantity(quantity)}</span>
              </li>
            ))}
          </ul>
        </aside>
      </div>
      <QuantityStrip typed={typed} hint={t('count:strip.next')}>
        <Button keyCap="Ctrl Z" onClick={undo}>
          {t('count:undo')}
        </Button>
        <Button
          keyCap="F3"
          onClick={() => setPicking('item')}
          variant={from !== undefined && lines.length === 0 ? 'main' : 'plain'}
        >
          {t('count:find')}
        </Button>
        <Button
          keyCap="F6"
          onClick={() => setPicking('bin')}
          variant={from === undefined || lines.length > 0 ? 'main' : 'plain'}
        >
          {from === undefined ? t('chooseFrom') : t('chooseTo')}
        </Button>
      </QuantityStrip>
      {picking === 'item' && (
        <PickDialog
          title={t('count:search.title')}
          label={t('count:search.label')}
          hint={t('count:search.hint')}
          nothing={t('count:search.nothing')}
          find={(text) =>
            catalogue
              .search(text, SHOWN)
              .map((item) => ({
                key: item.sku,
                name: item.name,
                detail: item.brand,
                end: <span className="code small muted">{item.sku}</span>,
                item,
              }))
          }
          onPick={({ item }) => {
            setPicking(undefined);
            const text = takeTyped();
            queue.add(() =>
              addItem(
                {
                  item,
                  perScan: ONE,
                  pack: undefined,
                  lot: undefined,
                  serial: undefined,
                  expiresOn: undefined,
                  code: item.sku,
                },
                text,
                latest.current,
              ),
            );
          }}
          onClose={() => setPicking(undefined)}
        />
      )}
      {picking === 'bin' && (
        <PickDialog
          title={from === undefined ? t('chooseFrom') : t('chooseTo')}
          label={t('count:prompt.label')}
          nothing={t('noBin')}
          find={(text) =>
            findBins(catalogue.bins(), text).map((bin) => ({
              key: bin.code,
              name: <span className="code">{bin.code}</span>,
              detail: bin.zone,
            }))
          }
          onPick={({ key }) => {
            setPicking(undefined);
            queue.add(() => takeMove({ kind: 'bin', bin: key }, '', latest.current));
          }}
          onClose={() => setPicking(undefined)}
        />
      )}
      {asked !== undefined && <MoveQuestion asked={asked} />}
    </div>
  );
}

function findBins<Bin extends { code: string; label: string }>(bins: readonly Bin[], text: string): readonly Bin[] {
  const wanted = text.trim().toUpperCase();
  return bins
    .filter(({ code, label }) => code.toUpperCase().includes(wanted) || label.toUpperCase().includes(wanted))
    .slice(0, SHOWN);
}
