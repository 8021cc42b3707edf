import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { hasRole } from '../../shared/domain/person.ts';
import type { HostOutput } from '../../shared/ports/host.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useFormats } from '../ui/format.ts';
import { useErrorText } from '../ui/use-error-text.ts';
import { useKeys } from '../ui/use-keys.ts';
import { useTallybook } from './tallybook-context.tsx';

type Saved = Extract<HostOutput<'exportEvidence'>, { outcome: 'saved' }>;

/** Saves the evidence of a stocktake: one file, what checks it, and what is to be written down. Nothing for who may not. */
export function SaveEvidence({ stocktake }: { stocktake: string }): ReactElement | null {
  const { t } = useTranslation('review');
  const { host, person } = useTallybook();
  const errorText = useErrorText();
  const [saving, setSaving] = useState(false);
  const [saved, setSaved] = useState<Saved>();
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const may = hasRole(person, ['lead', 'approver', 'admin']);

  async function save(): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setSaving(true);
    const answer = await host.exportEvidence({ stocktake });
    busy.current = false;
    setSaving(false);
    if (!answer.ok) setProblem(errorText(answer.error));
    else if (answer.value.outcome === 'saved') setSaved(answer.value);
  }

  const close = (): void => {
    setSaved(undefined);
    setProblem(undefined);
  };
  useKeys(may ? [{ key: 'S', label: t('evidenceFile.save'), run: () => void save() }] : []);
  if (!may) return null;
  return (
    <>
      <Button compact keyCap="S" disabled={saving} onClick={() => void save()}>
        {saving ? t('evidenceFile.saving') : t('evidenceFile.save')}
      </Button>
      {(saved !== undefined || problem !== undefined) && (
        <Dialog
          title={saved === undefined ? t('evidenceFile.notSaved') : t('evidenceFile.saved')}
          onClose={close}
          onConfirm={close}
          actions={
            <Button type="submit" variant="main" keyCap="Esc">
              {t('evidenceFile.close')}
            </Button>
          }
        >
          {saved === undefined ? <p role="alert">{problem}</p> : <SavedWords saved={saved} />}
        </Dialog>
      )}
    </>
  );
}

function SavedWords({ saved: { entries, digest, verifier } }: { saved: Saved }): ReactElement {
  const { t } = useTranslation('review');
  const formats = useFormats();
  return (
    <>
      <p>{t('evidenceFile.holds', { count: entries, number: formats.whole(entries) })}</p>
      <p>{t('evidenceFile.writeDown')}</p>
      <p className="code" data-testid="evidence-digest">
        {digest}
      </p>
      <p>{t('evidenceFile.check', { verifier })}</p>
    </>
  );
}
