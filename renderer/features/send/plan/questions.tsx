import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ok } from '../../../../shared/domain/result.ts';
import type { PlanQuestion } from '../../../../shared/sync/plan/plan-questions.ts';
import { useLedger, useTallybook } from '../../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../../sync/sending.ts';
import { Button } from '../../../ui/button.tsx';
import { Checkbox } from '../../../ui/field.tsx';
import { useFormats } from '../../../ui/format.ts';
import { announce } from '../../../ui/live.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';

/** Questions in the document at once; the rest is asked in a second go. */
const MOST_SHOWN = 50;

/** What only a person can say about a plan: whose figure stands, and out of which bin something was sold. */
export function Questions({
  connection,
  questions,
  setFigures,
  sets,
  onSetFigures,
  onAnswered,
}: {
  connection: Connection;
  questions: readonly PlanQuestion[];
  setFigures: boolean;
  /** Figures that the plan sets because of it. */
  sets: number;
  onSetFigures: (setFigures: boolean) => void;
  /** Something is in our book now: the plan is another one. */
  onAnswered: () => void;
}): ReactElement | null {
  const { t } = useTranslation('send');
  const { sending } = useTallybook();
  const answering = useTask<null>();
  const sold = questions.filter(({ code }) => code === 'sold_between');
  const bases = questions.filter(({ code }) => code !== 'sold_between');
  if (questions.length === 0 && !setFigures) return null;
  async function answer(question: PlanQuestion, bin: string): Promise<void> {
    await answering.run(async () => {
      const rows = sending
        .movements(connection.id)
        .filter((row) => question.sold.some(({ movement, nth }) => movement.key === row.key && nth === row.nth));
      const taken = await sending.takeMovements(
        connection.id,
        rows.map((row) => ({ row, bin })),
      );
      if (!taken.ok) return taken;
      announce(taken.value.taken === 0 ? t('ask.gone') : t('ask.said', { bin }));
      onAnswered();
      return ok(null);
    });
  }

  return (
    <section className="cures" aria-label={t('ask.label')} data-testid="questions">
      {sold.length > 0 && (
        <SoldBetween
          connection={connection}
          questions={sold.slice(0, MOST_SHOWN)}
          answering={answering.running}
          onAnswer={(question, bin) => void answer(question, bin)}
        />
      )}
      {sold.length > MOST_SHOWN && <p className="muted">{t('ask.more', { count: sold.length - MOST_SHOWN })}</p>}
      {bases.length > 0 && <UnknownBases questions={bases.slice(0, MOST_SHOWN)} />}
      {bases.length > MOST_SHOWN && <p className="muted">{t('ask.more', { count: bases.length - MOST_SHOWN })}</p>}
      {(bases.length > 0 || setFigures) && (
        <Checkbox
          label={t('ask.set', { count: setFigures ? sets : bases.length })}
          checked={setFigures}
          onChange={onSetFigures}
        />
      )}
      <TaskSaid task={answering} running={t('ask.running')} />
    </section>
  );
}

/** What was sold while it was counted: out of which bin, so with which result? */
function SoldBetween({
  connection,
  questions,
  answering,
  onAnswer,
}: {
  connection: Connection;
  questions: readonly PlanQuestion[];
  answering: boolean;
  onAnswer: (question: PlanQuestion, bin: string) => void;
}): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  return (
    <table className="lines">
      <thead>
        <tr>
          <th scope="col">{t('ask.item')}</th>
          <th scope="col">{t('ask.moved')}</th>
          <th scope="col">{t('ask.answers')}</th>
        </tr>
      </thead>
      <tbody>
        {questions.map((question) => (
          <tr key={`${question.item} ${question.site}`} data-testid="sold-between">
            <th scope="row">{catalogue.name(question.item)}</th>
            <td>
              {question.sold
                .map(({ movement: { quantity, happenedAt } }) =>
                  t('ask.sold', {
                    quantity: formats.quantity(quantity, { signed: true, unit: catalogue.unit(question.item) }),
                    at: formats.moment(happenedAt),
                  }),
                )
                .join(', ')}
            </td>
            <td className="row">
              {question.answers.map(({ bin, result }) => (
                <Button
                  key={bin}
                  compact
                  disabled={answering}
                  aria-label={t('ask.answerLabel', {
                    item: catalogue.name(question.item),
                    bin,
                    result: formats.quantity(result, { unit: catalogue.unit(question.item) }),
                  })}
                  onClick={() => onAnswer(question, bin)}
                >
                  {t('ask.answer', { bin, result: formats.quantity(result, { unit: catalogue.unit(question.item) }) })}
                </Button>
              ))}
              {question.sold.length > 1 && <Link href={`/send/${connection.id}/moved`}>{t('ask.toMoved')}</Link>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Theirs beside ours, where the two never agreed. */
function UnknownBases({ questions }: { questions: readonly PlanQuestion[] }): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const theirsOf = ({ item, theirs }: PlanQuestion) =>
    theirs === undefined
      ? t('ask.unseen')
      : theirs === null
        ? t('drift.noRecord')
        : formats.quantity(theirs, { unit: catalogue.unit(item) });
  return (
    <table className="lines">
      <thead>
        <tr>
          <th scope="col">{t('ask.item')}</th>
          <th scope="col" className="n">
            {t('ask.theirs')}
          </th>
          <th scope="col" className="n">
            {t('ask.ours')}
          </th>
        </tr>
      </thead>
      <tbody>
        {questions.map((question) => (
          <tr key={`${question.item} ${question.site} ${question.bins.join(' ')}`} data-testid="base-unknown">
            <th scope="row">{catalogue.name(question.item)}</th>
            <td className="n num">{theirsOf(question)}</td>
            <td className="n num">{formats.quantity(question.ours, { unit: catalogue.unit(question.item) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
