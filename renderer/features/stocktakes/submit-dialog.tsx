import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { binsToHandIn } from '../../../shared/domain/pass.ts';
import type { Stocktake } from '../../../shared/domain/stocktake.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { textOr } from '../../texts/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { canSubmit, countStates, submitSummary, type ZoneMap } from './bin-states.ts';

/**
 * What would be handed in: bins by zone and state, then one sentence, then the decision. One piece: it is read from top to
 * bottom before one press.
 */
export function SubmitDialog({
  stocktake,
  pass,
  maps,
  onClose,
}: {
  stocktake: Stocktake;
  pass: number;
  maps: readonly ZoneMap[];
  onClose: () => void;
}): ReactElement {
  const { t, i18n } = useTranslation('stocktakes');
  const { ledger } = useTallybook();
  const formats = useFormats();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const summary = submitSummary(maps);
  const shown = binsToHandIn(stocktake, pass);
  const ready = canSubmit(summary);
  const some = (count: number, text: string) => (count > 0 ? [text] : []);
  const parts = [
    t('submit.countedBins', { count: summary.finished }),
    ...some(summary.empty, t('submit.empty', { count: summary.empty })),
    ...[...summary.skipped].map(([reason, count]) =>
      t('submit.skipped', { count, reason: textOr(t, `submit.reason.${reason}`, reason) }),
    ),
    ...some(summary.open, t('submit.stillOpen', { count: summary.open })),
    ...some(summary.notVisited, t('submit.notVisited', { count: summary.notVisited })),
    ...some(summary.submitted, t('submit.before', { count: summary.submitted })),
  ];
  const sentence = t('submit.sentence', {
    list: new Intl.ListFormat(i18n.language, { type: 'unit', style: 'short' }).format(parts),
  });

  async function submit(): Promise<void> {
    if (busy.current || !ready) return;
    busy.current = true;
    const done = await ledger.submit(stocktake.id, pass, shown);
    busy.current = false;
    if (!done.ok) {
      setProblem(errorText(done.error));
      return;
    }
    announce(t('submit.done'));
    onClose();
  }

  const states = ['finished', 'confirmed_empty', 'skipped', 'open', 'not_visited', 'submitted'] as const;
  return (
    <Dialog
      title={t('submit.title', { name: stocktake.name })}
      wide
      onClose={onClose}
      onConfirm={() => void submit()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('submit.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={!ready} autoFocus>
            {t('submit.do')}
          </Button>
        </>
      }
    >
      <div className="submit-table">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('submit.bins')}</th>
              {states.map((state) => (
                <th key={state} scope="col" className="n">
                  {t(`state.${state}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {maps.map((map) => {
              const counts = countStates([map]);
              return (
                <tr key={map.zone}>
                  <th scope="row">{t('page.zone', { zone: map.zone })}</th>
                  {states.map((state) => (
                    <td key={state} className="n num">
                      {counts[state] > 0 ? formats.whole(counts[state]) : ''}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <p className="submit-sentence" data-testid="submit-sentence">
        {ready ? sentence : t('submit.nothing')}
      </p>
      {summary.open + summary.notVisited > 0 && <p className="muted">{t('submit.stays')}</p>}
      {summary.unknownCodes > 0 && <p className="muted">{t('submit.unknown', { count: summary.unknownCodes })}</p>}
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
