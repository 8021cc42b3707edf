import { useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import './team.css';

export type FileDropProps = {
  /** What may be dropped here. */
  readonly text: string;
  /** The button that does the same without a mouse. */
  readonly choose: string;
  /** A key for it. */
  readonly keyCap?: string;
  readonly accept: string;
  readonly testId: string;
  readonly onFile: (file: File) => void;
  /** Stands in the place of the button: the room stays as large as it was. */
  readonly instead?: ReactNode;
  /** The one obvious next thing of the screen. */
  readonly main?: boolean;
};

/** A place for one file: dropped, or chosen by button or key. */
export function FileDrop({
  text,
  choose,
  keyCap,
  accept,
  testId,
  onFile,
  instead,
  main = false,
}: FileDropProps): ReactElement {
  const { t } = useTranslation('team');
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const isOpen = instead === undefined;
  useKeys(keyCap === undefined || !isOpen ? [] : [{ key: keyCap, label: choose, run: () => input.current?.click() }]);

  function take(file: File | undefined): void {
    if (file !== undefined && isOpen) onFile(file);
  }

  return (
    <div
      className="team-drop"
      data-over={over && isOpen}
      data-testid={`${testId}-drop`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
    >
      {instead ?? (
        <>
          <p>{over ? t('drop.now') : text}</p>
          <Button variant={main ? 'main' : 'plain'} keyCap={keyCap} onClick={() => input.current?.click()}>
            {choose}
          </Button>
        </>
      )}
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        aria-label={choose}
        data-testid={testId}
        onChange={(event) => {
          take(event.target.files?.[0]);
          // The same file may be chosen again after the stick was put in anew.
          event.target.value = '';
        }}
      />
    </div>
  );
}
