import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostOutput, Laptop } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useScans, type CapturedScan } from '../../scan/scans.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { CompareWords } from './compare-words.tsx';
import { FileDrop } from './file-drop.tsx';
import { useSaveHandOver } from './use-save-hand-over.ts';

/** A request is a few hundred characters; nothing larger is read. */
const LONGEST_REQUEST = 10_000;

export type JoinRequest = HostOutput<'readRequest'> & { readonly text: string };

/** Takes a laptop into the site: its request, the words on both screens, and then a file for it. */
export function EnrolDialog({ onClose }: { onClose: () => void }): ReactElement {
  const [request, setRequest] = useState<JoinRequest>();
  const [enrolled, setEnrolled] = useState<Pick<Laptop, 'name' | 'role'>>();
  if (enrolled !== undefined) return <Enrolled laptop={enrolled} onClose={onClose} />;
  if (request !== undefined) return <CompareWords request={request} onEnrolled={setEnrolled} onClose={onClose} />;
  return <ChooseRequest onRequest={setRequest} onClose={onClose} />;
}

function ChooseRequest({
  onRequest,
  onClose,
}: {
  onRequest: (request: JoinRequest) => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('team');
  const { host, sounds } = useTallybook();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string>();

  /** Goes on with the first of these texts that is a request; `notOne`: what is said when none is. */
  async function read(texts: readonly string[], notOne: string): Promise<boolean> {
    setProblem(undefined);
    for (const text of texts) {
      const answer = await host.readRequest({ request: text });
      if (answer.ok) {
        onRequest({ ...answer.value, text });
        return true;
      }
      // The host was asked rightly: it is the request that is none.
      setProblem(answer.error.code === 'bad_request' ? notOne : errorText(answer.error));
    }
    return false;
  }

  async function readScan({ text, usText }: CapturedScan): Promise<void> {
    // A keyboard of another country makes other signs of the same keys.
    const isRequest = await read([text, usText], t('enrol.scannedOther'));
    if (isRequest) sounds.noted();
    else sounds.notTaken();
  }

  async function readFile(file: File): Promise<void> {
    if (file.size > LONGEST_REQUEST) return setProblem(t('enrol.notOne'));
    const text = await file.text().catch(() => undefined);
    if (text === undefined) setProblem(errorText({ code: 'file_not_read' }));
    else await read([text], t('enrol.notOne'));
  }

  useScans((scan) => void readScan(scan));

  return (
    <Dialog
      title={t('enrol.title')}
      wide
      onClose={onClose}
      actions={
        <Button keyCap="Esc" onClick={onClose}>
          {t('cancel')}
        </Button>
      }
    >
      <p>{t('enrol.how')}</p>
      <FileDrop
        text={t('enrol.drop')}
        choose={t('enrol.choose')}
        accept=".json,application/json"
        testId="request-file"
        main
        onFile={(file) => void readFile(file)}
      />
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}

/** The new laptop knows nothing of it until it has taken in a file: that is offered at once. */
function Enrolled({
  laptop: { name, role },
  onClose,
}: {
  laptop: Pick<Laptop, 'name' | 'role'>;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('team');
  const { host } = useTallybook();
  const { saving, said, problem, save } = useSaveHandOver(host);
  return (
    <Dialog
      title={t('enrol.doneTitle', { name })}
      onClose={onClose}
      onConfirm={said === undefined ? () => save(role === 'counting') : onClose}
      actions={
        said === undefined ? (
          <>
            <Button keyCap="Esc" onClick={onClose}>
              {t('close')}
            </Button>
            <Button type="submit" variant="main" keyCap="Enter" autoFocus disabled={saving}>
              {t(saving ? 'handOver.saving' : role === 'counting' ? 'handOver.saveForCounting' : 'enrol.save')}
            </Button>
          </>
        ) : (
          <Button type="submit" variant="main" keyCap="Enter">
            {t('close')}
          </Button>
        )
      }
    >
      <p>{t('enrol.doneText', { name })}</p>
      {said !== undefined && <p role="status">{said}</p>}
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
