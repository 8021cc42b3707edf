import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportKind } from '../../../shared/domain/import/fields.ts';
import { textOr } from '../../texts/keys.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { Banner, Loading } from '../../ui/states.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { useErrorText } from '../../ui/use-error-text.ts';
import { Where } from '../../ui/where.tsx';
import { CheckColumns } from './check-columns.tsx';
import { ChooseFile } from './choose-file.tsx';
import { useImport, type ImportStep, type ImportSurroundings, type ImportWork } from './use-import.ts';
import './catalogue.css';

export type ImportScreenProps = ImportSurroundings & {
  /** What is imported first: what there is none of yet. */
  readonly first: ImportKind;
  readonly onLeave: () => void;
};

/** Import of items, bins and opening stock: choose a file, check columns and problems, import all or nothing. */
export function ImportScreen({ first, onLeave, ...surroundings }: ImportScreenProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const work = useImport(surroundings);
  return (
    <>
      <Where
        title={t('import.title')}
        sub={<Steps step={work.state.step} />}
        right={
          <Button variant="quiet" compact onClick={onLeave}>
            {t('import.leave')}
          </Button>
        }
      />
      <Refused work={work} />
      <Step work={work} first={first} onLeave={onLeave} />
    </>
  );
}

const STEPS = ['choose', 'check', 'write'] as const;

function Steps({ step }: { step: ImportStep['step'] }): ReactElement {
  const { t } = useTranslation('catalogue');
  const at = step === 'choose' || step === 'opening' ? 0 : step === 'check' ? 1 : 2;
  return (
    <ol className="import-steps">
      {STEPS.map((name, index) => (
        <li key={name} aria-current={index === at ? 'step' : undefined}>
          {t(`import.steps.${name}`)}
        </li>
      ))}
    </ol>
  );
}

function Refused({ work }: { work: ImportWork }): ReactElement | null {
  const { t } = useTranslation('catalogue');
  const errorText = useErrorText();
  const formats = useFormats();
  const { refusal } = work;
  if (refusal === undefined) return null;
  const most = 'most' in refusal && typeof refusal.most === 'number' ? formats.whole(refusal.most) : '';
  const megabytes =
    'most' in refusal && typeof refusal.most === 'number' ? formats.whole(Math.round(refusal.most / 1_000_000)) : '';
  return (
    <div className="import-refusal">
      <Banner tone="stop" word={t('import.notDone')}>
        {textOr(t, `fileError.${refusal.code}`, errorText(refusal), { most, megabytes })}
        {refusal.rows !== undefined && refusal.rows > 0 && ` ${t('import.partIn', { count: refusal.rows })}`}
      </Banner>
    </div>
  );
}

function Step({ work, first, onLeave }: { work: ImportWork; first: ImportKind; onLeave: () => void }): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const { state } = work;
  switch (state.step) {
    case 'choose':
      return <ChooseFile first={first} onFile={work.openFile} />;
    case 'opening':
      return <Opening name={state.name} onCancel={work.cancel} />;
    case 'check':
      return <CheckColumns state={state} work={work} />;
    case 'writing':
      return (
        <div className="import-wait">
          <Loading part={state.of === 0 ? 0 : Math.min(1, state.rows / state.of)}>
            {t('import.writing', { rows: formats.whole(state.rows), of: formats.whole(state.of) })}
          </Loading>
          <Button onClick={work.cancel}>{t('import.cancel')}</Button>
        </div>
      );
    case 'done':
      return <Done state={state} work={work} onLeave={onLeave} />;
  }
}

function Opening({ name, onCancel }: { name: string; onCancel: () => void }): ReactElement {
  const { t } = useTranslation('catalogue');
  useKeys([{ key: 'Escape', label: t('import.cancel'), run: onCancel }]);
  return (
    <div className="import-wait">
      <Loading>{t('import.opening', { name })}</Loading>
      <Button keyCap="Esc" onClick={onCancel}>
        {t('import.cancel')}
      </Button>
    </div>
  );
}

function Done({
  state,
  work,
  onLeave,
}: {
  state: Extract<ImportStep, { step: 'done' }>;
  work: ImportWork;
  onLeave: () => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const { counts, what, name } = state;
  const said = [
    what === 'stock'
      ? t('import.done.stock', { count: counts.added })
      : t(`import.done.added.${what}`, { count: counts.added }),
    ...(counts.changed > 0 ? [t('import.done.changed', { count: counts.changed })] : []),
    ...(counts.unchanged > 0 ? [t('import.done.unchanged', { count: counts.unchanged })] : []),
    ...(counts.kept > 0 && what !== 'stock' ? [t('import.done.kept', { count: counts.kept })] : []),
    ...(counts.retired > 0 ? [t('import.done.retired', { count: counts.retired })] : []),
    ...(counts.leftOut > 0 ? [t('import.done.leftOut', { count: counts.leftOut })] : []),
  ];
  return (
    <div className="empty" data-testid="import-done">
      <h2>{t('import.done.title', { name })}</h2>
      <p role="status">{said.join(' ')}</p>
      <div className="import-actions">
        <Button onClick={work.cancel}>{t('import.another')}</Button>
        <Button variant="main" autoFocus keyCap="Enter" onClick={onLeave}>
          {t('import.toItems')}
        </Button>
      </div>
    </div>
  );
}
