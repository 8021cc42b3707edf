import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Host } from '../../shared/ports/host.ts';
import { Button } from '../ui/button.tsx';
import { useErrorText } from '../ui/use-error-text.ts';

/**
 * A recovery code, which is shown once: to be copied by hand, printed or saved where the person chooses. Nothing but its
 * own button puts it away, and no key presses that button before it has the focus.
 */
export function ShownCode({
  code,
  host,
  laptop,
  onDone,
}: {
  code: string;
  host: Pick<Host, 'saveFile'>;
  laptop: string;
  onDone: () => void;
}): ReactElement {
  const { t } = useTranslation('frame');
  const errorText = useErrorText();
  const [said, setSaid] = useState<string>();

  async function save(): Promise<void> {
    const text = `${t('recovery.fileText', { laptop, code })}\n`;
    const saved = await host.saveFile({ suggestedName: 'tallybook-recovery-code.txt', text });
    if (!saved.ok) setSaid(errorText(saved.error));
    else if (saved.value.outcome === 'saved') setSaid(t('recovery.saved'));
  }

  return (
    <div className="stack">
      <p>{t('recovery.text')}</p>
      <p className="recovery-code code" role="group" aria-label={t('recovery.code')} data-testid="recovery-code">
        {code}
      </p>
      <div className="row">
        <Button onClick={() => window.print()}>{t('recovery.print')}</Button>
        <Button onClick={() => void save()}>{t('recovery.save')}</Button>
        <span className="muted" role="status">
          {said}
        </span>
      </div>
      <div className="row">
        <Button variant="main" onClick={onDone}>
          {t('recovery.done')}
        </Button>
      </div>
    </div>
  );
}
