import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteServer } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

type Wrong = { readonly host?: string; readonly port?: string };

/** What somebody else needs to run the server, in a folder: where the laptops will reach it is asked first. */
export function ServerFolderDialog({
  onClose,
  onDone,
}: {
  onClose: () => void;
  onDone: (server: SiteServer | null) => void;
}): ReactElement {
  const { t } = useTranslation('team');
  const { host } = useTallybook();
  const errorText = useErrorText();
  const [name, setName] = useState('');
  const [port, setPort] = useState('4222');
  const [wrong, setWrong] = useState<Wrong>({});
  const busy = useRef(false);

  async function layOut(): Promise<void> {
    const isName = /^[a-z\d](?:[a-z\d.-]{0,251}[a-z\d])?$/i.test(name.trim());
    const isPort = /^\d{4,5}$/.test(port.trim()) && Number(port) >= 1024 && Number(port) <= 65_535;
    setWrong({
      ...(!isName && { host: t('server.hostWrong') }),
      ...(!isPort && { port: t('server.portWrong') }),
    });
    if (!isName || !isPort || busy.current) return;
    busy.current = true;
    const laid = await host.saveServerFolder({ host: name.trim(), port: Number(port) });
    busy.current = false;
    if (!laid.ok) return setWrong({ host: errorText(laid.error) });
    return laid.value.outcome === 'saved' ? onDone(laid.value.server) : undefined;
  }

  return (
    <Dialog
      title={t('server.handOutTitle')}
      onClose={onClose}
      onConfirm={() => void layOut()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter">
            {t('server.handOutDo')}
          </Button>
        </>
      }
    >
      <p>{t('server.handOutHow')}</p>
      <p className="muted">{t('server.handOutKey')}</p>
      <TextInput
        label={t('server.host')}
        value={name}
        maxLength={253}
        autoFocus
        error={wrong.host}
        onChange={(event) => setName(event.target.value)}
      />
      <TextInput
        label={t('server.port')}
        value={port}
        maxLength={5}
        inputMode="numeric"
        error={wrong.port}
        onChange={(event) => setPort(event.target.value)}
      />
    </Dialog>
  );
}
