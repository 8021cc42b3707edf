import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, Key } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { listKeys, useKeys } from './use-keys.ts';

export type WhereProps = {
  title: string;
  /** The title is a code (a bin): set in the code's typeface. */
  code?: boolean;
  sub?: ReactNode;
  right?: ReactNode;
};

/** Where you are: the head of every screen, with `?` for the keys that work on it. */
export function Where({ title, code = false, sub, right }: WhereProps): ReactElement {
  return (
    <header className="where">
      <div className="at">
        <h1 className={code ? 'code' : undefined} {...(code ? { 'data-testid': 'bin-code' } : {})}>
          {title}
        </h1>
        {sub !== undefined && <span className="sub">{sub}</span>}
      </div>
      <span className="right">
        {right}
        <KeyList />
      </span>
    </header>
  );
}

const LABELS: Readonly<Record<string, string>> = { Escape: 'Esc', ArrowDown: '↑ ↓', Space: '␣', Backspace: '⌫' };

/** A key as it is printed on a keyboard. */
function keyLabel(key: string): string {
  return LABELS[key] ?? key.replaceAll('+', ' ').trim().replace(/^$/, '+');
}

/** The `?` button and the list of keys behind it. */
export function KeyList(): ReactElement {
  const { t } = useTranslation('ui');
  const [keys, setKeys] = useState<readonly { key: string; label: string }[]>();
  useKeys([{ key: '?', label: t('keys.list'), run: () => setKeys(listKeys()) }]);
  return (
    <>
      <button
        type="button"
        className="key-button"
        aria-keyshortcuts="?"
        aria-label={t('keys.list')}
        onClick={() => setKeys(listKeys())}
      >
        <Key>?</Key>
      </button>
      {keys !== undefined && (
        <Dialog
          title={t('keys.title')}
          scrolls
          onClose={() => setKeys(undefined)}
          onConfirm={() => setKeys(undefined)}
          actions={
            <Button type="submit" variant="main" keyCap="Esc" autoFocus>
              {t('close')}
            </Button>
          }
        >
          <dl className="keys">
            {keys.map(({ key, label }) => (
              <div key={`${key} ${label}`} style={{ display: 'contents' }}>
                <dt>
                  <kbd className="key">{keyLabel(key)}</kbd>
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </Dialog>
      )}
    </>
  );
}
