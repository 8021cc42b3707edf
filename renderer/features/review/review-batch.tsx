import type { TFunction } from 'i18next';
import { useMemo, useState, type ReactElement } from 'react';
import { useBinName } from '../../tallybook/bin-name.ts';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Batch } from '../../../shared/domain/batch.ts';
import { REASONS } from '../../../shared/domain/reason.ts';
import { hasRole } from '../../../shared/domain/person.ts';
import type { Decision } from '../../../shared/domain/ledger-entry.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { useFormats } from '../../ui/format.ts';
import { Banner, EmptyState } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys, type HotKey } from '../../ui/use-keys.ts';
import { SaveEvidence } from '../../tallybook/save-evidence.tsx';
import { Where } from '../../ui/where.tsx';
import { EvidenceDrawer } from './evidence-drawer.tsx';
import { PostDialog } from './post-dialog.tsx';
import { ReverseDialog } from './reverse-dialog.tsx';
import { notCountedColumns, reasonWord, reviewColumns, type Told } from './review-columns.tsx';
import { ReviewFooter } from './review-footer.tsx';
import { isOpen, isPast, isReversible, orderedPlaces, totals, type ReviewRow } from './review-rows.ts';
import { ReviewTabs, type ReviewTab } from './review-tabs.tsx';
import { UnknownTab } from './unknown-tab.tsx';
import { useFigures } from './figures.ts';
import { useDecisions } from './use-decisions.ts';
import { batchStanding, useReview, type Review } from './use-review.ts';

const NOTHING: ReadonlySet<string> = new Set();

/** One batch: head and, when the person may see its figures, the grid to decide in. */
export function ReviewBatch({ batch }: { batch: Batch }): ReactElement {
  const { t } = useTranslation('review');
  const { people } = useTallybook();
  const formats = useFormats();
  const errorText = useErrorText();
  const [now] = useState(() => new Date().toISOString());
  const answer = useReview(batch.id);
  const name = useLedger((ledger) => ledger.state().stocktakes.get(batch.stocktake)?.name ?? batch.stocktake);
  const standing = useLedger((ledger) => batchStanding(ledger.state(), batch));
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  const facts = [
    t('submittedBy', { name: nameOf(batch.by), when: formats.moment(batch.at, now) }),
    t('binsCounted', { count: standing.counted }),
    ...(standing.empty > 0 ? [t('binsEmpty', { count: standing.empty })] : []),
    ...(standing.skipped > 0 ? [t('binsSkipped', { count: standing.skipped })] : []),
  ];
  return (
    <div className="page review">
      <Where
        title={t('list.name', { stocktake: name, pass: batch.pass })}
        sub={facts.join(' · ')}
        right={<SaveEvidence stocktake={batch.stocktake} />}
      />
      {answer.ok ? (
        <Lines batch={batch} name={name} {...answer.value} />
      ) : (
        <EmptyState
          action={
            <Link className="button" href="/review">
              {t('back')}
            </Link>
          }
        >
          {answer.error.code === 'hidden' ? t('hidden.text') : errorText(answer.error)}
        </EmptyState>
      )}
    </div>
  );
}

/** The lines of one tab, what can be done about them, and the evidence beside. One piece: table, keys and acts share one selection. */
function Lines({
  batch,
  review,
  counts,
  notCounted,
  unknown,
  hidden,
}: Review & { batch: Batch; name: string }): ReactElement {
  const { t, i18n } = useTranslation('review');
  const names = new Intl.ListFormat(i18n.language);
  const binName = useBinName();
  const figures = useFigures();
  const told = useTold();
  const { person } = useTallybook();
  const decisions = useDecisions(batch.id);
  const valuesUnknown = useLedger((ledger) => ledger.catalogueProblem()) !== undefined;
  const [tab, setTab] = useState<ReviewTab>(counts.to_decide > 0 ? 'to_decide' : 'decided');
  const [selected, setSelected] = useState(NOTHING);
  const [activeKey, setActive] = useState<string>();
  const [withEvidence, setEvidence] = useState(false);
  const [posting, setPosting] = useState(false);
  const [reversing, setReversing] = useState<readonly ReviewRow[]>();

  const { kept, pending } = decisions;
  const rows = useMemo(() => {
    if (tab === 'not_counted' || tab === 'unknown') return [];
    return [...orderedPlaces(review, tab, tab === 'to_decide' ? kept : NOTHING)].flatMap((at) => review.rows[at] ?? []);
  }, [review, tab, kept]);
  const columns = useMemo(
    () => reviewColumns({ t, figures, binName, review, narrow: withEvidence, pending, told }),
    [t, figures, binName, review, withEvidence, pending, told],
  );

  // Until the person walks, the first line is the one that is looked at.
  const active = rows.find(({ line }) => line.key === activeKey) ?? rows[0];
  const chosen = useMemo(() => rows.filter(({ line }) => selected.has(line.key)), [rows, selected]);
  const targets = chosen.length > 0 ? chosen : active ? [active] : [];
  const sum = useMemo(() => totals(chosen.length > 0 ? chosen : active ? [active] : []), [chosen, active]);

  const mayReverse = hasRole(person, ['approver']);
  const toReverse = mayReverse ? targets.filter(({ line }) => isReversible(line)) : [];

  function reverse(): void {
    if (toReverse.length > 0) setReversing(toReverse);
    else if (mayReverse) decisions.refuse(t('reverse.nothing'));
  }

  function openTab(next: ReviewTab): void {
    decisions.forget();
    setTab(next);
    setSelected(NOTHING);
    setActive(undefined);
  }

  function walk(step: 1 | -1, from: ReviewRow | undefined): void {
    const at = from ? rows.indexOf(from) : -1;
    setActive((rows[at + step] ?? from)?.line.key);
  }

  function decide(decision: Decision, on: readonly ReviewRow[], reason?: string): void {
    const decided = decisions.decide(decision, on, reason);
    // What was left out stays selected: it is what still needs looking at.
    const done = new Set(decided.map(({ line }) => line.key));
    if (done.size === 0) return;
    setSelected((before) => new Set([...before].filter((key) => !done.has(key))));
    const leftOut = on.find(({ line }) => !done.has(line.key) && !isPast(line));
    if (leftOut) setActive(leftOut.line.key);
    else if (active && done.has(active.line.key)) walk(1, active);
  }

  function undo(): void {
    // Lines are named by selecting them; the line that is looked at is not: U takes back a press, whatever it was about.
    decisions.undo(chosen, setActive);
  }

  function toggle(key: string): void {
    setSelected((before) =>
      before.has(key) ? new Set([...before].filter((one) => one !== key)) : new Set([...before, key]),
    );
  }

  const deciding = decisionKeys(t, {
    decide: (decision) => decide(decision, targets),
    approveSelection: () => decide('approve', chosen),
    undo,
    evidence: () => setEvidence((open) => !open),
    walk: (step) => walk(step, active),
    select: () => active && toggle(active.line.key),
    selectAll: () => setSelected(new Set(rows.map(({ line }) => line.key))),
    clear: () => (selected.size > 0 ? setSelected(NOTHING) : setEvidence(false)),
    giveReason: (code) => decisions.giveReason(code, targets),
    ...(mayReverse && { reverse }),
  });
  // The tab of unknown codes has keys of its own, for other rows.
  useKeys([{ key: 'F10', label: t('act.post'), run: () => setPosting(true) }, ...(tab === 'unknown' ? [] : deciding)]);

  return (
    <>
      <ReviewTabs
        tab={tab}
        counts={{
          ...counts,
          not_counted: notCounted.length,
          unknown: unknown.filter(({ match }) => match === undefined).length,
        }}
        onTab={openTab}
      />
      <div className={withEvidence && active ? 'review-body with-evidence' : 'review-body'}>
        <div className="review-grid">
          {hidden.length > 0 && (
            <Banner tone="attention" word={t('hidden.word')}>
              {t('hidden.bins', { count: hidden.length, bins: names.format(hidden.map(binName)) })}
            </Banner>
          )}
          {decisions.refused !== undefined && (
            <Banner
              tone="attention"
              word={t('refused.title')}
              action={
                <Button compact onClick={decisions.close}>
                  {t('refused.close')}
                </Button>
              }
            >
              {decisions.refused}
            </Banner>
          )}
          {tab === 'not_counted' ? (
            <ReadOnly tab={tab} rows={notCounted} columns={notCountedColumns({ t, figures, binName })} />
          ) : tab === 'unknown' ? (
            <UnknownTab batch={batch} rows={unknown} figures={figures} />
          ) : rows.length === 0 ? (
            <EmptyState>{t(`emptyTab.${tab}`)}</EmptyState>
          ) : (
            <DataGrid
              key={tab}
              label={t('gridLabel')}
              columns={columns}
              rows={rows}
              rowKey={({ line }) => line.key}
              active={active?.line.key}
              onActive={setActive}
              selected={selected}
              onSelect={toggle}
              onOpen={() => setEvidence(true)}
              rowTestId="review-row"
              rowProps={({ line }) => ({ 'data-done': String(!isOpen(line) || pending.has(line.key)) })}
              rowHeight={36}
              autoFocus
            />
          )}
        </div>
        {withEvidence && active && (
          <EvidenceDrawer
            batch={batch.id}
            row={active}
            rows={review.rows}
            figures={figures}
            onDecide={(decision, reason) => decide(decision, [active], reason)}
            onClose={() => setEvidence(false)}
          />
        )}
      </div>
      <ReviewFooter
        lines={tab === 'not_counted' ? notCounted.length : tab === 'unknown' ? unknown.length : rows.length}
        sum={sum}
        figures={figures}
        valuesUnknown={valuesUnknown}
        reason={decisions.reason}
        counts={counts}
        toPost={review.rows.filter(({ line }) => line.decision?.decision === 'approve' && !isPast(line)).length}
        idle={targets.length === 0}
        decides={tab !== 'unknown' && tab !== 'not_counted'}
        onDecide={(decision) => decide(decision, targets)}
        onPost={() => setPosting(true)}
        toReverse={toReverse.length}
        onReverse={reverse}
      />
      {posting && (
        <PostDialog
          batch={batch.id}
          rows={review.rows}
          figures={figures}
          valuesUnknown={valuesUnknown}
          onClose={() => setPosting(false)}
        />
      )}
      {reversing && (
        <ReverseDialog
          batch={batch.id}
          rows={reversing}
          figures={figures}
          onDone={() => setSelected(NOTHING)}
          onClose={() => setReversing(undefined)}
        />
      )}
    </>
  );
}

/** How people are called here, and when something was; the same object until either changes. */
function useTold(): Told {
  const { people } = useTallybook();
  const formats = useFormats();
  const [now] = useState(() => new Date().toISOString());
  return useMemo(
    () => ({
      nameOf: (id) => people.find((person) => person.id === id)?.name ?? id,
      when: (at) => formats.moment(at, now),
    }),
    [people, formats, now],
  );
}

type DecisionActs = {
  decide: (decision: Decision) => void;
  approveSelection: () => void;
  undo: () => void;
  evidence: () => void;
  walk: (step: 1 | -1) => void;
  select: () => void;
  selectAll: () => void;
  clear: () => void;
  giveReason: (code: string) => void;
  /** Absent: the person takes nothing posted back. */
  reverse?: () => void;
};

/** The keys of the grid: a letter decides, a digit gives the reason. */
function decisionKeys(t: TFunction<'review'>, acts: DecisionActs): readonly HotKey[] {
  const once = (run: () => void) => (event: KeyboardEvent) => {
    // A key held down is one press: it must not decide a page of lines. And the next press must meet the next line,
    // even where the scan capture gives back two fast ones at once.
    if (!event.repeat) flushSync(run);
  };
  return [
    { key: 'A', label: t('act.approve'), run: once(() => acts.decide('approve')) },
    { key: 'Shift+A', label: t('act.approveSelection'), run: once(acts.approveSelection) },
    { key: 'R', label: t('act.recount'), run: once(() => acts.decide('recount')) },
    { key: 'X', label: t('act.reject'), run: once(() => acts.decide('reject')) },
    { key: 'H', label: t('act.hold'), run: once(() => acts.decide('hold')) },
    { key: 'U', label: t('act.undo'), run: once(acts.undo) },
    ...(acts.reverse ? [{ key: 'V', label: t('act.reverse'), run: once(acts.reverse) }] : []),
    { key: 'E', label: t('act.evidence'), run: acts.evidence },
    { key: 'J', label: t('act.next'), run: () => acts.walk(1) },
    { key: 'K', label: t('act.previous'), run: () => acts.walk(-1) },
    { key: 'Space', label: t('act.select'), run: acts.select },
    { key: 'Ctrl+A', label: t('act.selectAll'), run: acts.selectAll },
    { key: 'Escape', label: t('act.clear'), run: acts.clear },
    ...REASONS.map((code, at) => ({
      key: String(at + 1),
      label: reasonWord(t, code),
      run: () => acts.giveReason(code),
    })),
  ];
}

type ReadOnlyProps<Row> = { tab: 'not_counted'; rows: readonly Row[]; columns: readonly Column<Row>[] };

/** What a batch also says, and nothing is decided about here. */
function ReadOnly<Row extends { readonly key: string }>({ tab, rows, columns }: ReadOnlyProps<Row>): ReactElement {
  const { t } = useTranslation('review');
  const [active, setActive] = useState<string>();
  if (rows.length === 0) return <EmptyState>{t(`emptyTab.${tab}`)}</EmptyState>;
  return (
    <>
      <p className="review-note">{t(`note.${tab}`)}</p>
      <DataGrid
        key={tab}
        label={t(`tab.${tab}`)}
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        active={active}
        onActive={setActive}
        rowHeight={36}
        autoFocus
      />
    </>
  );
}
