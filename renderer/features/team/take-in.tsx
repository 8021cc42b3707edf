import { useEffect, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Result } from '../../../shared/domain/result.ts';
import type { HandOver, Host, HostError } from '../../../shared/ports/host.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { FileDrop } from './file-drop.tsx';
import { PreviewDialog } from './preview-dialog.tsx';
import { useTakeIn, type Taken, type TakeInState } from './use-take-in.ts';

export type TakeInFileProps = {
  readonly host: Pick<Host, 'giveHandOver' | 'lookAtHandOver'>;
  /** Takes what the host was given last. */
  readonly take: () => Promise<Result<Taken, HostError>>;
  readonly onTaken: (taken: Taken, handOver: HandOver) => Promise<void> | void;
  /** A file was chosen: what was said of one before is over. */
  readonly onBegin?: () => void;
  /** How a bin is called here; a laptop that knows no bins yet has their codes alone. */
  readonly binName?: (code: string) => string;
  readonly main?: boolean;
};

/** Takes in a file of another laptop: chosen or dropped, read with its progress, looked at, and taken only then. */
export function TakeInFile({
  host,
  take,
  onTaken,
  onBegin,
  binName = (code) => code,
  main = false,
}: TakeInFileProps): ReactElement {
  const { t } = useTranslation('team');
  const errorText = useErrorText();
  const { state, problem, ...does } = useTakeIn(host, take, onTaken);
  const name = state.step === 'reading' || state.step === 'checking' ? state.name : undefined;

  // Said once for each step; how far it is stands in the progress bar.
  useEffect(() => {
    if (state.step === 'checking') announce(t('handOver.checking', { name }));
    if (state.step === 'stopped') announce(t('handOver.stopped'));
  }, [t, state.step, name]);

  return (
    <>
      <FileDrop
        text={t('handOver.drop')}
        choose={t('handOver.take')}
        keyCap="F"
        accept=".tallybook"
        testId="hand-over-file"
        main={main}
        onFile={(file) => {
          onBegin?.();
          does.read(file);
        }}
        {...(name !== undefined && { instead: <Progress state={state} onStop={does.stop} /> })}
      />
      {state.step === 'stopped' && <p className="muted">{t('handOver.stopped')}</p>}
      {problem !== undefined && (
        <Banner tone="stop" word={t('handOver.notDone')}>
          {errorText(problem)}
        </Banner>
      )}
      {(state.step === 'preview' || state.step === 'taking') && (
        <PreviewDialog
          handOver={state.handOver}
          binName={binName}
          taking={state.step === 'taking'}
          onTake={does.take}
          onLeave={does.leave}
        />
      )}
    </>
  );
}

function Progress({ state, onStop }: { state: TakeInState; onStop: () => void }): ReactElement | null {
  const { t } = useTranslation('team');
  const formats = useFormats();
  if (state.step !== 'reading' && state.step !== 'checking') return null;
  const part = state.step === 'reading' ? state.part : 1;
  const text =
    state.step === 'reading'
      ? t('handOver.reading', { name: state.name, part: formats.percent(part) })
      : t('handOver.checking', { name: state.name });
  return (
    <>
      <p>{text}</p>
      <div
        className="progress"
        role="progressbar"
        aria-label={text}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part * 100)}
      >
        <div style={{ inlineSize: `${part * 100}%` }} />
      </div>
      <Button autoFocus onClick={onStop}>
        {t('handOver.stop')}
      </Button>
    </>
  );
}
