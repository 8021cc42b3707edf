import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../app/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextInput } from '../../ui/field.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import type { Vault } from './use-vault.tsx';

export type ConnectionFormProps = {
  connectors: readonly ConnectorCard[];
  /** Absent: a new one. */
  connection?: Connection;
  vault: Vault;
  onClose: () => void;
  onSaved: (connection: string) => void;
};

/** A connection's form, drawn from what the connector asks for. A secret goes to the host and is never shown again. */
export function ConnectionForm({ connectors, connection, vault, onClose, onSaved }: ConnectionFormProps): ReactElement {
  const { t } = useTranslation('send');
  const { host, ledger } = useTallybook();
  const errorText = useErrorText();
  const [remote, setRemote] = useState(connection?.remote ?? connectors[0]?.id ?? '');
  const [name, setName] = useState(connection?.name ?? '');
  const [values, setValues] = useState<Readonly<Record<string, string>>>(connection?.settings ?? {});
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const card = connectors.find(({ id }) => id === remote);
  const fields = card?.fields ?? [];
  const valueOf = (field: { name: string; initial?: string | undefined }) =>
    values[field.name] ?? (connection ? '' : (field.initial ?? ''));
  // A stored secret may stay as it is: an empty field does not overwrite it.
  const missing = fields.filter(
    (field) => field.required && valueOf(field).trim() === '' && !(field.secret && connection),
  );

  async function save(): Promise<void> {
    setTried(true);
    if (busy.current || !card || name.trim() === '' || missing.length > 0) return;
    busy.current = true;
    const given = (secret: boolean) =>
      Object.fromEntries(
        fields.flatMap((field) =>
          field.secret === secret && valueOf(field).trim() !== '' ? [[field.name, valueOf(field).trim()]] : [],
        ),
      );
    const request = {
      remote,
      name: name.trim(),
      settings: given(false),
      secrets: given(true),
      ...(connection && { connection: connection.id }),
    };
    const saved = await vault.opened(() => host.saveConnection(request));
    busy.current = false;
    if (!saved.ok) {
      setProblem(errorText(saved.error));
      return;
    }
    await ledger.takeIn(saved.value.entries);
    onSaved(saved.value.connection);
  }

  return (
    <Dialog
      title={connection?.name ?? t('newConnection')}
      onClose={onClose}
      onConfirm={() => void save()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('form.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter">
            {t('form.save')}
          </Button>
        </>
      }
    >
      {!connection && (
        <Select
          label={t('chooseRemote')}
          value={remote}
          options={connectors.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={setRemote}
        />
      )}
      <TextInput
        label={t('form.name')}
        hint={t('form.nameHint')}
        value={name}
        maxLength={80}
        autoFocus
        error={tried && name.trim() === '' ? t('form.required') : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      {fields.map((field) => (
        <TextInput
          key={field.name}
          label={field.label}
          hint={field.secret ? t(connection ? 'form.secretKept' : 'form.secretNew') : undefined}
          type={field.secret ? 'password' : 'text'}
          mono={!field.secret}
          value={valueOf(field)}
          required={field.required && !(field.secret && connection)}
          error={tried && missing.includes(field) ? t('form.required') : undefined}
          onChange={(event) => setValues({ ...values, [field.name]: event.target.value })}
        />
      ))}
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
