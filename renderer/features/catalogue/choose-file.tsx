import { useRef, useState, type DragEvent, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportKind } from '../../../shared/domain/import/fields.ts';
import { Button } from '../../ui/button.tsx';
import { useKeys } from '../../ui/use-keys.ts';

const KINDS: readonly ImportKind[] = ['items', 'bins', 'stock'];

export type ChooseFileProps = {
  readonly first: ImportKind;
  readonly onFile: (what: ImportKind, file: Blob, name: string) => void;
};

/** What it is a list of, and the file: by button, by key, or dropped anywhere on the screen. */
export function ChooseFile({ first, onFile }: ChooseFileProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const [what, setWhat] = useState(first);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useKeys([{ key: 'F', label: t('import.choose'), run: () => input.current?.click() }]);

  function take(file: File | undefined): void {
    if (file !== undefined) onFile(what, file, file.name);
  }
  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  }

  return (
    <div
      className="import-choose"
      data-over={over}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <fieldset className="import-kinds">
        <legend>{t('import.whatIsIt')}</legend>
        {KINDS.map((kind) => (
          <label key={kind} htmlFor={`import-${kind}`} data-chosen={kind === what}>
            <input
              id={`import-${kind}`}
              type="radio"
              name="what"
              value={kind}
              checked={kind === what}
              onChange={() => setWhat(kind)}
            />
            <strong>{t(`import.kinds.${kind}`)}</strong>
            <small>{t(`import.kindsText.${kind}`)}</small>
          </label>
        ))}
      </fieldset>
      <div className="import-drop">
        <p>{over ? t('import.dropNow') : t('import.drop')}</p>
        <Button variant="main" keyCap="F" onClick={() => input.current?.click()}>
          {t('import.choose')}
        </Button>
        <p className="muted">{t('import.formats')}</p>
        <input
          ref={input}
          type="file"
          hidden
          data-testid="import-file"
          aria-label={t('import.choose')}
          accept=".csv,.tsv,.txt,.xlsx,text/csv,text/plain"
          onChange={(event) => {
            take(event.target.files?.[0]);
            // The same file may be chosen again after it was mended.
            event.target.value = '';
          }}
        />
      </div>
    </div>
  );
}
