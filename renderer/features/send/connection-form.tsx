import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { hasCredentials } from '../../../shared/domain/address.ts';
import type { ConnectorCard } from '../../../shared/ports/host.ts';
import { goesFor } from '../../../shared/ports/remote-inventory.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../sync/sending.ts';
import { textOr } from '../../texts/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextInput } from '../../ui/field.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { askedFields, fieldValue, filledIn, missingFields, type FormField, type FormValues } from './form-values.ts';
import type { Vault } from './use-vault.tsx';

export type ConnectionFormProps = {
  connectors: readonly ConnectorCard[];
  /** Absent: a new one. */
  connection?: Connection;
  vault: Vault;
  onClose: () => void;
  onSaved: (connection: string) => void;
};

/**
 * A connection's form, drawn from what the connector asks for. A secret goes to the host and is never shown again. One
 * piece: a form is its fields in their order, judged together.
 */
export function ConnectionForm({ connectors, connection, vault, onClose, onSaved }: ConnectionFormProps): ReactElement {
  const { t } = useTranslation('send');
  const { host, ledger, sending } = useTallybook();
  const errorText = useErrorText();
  const isNew = connection === undefined;
  const [remote, setRemote] = useState(connection?.remote ?? connectors[0]?.id ?? '');
  const [name, setName] = useState(connection?.name ?? '');
  const [values, setValues] = useState<FormValues>(connection?.settings ?? {});
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const card = connectors.find(({ id }) => id === remote);
  const fields = askedFields(card?.fields ?? [], values, isNew);
  const missing = missingFields(fields, values, isNew);
  const telling = fields.filter((field) => !field.secret && hasCredentials(fieldValue(field, values, isNew)));

  async function save(): Promise<void> {
    setTried(true);
    if (busy.current || !card || name.trim() === '' || missing.length + telling.length > 0) return;
    busy.current = true;
    const request = {
      remote,
      name: name.trim(),
      ...filledIn(fields, values, isNew),
      ...(connection && { connection: connection.id }),
    };
    const saved = await vault.opened(() => host.saveConnection(request));
    busy.current = false;
    if (!saved.ok) {
      setProblem(errorText(saved.error));
      return;
    }
    await ledger.takeIn(saved.value.entries);
    // What waited for another secret goes on.
    void sending.flush();
    onSaved(saved.value.connection);
  }

  function errorOf(field: FormField): string | undefined {
    if (telling.includes(field)) return t('form.noPassword');
    return tried && missing.includes(field) ? t('form.required') : undefined;
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
      {isNew && (
        <Select
          label={t('chooseRemote')}
          value={remote}
          options={connectors.map(({ id, title }) => ({ value: id, label: title }))}
          onChange={(chosen) => {
            setRemote(chosen);
            // What was typed for one system is nothing for another, a secret least of all.
            setValues({});
            setTried(false);
          }}
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
        <ConnectorField
          key={`${remote} ${field.name}`}
          remote={remote}
          field={field}
          value={fieldValue(field, values, isNew)}
          isNew={isNew}
          error={errorOf(field)}
          onChange={(value) => setValues({ ...values, [field.name]: value })}
        />
      ))}
      {card?.signIn && goesFor(card.signIn.only, filledIn(fields, values, isNew).settings) && (
        <p className="muted small">{t('signIn.afterSaving', { remote: card.title })}</p>
      )}
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}

/** One field: a secret, a choice of a few, or text. A connector's own word stands where our texts have none for it. */
function ConnectorField({
  remote,
  field,
  value,
  isNew,
  error,
  onChange,
}: {
  remote: string;
  field: FormField;
  value: string;
  isNew: boolean;
  error: string | undefined;
  onChange: (value: string) => void;
}): ReactElement {
  const { t } = useTranslation('send');
  const label = textOr(t, `field.${remote}.${field.name}`, field.label);
  if (field.choices) {
    const none = field.required ? [] : [{ value: '', label: t('form.noChoice') }];
    const choices = field.choices.map((choice) => ({
      value: choice,
      label: textOr(t, `choice.${remote}.${choice}`, choice),
    }));
    return <Select label={label} value={value} error={error} options={[...none, ...choices]} onChange={onChange} />;
  }
  return (
    <TextInput
      label={label}
      hint={field.secret ? t(isNew ? 'form.secretNew' : 'form.secretKept') : undefined}
      type={field.secret ? 'password' : 'text'}
      mono={!field.secret}
      value={value}
      required={field.required && (isNew || !field.secret)}
      error={error}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
