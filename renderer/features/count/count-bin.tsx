import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { binKey } from '../../../shared/domain/location.ts';
import { ONE } from '../../../shared/domain/quantity.ts';
import { countPath } from '../../tallybook/place-path.ts';
import { catalogueReady } from '../../shelf/catalogue-ready.ts';
import { useScans, type CapturedScan } from '../../scan/scans.tsx';
import { BinEntry } from '../../shelf/bin-entry.tsx';
import { WhichBin } from '../../shelf/scan-question.tsx';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { binsOf, readScan } from '../../shelf/read-scan.ts';
import { countTasks, openTasks } from './tasks.ts';
import { useWords } from './words.ts';
import './count.css';

const OFFERED = 6;

/**
 * A spot count: one bin, now. A bin that is on a sheet already is counted there, not twice. One piece: the bin asked for
 * decides where it leads.
 */
export function CountBin(): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const { ledger, sounds } = useTallybook();
  const errorText = useErrorText();
  const words = useWords();
  const [, go] = useLocation();
  const [problem, setProblem] = useState<string>();
  const [choices, setChoices] = useState<readonly string[]>();
  const busy = useRef(false);
  const catalogue = useLedger((known) => known.catalogue());
  const offered = catalogue
    .bins()
    .filter((bin) => bin.retired !== true)
    .slice(0, OFFERED);

  async function count(bin: string): Promise<void> {
    if (busy.current) return;
    const task = openTasks(countTasks(ledger.stocktakes())).find(({ bins }) =>
      bins.some((one) => binKey(one) === binKey(bin)),
    );
    if (task !== undefined) {
      go(countPath(task.stocktake, task.pass, bin));
      return;
    }
    busy.current = true;
    const created = await ledger.createStocktake({
      name: t('spotName', { bin: catalogue.binName(bin) }),
      blind: true,
      bins: [bin],
    });
    busy.current = false;
    if (created.ok) go(countPath(created.value.stocktake, 1, bin));
    else refuse(errorText(created.error));
  }

  function refuse(message: string): void {
    sounds.notTaken();
    setProblem(message);
  }

  async function note(code: string): Promise<void> {
    const noted = await ledger.noteUnknown(code, ONE, { where: 'no_bin' });
    if (!noted.ok) return refuse(errorText(noted.error));
    sounds.look();
    setProblem(t('unknownNoted', { code }));
  }

  async function take(scan: CapturedScan): Promise<void> {
    await catalogueReady(ledger);
    const meaning = readScan(scan, { catalogue: ledger.catalogue(), bins: [], year: new Date().getFullYear() });
    const named = binsOf(meaning);
    const [bin] = named;
    if (bin !== undefined && named.length === 1) await count(bin);
    else if (named.length > 1) setChoices(named);
    else if (meaning.kind === 'unknown') await note(meaning.code);
    else refuse(meaning.kind === 'item' ? words.binFirst() : t('unknownBin', { bin: scan.text }));
  }
  useScans((scan) => void take(scan));
  useKeys([{ key: 'Escape', label: t('keys.back'), run: () => go('/count') }]);

  return (
    <div className="shelf">
      <Where title={t('countBin')} sub={t('countBinSub')} />
      <div className="prompt">
        <p className="lead">
          <Icon name="scan" />
          {t('prompt.scanAny')}
        </p>
        <BinEntry bins={[]} problem={problem} onOpen={(bin) => void count(bin)} />
        {offered.length > 0 && (
          <div className="offered">
            <span className="muted">{t('prompt.orOne')}</span>
            {offered.map(({ code }) => (
              <Button key={code} onClick={() => void count(code)}>
                <span className="code">{catalogue.binName(code)}</span>
              </Button>
            ))}
          </div>
        )}
      </div>
      {choices !== undefined && (
        <WhichBin
          catalogue={catalogue}
          bins={choices}
          onAnswer={(bin) => {
            setChoices(undefined);
            if (bin !== undefined) void count(bin);
          }}
        />
      )}
    </div>
  );
}
