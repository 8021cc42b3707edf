import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostOutput } from '../../../shared/ports/host.ts';
import type { Result } from '../../../shared/domain/result.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

type VaultState = HostOutput<'whoIsHere'>['vault'];
type Waiting = { readonly first: boolean; readonly resolve: (opened: boolean) => void };

/** Runs what needs a secret; where the vault asks for its passphrase, the person is asked first. */
export type Vault = {
  opened<Value, Problem extends { code: string }>(
    run: () => Promise<Result<Value, Problem>>,
  ): Promise<Result<Value, Problem>>;
  /** The stored secrets are closed: nothing can be sent before somebody opens them. */
  readonly locked: boolean;
  /** Asks for the passphrase now. */
  unlock(): Promise<void>;
  /** The dialog, while it is asked for. */
  dialog: ReactElement | null;
};

/** The vault as a screen meets it. */
export function useVault(): Vault {
  const { host } = useTallybook();
  const [state, setState] = useState<VaultState>('keyring');
  const [waiting, setWaiting] = useState<Waiting>();

  useEffect(() => {
    let wanted = true;
    void host.whoIsHere({}).then((started) => {
      if (wanted && started.ok) setState(started.value.vault);
    });
    return () => {
      wanted = false;
    };
  }, [host]);

  function ask(first: boolean): Promise<boolean> {
    return new Promise((resolve) => setWaiting({ first, resolve }));
  }

  return {
    async opened(run) {
      if (state === 'passphrase_needed' || state === 'passphrase_unset') await ask(state === 'passphrase_unset');
      const done = await run();
      if (done.ok || done.error.code !== 'vault_locked') return done;
      return (await ask(false)) ? run() : done;
    },
    locked: state === 'passphrase_needed',
    async unlock() {
      await ask(state === 'passphrase_unset');
    },
    dialog: waiting ? (
      <VaultDialog
        first={waiting.first}
        onDone={(opened) => {
          if (opened) setState('passphrase_open');
          waiting.resolve(opened);
          setWaiting(undefined);
        }}
      />
    ) : null,
  };
}

function VaultDialog({ first, onDone }: { first: boolean; onDone: (opened: boolean) => void }): ReactElement {
  const { t } = useTranslation('send');
  const { host } = useTallybook();
  const errorText = useErrorText();
  const [passphrase, setPassphrase] = useState('');
  const [problem, setProblem] = useState<string>();
  const long = passphrase.length >= 8;

  async function open(): Promise<void> {
    if (!long) return;
    const done = await host.unlockVault({ passphrase });
    if (done.ok) onDone(true);
    else setProblem(errorText(done.error));
  }

  return (
    <Dialog
      title={t('vault.title')}
      onClose={() => onDone(false)}
      onConfirm={() => void open()}
      actions={
        <>
          <Button keyCap="Esc" onClick={() => onDone(false)}>
            {t('vault.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={!long}>
            {first ? t('vault.set') : t('vault.open')}
          </Button>
        </>
      }
    >
      <p>{first ? t('vault.unset') : t('vault.needed')}</p>
      <TextInput
        label={t('vault.passphrase')}
        hint={t('vault.hint')}
        type="password"
        autoFocus
        value={passphrase}
        error={problem}
        onChange={(event) => setPassphrase(event.target.value)}
      />
    </Dialog>
  );
}
