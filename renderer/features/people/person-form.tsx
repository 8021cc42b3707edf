import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { roleSchema, type Person, type Role } from '../../../shared/domain/person.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Checkbox, TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { isLastAdmin, personProblem, type PersonDraft } from './person-draft.ts';

/**
 * Adds a person, or changes one: name, PIN, roles, and whether they may sign in. One piece: a form is its fields in their
 * order, judged together.
 */
export function PersonForm({ person, onClose }: { person: Person | undefined; onClose: () => void }): ReactElement {
  const { t } = useTranslation('people');
  const { host, ledger, people, reloadPeople } = useTallybook();
  const errorText = useErrorText();
  const [draft, setDraft] = useState<PersonDraft>({
    name: person?.name ?? '',
    pin: '',
    roles: person?.roles ?? ['counter'],
    active: person?.active ?? true,
  });
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const wrong = personProblem(draft, person === undefined);
  const locksOut =
    person !== undefined && isLastAdmin(people, person.id) && (!draft.active || !draft.roles.includes('admin'));

  function toggle(role: Role, on: boolean): void {
    setDraft({ ...draft, roles: roleSchema.options.filter((one) => (one === role ? on : draft.roles.includes(one))) });
  }

  async function save(): Promise<void> {
    setTried(true);
    if (busy.current || wrong !== undefined || locksOut) return;
    busy.current = true;
    const { name, pin, roles, active } = draft;
    const saved = await host.savePerson({
      name: name.trim(),
      roles: [...roles],
      active,
      ...(pin !== '' && { pin }),
      ...(person && { id: person.id }),
    });
    if (saved.ok) {
      await ledger.takeIn(saved.value.entries);
      await reloadPeople();
      announce(t(active ? 'saved' : 'nowInactive', { name: name.trim() }));
      onClose();
    } else setProblem(errorText(saved.error));
    busy.current = false;
  }

  return (
    <Dialog
      title={person ? t('form.editTitle', { name: person.name }) : t('form.newTitle')}
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
      <TextInput
        label={t('form.name')}
        value={draft.name}
        maxLength={80}
        autoFocus
        error={tried && wrong === 'name_missing' ? t('form.nameMissing') : undefined}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
      />
      <TextInput
        label={t('form.pin')}
        hint={person ? t('form.pinKept') : t('form.pinNew')}
        type="password"
        value={draft.pin}
        maxLength={64}
        autoComplete="new-password"
        error={tried && wrong === 'pin_missing' ? t('form.pinMissing') : undefined}
        onChange={(event) => setDraft({ ...draft, pin: event.target.value })}
      />
      <fieldset className="roles">
        <legend>{t('roles')}</legend>
        {roleSchema.options.map((role) => (
          <div key={role}>
            <Checkbox
              label={t(`role.${role}`)}
              checked={draft.roles.includes(role)}
              onChange={(on) => toggle(role, on)}
            />
            <span className="muted small">{t(`roleMeans.${role}`)}</span>
          </div>
        ))}
        {tried && wrong === 'role_missing' && (
          <p className="error-text" role="alert">
            {t('form.roleMissing')}
          </p>
        )}
      </fieldset>
      {person && (
        <Checkbox label={t('active')} checked={draft.active} onChange={(active) => setDraft({ ...draft, active })} />
      )}
      {locksOut && (
        <p className="error-text" role="alert">
          {t('lastAdmin')}
        </p>
      )}
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
