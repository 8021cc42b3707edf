import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { binsToHandIn, nextBins, passCoverage } from '../../../shared/domain/pass.ts';
import type { Stocktake } from '../../../shared/domain/stocktake.ts';
import { BinEntry } from '../../shelf/bin-entry.tsx';
import { useLedger } from '../../tallybook/tallybook-context.tsx';
import { useCounting } from '../../stores/counting.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Banner } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { HandIn } from './hand-in.tsx';

type Props = {
  stocktake: Stocktake;
  pass: number;
  onOpen: (bin: string) => void;
  where: ReactNode;
  children: ReactNode;
};

/** No bin is open: scan one. The next in walking order is one Enter away. */
export function SheetPrompt({ stocktake, pass, onOpen, where, children }: Props): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const last = useCounting((state) => state.last);
  const [handingIn, setHandingIn] = useState(false);
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const [first, ...others] = nextBins(stocktake, pass, undefined, 4);
  const counts = passCoverage(stocktake, pass);
  const ready = binsToHandIn(stocktake, pass).length;

  useKeys(ready > 0 ? [{ key: 'F10', label: t('handIn.button'), run: () => setHandingIn(true) }] : []);

  return (
    <div className="shelf">
      {where}
      <div className="prompt">
        {last !== undefined && last.outcome !== 'taken' && (
          <div data-testid="hero" data-outcome={last.outcome}>
            <Banner tone={last.outcome === 'look' ? 'attention' : 'stop'} word={t(`ui:scan.${last.outcome}`)}>
              <strong data-testid="hero-name">{last.title}</strong> {last.message}
            </Banner>
          </div>
        )}
        {first === undefined ? (
          <h2>{t('prompt.allDone')}</h2>
        ) : (
          <>
            <p className="lead">
              <Icon name="scan" />
              {t('prompt.scan')}
            </p>
            <p className="next-bin code" data-testid="next-bin" style={{ '--signs': catalogue.binName(first).length }}>
              {catalogue.binName(first)}
            </p>
            <p className="zone">{catalogue.bin(first)?.zone}</p>
            {others.length > 0 && (
              <p className="bins-after">
                {t('prompt.then')}
                {others.map((bin) => (
                  <b key={bin} className="code">
                    {catalogue.binName(bin)}
                  </b>
                ))}
              </p>
            )}
          </>
        )}
        <BinEntry bins={stocktake.bins} next={first} onOpen={onOpen} main={first !== undefined} />
        {ready > 0 && (
          <div className="hand-in">
            <p>{t('handIn.sentence', { ...counts, counted: counts.finished })}</p>
            <Button variant={first === undefined ? 'main' : 'plain'} keyCap="F10" onClick={() => setHandingIn(true)}>
              {t('handIn.button')}
            </Button>
          </div>
        )}
      </div>
      {handingIn && <HandIn stocktake={stocktake} pass={pass} onClose={() => setHandingIn(false)} />}
      {children}
    </div>
  );
}
