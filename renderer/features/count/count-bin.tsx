import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { binKey } from '../../../shared/domain/location.ts';
import { countPath } from '../../app/place-path.ts';
import { useScans } from '../../app/scans.tsx';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { binsOf, readScan } from '../../app/scanning/read-scan.ts';
import { countTasks, openTasks } from './tasks.ts';
import { useWords } from './words.ts';
import './count.css';

const OFFERED = 6;

/** A spot count: one bin, now. A bin that is on a sheet already is counted there, not twice. */
export function CountBin(): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const { ledger, sounds } = useTallybook();
  const errorText = useErrorText();
  const words = useWords();
  const [, go] = useLocation();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const catalogue = useLedger((known) => known.catalogue());
  const offered = catalogue.bins().slice(0, OFFERED);

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
    const created = await ledger.createStocktake({ name: t('spotName', { bin }), blind: true, bins: [bin] });
    busy.current = false;
    if (created.ok) go(countPath(created.value.stocktake, 1, bin));
    else refuse(errorText(created.error));
  }

  function refuse(message: string): void {
    sounds.notTaken();
    setProblem(message);
  }

  function enter(): void {
    const typed = text.trim();
    if (typed === '') return;
    const bin = catalogue.bin(typed)?.code ?? catalogue.binByLabel(typed)[0]?.code;
    if (bin === undefined && catalogue.binCount > 0) refuse(t('unknownBin', { bin: typed }));
    else void count(bin ?? typed);
  }

  useScans((scan) => {
    const meaning = readScan(scan, { catalogue, bins: [], year: new Date().getFullYear() });
    const [bin, ...others] = binsOf(meaning);
    if (bin !== undefined && others.length === 0) void count(bin);
    else refuse(meaning.kind === 'item' ? words.binFirst() : t('unknownBin', { bin: scan.text }));
  });
  useKeys([{ key: 'Escape', label: t('keys.back'), run: () => go('/count') }]);

  return (
    <div className="shelf">
      <Where title={t('countBin')} sub={t('countBinSub')} />
      <div className="prompt">
        <p className="lead">
          <Icon name="scan" />
          {t('prompt.scanAny')}
        </p>
        <form
          className="bin-entry field-row"
          onSubmit={(event) => {
            event.preventDefault();
            enter();
          }}
        >
          <TextInput
            label={t('prompt.label')}
            mono
            autoFocus
            value={text}
            error={problem}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" variant="main" keyCap="Enter">
            {t('prompt.open')}
          </Button>
        </form>
        {offered.length > 0 && (
          <div className="offered">
            <span className="muted">{t('prompt.orOne')}</span>
            {offered.map(({ code }) => (
              <Button key={code} onClick={() => void count(code)}>
                <span className="code">{code}</span>
              </Button>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}
