import { useId, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { newBin } from '../../shared/domain/bin-name.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextInput } from '../ui/field.tsx';
import { useErrorText } from '../ui/use-error-text.ts';
import { useTallybook } from '../tallybook/tallybook-context.tsx';

/**
 * Makes a bin on purpose: its name, its building and its zone. For those who may; the host checks it again. One piece: a
 * form is its fields in their order, judged together.
 */
export function MakeBin({
  name: typed,
  onMade,
  onClose,
}: {
  name: string;
  onMade: (bin: string) => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const listId = useId();
  const bins = ledger.catalogue().bins();
  const sites = [...new Set(bins.map((bin) => bin.site).filter((site) => site !== ''))];
  const [name, setName] = useState(typed);
  const [site, setSite] = useState(sites.length === 1 ? (sites[0] ?? '') : '');
  const [zone, setZone] = useState('');
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);

  async function make(): Promise<void> {
    if (busy.current) return;
    const made = newBin({ name, site, zone }, ledger.catalogue().bins());
    if (!made.ok) {
      setProblem(t(`makeBin.problem.${made.error.code}`, { bin: 'bin' in made.error ? made.error.bin : name }));
      return;
    }
    busy.current = true;
    const { code, label, walk } = made.value;
    const said = await ledger.appendFacts([
      { kind: 'bin_made', bin: { code, label, site: made.value.site, zone: made.value.zone, walk } },
    ]);
    if (said.ok) await ledger.reloadCatalogue();
    busy.current = false;
    if (said.ok) onMade(code);
    else setProblem(errorText(said.error));
  }

  return (
    <Dialog
      title={t('makeBin.title')}
      onClose={onClose}
      onConfirm={() => void make()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('ui:back')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter">
            {t('makeBin.make')}
          </Button>
        </>
      }
    >
      <TextInput
        label={t('prompt.label')}
        mono
        value={name}
        maxLength={64}
        onChange={(event) => setName(event.target.value)}
      />
      <TextInput
        label={t('makeBin.site')}
        hint={t('makeBin.siteHint')}
        list={listId}
        value={site}
        maxLength={80}
        autoFocus
        onChange={(event) => setSite(event.target.value)}
      />
      <datalist id={listId}>
        {sites.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </datalist>
      <TextInput
        label={t('makeBin.zone')}
        value={zone}
        maxLength={80}
        onChange={(event) => setZone(event.target.value)}
      />
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
