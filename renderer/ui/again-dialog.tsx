import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextInput } from './field.tsx';

/** A trailing sign of multiplication says what the number is for, and is no part of it. */
function plainNumber(typed: string): string {
  return typed.trim().replace(/[*x×X]$/, '');
}

/** Asks for a surprising number a second time: only the same number again is a yes. */
export function AgainDialog({ typed, onAnswer }: { typed: string; onAnswer: (same: boolean) => void }): ReactElement {
  const { t } = useTranslation('ui');
  const [text, setText] = useState('');
  const wanted = plainNumber(typed);
  return (
    <Dialog
      title={t('again.title', { typed: wanted })}
      onClose={() => onAnswer(false)}
      onConfirm={() => onAnswer(plainNumber(text) === wanted)}
      actions={
        <>
          <Button keyCap="Esc" onClick={() => onAnswer(false)}>
            {t('no')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter">
            {t('continue')}
          </Button>
        </>
      }
    >
      <p>{t('again.text')}</p>
      <TextInput
        label={t('again.label')}
        mono
        inputMode="decimal"
        autoFocus
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </Dialog>
  );
}
