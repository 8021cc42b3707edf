import { useEffect, useState, type ReactElement } from 'react';
import { useBinName } from '../../tallybook/bin-name.ts';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../../../shared/domain/ledger-entry.ts';
import { nameText } from '../../../shared/domain/item-name.ts';
import { lotKey } from '../../../shared/domain/line-key.ts';
import { skuKey } from '../../../shared/domain/item.ts';
import type { ReviewFlag } from '../../../shared/domain/variance.ts';
import { ZERO } from '../../../shared/domain/quantity.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { laptopName, useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { evidenceTimeline, type TimelineEvent } from './evidence-timeline.ts';
import type { Figures } from './figures.ts';
import { Overlap } from './overlap.tsx';
import { decisionWord, Flags, minutesApart, reasonWord, reversedWords } from './review-columns.tsx';
import type { ReviewRow } from './review-rows.ts';
import { Timeline } from './timeline.tsx';

export type EvidenceDrawerProps = {
  batch: string;
  row: ReviewRow;
  /** All rows of the batch, to find the other half of a swap. */
  rows: readonly ReviewRow[];
  figures: Figures;
  onDecide: (decision: Decision, reason?: string) => void;
  onClose: () => void;
};

/** Flags that have a section of their own here. */
const TOLD_BELOW: ReadonlySet<ReviewFlag> = new Set(['overlap', 'swap', 'moved_back', 'clock_ahead', 'clocks_differ']);

/**
 * Everything known about one line: its four figures, what happened on that shelf, and what it may mean. One piece: it is
 * read from top to bottom.
 */
export function EvidenceDrawer({ batch, row, rows, figures, onDecide, onClose }: EvidenceDrawerProps): ReactElement {
  const { t, i18n } = useTranslation('review');
  const { people, laptop } = useTallybook();
  const { team } = useTeam();
  const devices = useLedger((ledger) => ledger.state().devices.size);
  const formats = useFormats();
  const binName = useBinName();
  const { line, named, unit } = row;
  const events = useTimeline(row);
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  // Without a site a device is known by its number only; as long as there is one, it is this laptop.
  const deviceOf = (device: string) => (devices === 1 && !team?.site ? laptop : laptopName(team, device));
  const { decision } = line;
  // The grid has room for one of them while this is open.
  const flags = line.flags.filter((flag) => !TOLD_BELOW.has(flag));
  return (
    <aside className="evidence" aria-label={t('evidence.title')}>
      <header>
        <h2>{nameText(named)}</h2>
        <Button compact variant="quiet" keyCap="E" onClick={onClose}>
          {t('evidence.close')}
        </Button>
      </header>
      <p className="muted">
        <span className="code">{line.item}</span> ·{' '}
        {line.lot === undefined
          ? t('evidence.place', { bin: binName(line.bin) })
          : t('evidence.placeLot', { bin: binName(line.bin), lot: line.lot })}
      </p>
      <dl className="big">
        <Big word={t('evidence.counted')} figure={figures.quantity(line.counted, unit)} />
        <Big
          word={t('evidence.bookAt', { time: formats.time(line.countedAt).slice(0, 5) })}
          figure={figures.quantity(line.bookThen, unit)}
        />
        <Big word={t('evidence.movedSince')} figure={figures.signed(line.movedSince, unit)} />
        <Big word={t('evidence.resulting')} figure={figures.quantity(line.resulting, unit)} />
      </dl>
      <p className="muted small">
        {t('evidence.people', {
          names: new Intl.ListFormat(i18n.language).format(line.people.map(({ person }) => nameOf(person))),
        })}
      </p>
      {flags.length > 0 && (
        <p className="flags" data-testid="line-flags">
          <Flags t={t} line={line} flags={flags} />
        </p>
      )}
      {decision !== undefined && (
        <p className="small">
          {t('evidence.decidedBy', {
            decision: t(`decision.${decisionWord({ ...line, reversed: undefined })}`),
            name: nameOf(decision.by),
            when: formats.time(decision.at),
          })}
          {decision.reason !== undefined && ` · ${reasonWord(t, decision.reason)}`}
        </p>
      )}
      {line.reversed !== undefined && (
        <p className="small" data-testid="line-reversed">
          {t('evidence.reversedBy', {
            words: reversedWords(t, line.reversed, { nameOf, when: (at) => formats.time(at) }),
          })}
        </p>
      )}
      <Overlap batch={batch} line={line} figures={figures} unit={unit} nameOf={nameOf} onDecide={onDecide} />
      <Swap row={row} rows={rows} figures={figures} />
      {line.flags.includes('moved_back') && (
        <section className="finding">
          <p>{t('evidence.movedBack', { variance: figures.signed(line.variance) })}</p>
        </section>
      )}
      {line.flags.includes('clock_ahead') && (
        <section className="finding">
          <p>{t('evidence.clockAhead')}</p>
        </section>
      )}
      {line.flags.includes('clocks_differ') && (
        <section className="finding">
          <p>{t('evidence.clocksDiffer', { minutes: minutesApart(line) })}</p>
        </section>
      )}
      <h3>{t('evidence.timeline')}</h3>
      {events === undefined ? (
        <p className="muted">{t('evidence.loading')}</p>
      ) : events.length === 0 ? (
        <p className="muted">{t('evidence.nothing')}</p>
      ) : (
        <Timeline events={events} figures={figures} unit={unit} nameOf={nameOf} deviceOf={deviceOf} />
      )}
    </aside>
  );
}

function Big({ word, figure }: { word: string; figure: string }): ReactElement {
  return (
    <div>
      <dd className="num">{figure}</dd>
      <dt>{word}</dt>
    </div>
  );
}

/** The line's timeline; asked for again when the ledger changes, the old one staying until the new one is there. */
function useTimeline({ line }: ReviewRow): readonly TimelineEvent[] | undefined {
  const { ledger } = useTallybook();
  const version = useLedger((asked) => asked.version());
  const [told, setTold] = useState<{ key: string; version: number; events: readonly TimelineEvent[] }>();
  const { key, item, bin, lot, reversed, variance } = line;
  useEffect(() => {
    let wanted = true;
    void ledger.evidence(item).then((evidence) => {
      if (wanted)
        setTold({
          key,
          version,
          events: evidenceTimeline(
            evidence.map(({ entry }) => entry),
            { bin, lot },
            reversed && {
              ...reversed,
              device: ledger.state().batches.get(reversed.batch)?.place.device ?? '',
              quantity: -variance,
            },
          ),
        });
    });
    return () => {
      wanted = false;
    };
  }, [ledger, version, key, item, bin, lot, reversed, variance]);
  return told?.key === key ? told.events : undefined;
}

/** Offers the move that explains two lines at once, as of the earlier of the two counts: then both agree with the book. */
function Swap({ row, rows, figures }: Pick<EvidenceDrawerProps, 'row' | 'rows' | 'figures'>): ReactElement | null {
  const { t } = useTranslation('review');
  const binName = useBinName();
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string>();
  const { line } = row;
  const other = line.flags.includes('swap')
    ? rows.find(
        ({ line: one }) =>
          one.variance === -line.variance &&
          skuKey(one.item) === skuKey(line.item) &&
          lotKey(one.lot) === lotKey(line.lot) &&
          one.key !== line.key &&
          !one.posted,
      )?.line
    : undefined;
  const units = line.variance < ZERO ? -line.variance : line.variance;

  async function record(): Promise<void> {
    if (!other) return;
    const [from, to] = line.variance < ZERO ? [line.bin, other.bin] : [other.bin, line.bin];
    const happenedAt = line.countedAt < other.countedAt ? line.countedAt : other.countedAt;
    const done = await ledger.moveStock({
      item: line.item,
      from,
      to,
      quantity: units,
      happenedAt,
      ...(line.lot !== undefined && { lot: line.lot }),
    });
    if (done.ok) announce(t('evidence.swapDone'));
    else setProblem(errorText(done.error));
  }

  useKeys(
    other
      ? [
          {
            key: 'M',
            label: t('evidence.swapMove', { quantity: figures.quantity(units, row.unit) }),
            run: (event) => !event.repeat && void record(),
          },
        ]
      : [],
  );
  if (!other) return null;
  return (
    <section className="finding">
      <p>
        {t('evidence.swapHint', {
          here: figures.signed(line.variance, row.unit),
          there: figures.signed(other.variance, row.unit),
          bin: binName(other.bin),
        })}
      </p>
      <Button compact keyCap="M" onClick={() => void record()}>
        {t('evidence.swapMove', { quantity: figures.quantity(units, row.unit) })}
      </Button>
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </section>
  );
}
