import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { nearBins } from '../../../shared/domain/bin-name.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import { ItemSearch } from '../../shelf/item-search.tsx';
import { ScanQuestionDialog } from '../../shelf/scan-question.tsx';
import { useLedger } from '../../tallybook/tallybook-context.tsx';
import { useMoving } from '../../stores/moving.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { ItemName, UnitBeside } from '../../ui/item-name.tsx';
import { PickDialog } from '../../ui/pick-dialog.tsx';
import { TypedStrip } from '../../shelf/typed-strip.tsx';
import { ScanCard } from '../../shelf/scan-card.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { useMoveScene } from './use-move-scene.ts';

const QUANTITY_KEYS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '+', '-', '.', ','];
const SHOWN = 12;

/**
 * Move stock: scan where it lies, what it is, where it goes. One piece: the three steps and what is written so far stand on
 * one page.
 */
export function MoveScreen(): ReactElement {
  const { t } = useTranslation(['move', 'count', 'ui']);
  const formats = useFormats();
  const [, go] = useLocation();
  const { question, undo, takeItem, takeBin } = useMoveScene();
  const [picking, setPicking] = useState<'item' | 'bin'>();
  const catalogue = useLedger((known) => known.catalogue());
  const { from, lines, typed, last } = useMoving();

  useKeys([
    ...QUANTITY_KEYS.map((key) => ({ key, run: () => useMoving.getState().type(key) })),
    { key: '0–9 *', label: t('keys.quantity'), run: () => undefined },
    {
      key: 'Backspace',
      label: t('count:keys.erase'),
      run: () => useMoving.getState().setTyped(useMoving.getState().typed.slice(0, -1)),
    },
    { key: 'F3', label: t('count:find'), run: () => setPicking('item') },
    { key: '/', run: () => setPicking('item') },
    { key: 'F6', label: t('chooseBin'), run: () => setPicking('bin') },
    { key: 'Ctrl+Z', label: t('count:undo'), run: undo },
    {
      key: 'Escape',
      label: t('count:keys.back'),
      run: () => (useMoving.getState().typed === '' ? go('/count') : useMoving.getState().setTyped('')),
    },
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
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- nothing in it takes the focus: scrolled by keys */}
          <div className="scroll" role="group" aria-label={t('side')} tabIndex={0}>
            <ul>
              {lines.map(({ item, lot, quantity }) => (
                <li key={`${item} ${lot ?? ''}`} className="line" data-testid="line-row">
                  <span>
                    <ItemName name={catalogue.named(item)} />
                    {lot !== undefined && <small>{t('count:side.lot', { lot })}</small>}
                  </span>
                  <span className="q num">
                    {formats.quantity(quantity)}
                    <UnitBeside unit={catalogue.unit(item)} />
                  </span>
                </li>
              ))}
            </ul>
          </div>
        </aside>
      </div>
      <TypedStrip typed={typed} hint={t('count:strip.next')}>
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
      </TypedStrip>
      {picking === 'item' && (
        <ItemSearch
          catalogue={catalogue}
          onPick={(item) => {
            setPicking(undefined);
            takeItem(item);
          }}
          onClose={() => setPicking(undefined)}
        />
      )}
      {picking === 'bin' && (
        <PickDialog
          title={from === undefined ? t('chooseFrom') : t('chooseTo')}
          label={t('count:prompt.label')}
          nothing={(text) => {
            const [near] = nearBins(text, catalogue.bins(), 1);
            return near === undefined
              ? t('count:noBin.none', { text: text.trim() })
              : t('count:noBin.near', { text: text.trim(), bin: catalogue.binName(near.code) });
          }}
          find={(text) =>
            findBins(catalogue.bins(), text).map((bin) => ({
              key: bin.code,
              name: <span className="code">{catalogue.binName(bin.code)}</span>,
              detail: bin.zone,
            }))
          }
          onPick={({ key }) => {
            setPicking(undefined);
            takeBin(key);
          }}
          onClose={() => setPicking(undefined)}
        />
      )}
      {question !== undefined && <ScanQuestionDialog question={question} catalogue={catalogue} />}
    </div>
  );
}

/** Bins that have the text in their code or label. */
function findBins(bins: readonly Bin[], text: string): readonly Bin[] {
  const wanted = text.trim().toUpperCase();
  const found = bins.filter(
    ({ code, label, retired }) =>
      (code.toUpperCase().includes(wanted) || label.toUpperCase().includes(wanted)) &&
      // Out of use is not proposed; typed whole it is meant.
      (retired !== true || code.toUpperCase() === wanted),
  );
  return found.slice(0, SHOWN);
}
