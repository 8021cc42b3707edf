import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { binKey } from '../../../shared/domain/location.ts';
import { ONE } from '../../../shared/domain/quantity.ts';
import { hasRole } from '../../../shared/domain/person.ts';
import { countPath } from '../../tallybook/place-path.ts';
import { useFeedback } from '../../shelf/use-feedback.ts';
import { catalogueReady } from '../../shelf/catalogue-ready.ts';
import { useScans, type CapturedScan } from '../../scan/scans.tsx';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import type { LastScan } from '../../shelf/scan-card.tsx';
import { Button, Key, Tag } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { PickDialog } from '../../ui/pick-dialog.tsx';
import { Banner, EmptyState } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { binsOf, readScan } from '../../shelf/read-scan.ts';
import { countTasks, openTasks, type CountTask } from './tasks.ts';
import { useWords } from './words.ts';
import './count.css';

const MAY_CREATE = ['lead', 'approver', 'admin'] as const;

/**
 * What there is to count for whoever is here. Enter opens the first; scanning a bin opens the sheet it is on. One piece:
 * scans, keys and the list lead to the same sheets.
 */
export function MyCounts(): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const { person, ledger } = useTallybook();
  const feedback = useFeedback();
  const words = useWords();
  const [, go] = useLocation();
  const [last, setLast] = useState<LastScan>();
  const [choices, setChoices] = useState<{ bin: string; tasks: readonly CountTask[] }>();
  const tasks = openTasks(useLedger((known) => countTasks(known.stocktakes())));
  const mayCreate = hasRole(person, MAY_CREATE);

  function say(outcome: LastScan): void {
    setLast(outcome);
    feedback(outcome);
  }

  async function note(code: string): Promise<void> {
    const noted = await ledger.noteUnknown(code, ONE, { where: 'no_bin' });
    say(
      noted.ok
        ? { outcome: 'look', title: code, isCode: true, message: words.unknownNoBin() }
        : { outcome: 'not-taken', title: code, isCode: true, message: words.error(noted.error) },
    );
  }

  async function take(scan: CapturedScan): Promise<void> {
    await catalogueReady(ledger);
    const bins = tasks.flatMap((task) => task.bins);
    const meaning = readScan(scan, { catalogue: ledger.catalogue(), bins, year: new Date().getFullYear() });
    if (meaning.kind === 'unknown') {
      await note(meaning.code);
      return;
    }
    const [bin, ...others] = binsOf(meaning);
    if (bin === undefined || others.length > 0) {
      say(
        meaning.kind === 'item'
          ? { outcome: 'look', title: ledger.catalogue().name(meaning.proposed.item.sku), message: words.binFirst() }
          : { outcome: 'not-taken', title: scan.text, isCode: true, message: words.binFirst() },
      );
      return;
    }
    const found = tasks.filter((task) => task.bins.some((one) => binKey(one) === binKey(bin)));
    const [only] = found;
    if (only !== undefined && found.length === 1) go(countPath(only.stocktake, only.pass, bin));
    else if (found.length > 1) setChoices({ bin, tasks: found });
    else
      say({
        outcome: 'look',
        title: bin,
        isCode: true,
        message: mayCreate ? t('say.noSheetCreate') : t('say.noSheet'),
      });
  }
  useScans((scan) => void take(scan));
  useKeys(mayCreate ? [{ key: 'N', label: t('countBin'), run: () => go('/count/bin') }] : []);

  return (
    <div className="shelf">
      <Where title={t('myCounts')} sub={tasks.length > 0 ? t('myCountsSub') : undefined} />
      {last !== undefined && (
        <div className="said" data-testid="hero" data-outcome={last.outcome}>
          <Banner tone={last.outcome === 'look' ? 'attention' : 'stop'} word={t(`ui:scan.${last.outcome}`)}>
            <strong data-testid="hero-name">{last.title}</strong> {last.message}
          </Banner>
        </div>
      )}
      {tasks.length === 0 ? (
        <EmptyState
          action={
            mayCreate && (
              <Button variant="main" keyCap="N" onClick={() => go('/count/bin')}>
                {t('countBin')}
              </Button>
            )
          }
        >
          {mayCreate ? t('noTasks') : t('noTasksAsk')}
        </EmptyState>
      ) : (
        <>
          <TaskList tasks={tasks} />
          <div className="strip">
            <span className="muted">{t('scanAny')}</span>
            <span className="gap" />
            <Button onClick={() => go('/move')}>{t('moveStock')}</Button>
            {mayCreate && (
              <Button variant="main" keyCap="N" onClick={() => go('/count/bin')}>
                {t('countBin')}
              </Button>
            )}
          </div>
        </>
      )}
      {choices !== undefined && (
        <PickDialog
          title={t('ask.whichSheet', { bin: ledger.catalogue().binName(choices.bin) })}
          label={t('ask.whichSheet', { bin: ledger.catalogue().binName(choices.bin) })}
          nothing=""
          plain
          find={() =>
            choices.tasks.map((task) => ({
              key: `${task.stocktake} ${task.pass}`,
              name: task.name,
              detail: task.pass > 1 ? t('second') : t('first'),
              task,
            }))
          }
          onPick={({ task }) => go(countPath(task.stocktake, task.pass, choices.bin))}
          onClose={() => setChoices(undefined)}
        />
      )}
    </div>
  );
}

function TaskList({ tasks }: { tasks: readonly CountTask[] }): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const { people } = useTallybook();
  const formats = useFormats();
  const first = useRef<HTMLAnchorElement>(null);

  // A link takes no autofocus; the first one is what Enter opens.
  useEffect(() => first.current?.focus(), []);

  /** Arrows walk the rows: the focus itself moves, so Enter opens the one that is lit. */
  function walk(event: KeyboardEvent<HTMLUListElement>): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    const rows = [...event.currentTarget.querySelectorAll('a')];
    const at = rows.findIndex((row) => row === document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus();
    event.preventDefault();
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the links inside are what is pressed; arrows walk between them
    <ul className="tasks" onKeyDown={walk}>
      {tasks.map((task, at) => {
        const who = task.people.map((id) => people.find((person) => person.id === id)?.name ?? id).join(', ');
        return (
          <li key={`${task.stocktake} ${task.pass}`}>
            <Link
              href={countPath(task.stocktake, task.pass)}
              className="task"
              ref={at === 0 ? first : undefined}
              data-testid="task-row"
            >
              <span className="name">
                {task.pass > 1 ? t('secondOf', { name: task.name }) : task.name}
                {who !== '' && <small>{t('alsoHere', { who })}</small>}
              </span>
              {task.blind && <Tag tone="info">{t('blind')}</Tag>}
              {task.ready > 0 && <Tag tone="ok">{t('readyToHandIn', { count: task.ready })}</Tag>}
              <span className="num">
                {t('binsDone', {
                  count: task.bins.length,
                  done: formats.whole(task.done),
                  total: formats.whole(task.bins.length),
                })}
              </span>
              {at === 0 && <Key>Enter</Key>}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
