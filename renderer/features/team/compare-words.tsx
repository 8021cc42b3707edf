import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { laptopRoleSchema, type LaptopRole } from '../../../shared/domain/ledger-entry.ts';
import type { Laptop } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { EightWords } from './eight-words.tsx';
import type { JoinRequest } from './enrol-dialog.tsx';

/**
 * Whose request it is: the words, whether they are the same on both laptops, what the laptop does and its name. Yes enrols
 * it. The way back has the focus first, so that nobody says yes to words that they have not read. One piece: a form is its
 * fields in their order, judged together.
 */
export function CompareWords({
  request,
  onEnrolled,
  onClose,
}: {
  request: JoinRequest;
  onEnrolled: (laptop: Pick<Laptop, 'name' | 'role'>) => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('team');
  const { host, ledger } = useTallybook();
  const { ask } = useTeam();
  const errorText = useErrorText();
  const [role, setRole] = useState<LaptopRole>('counting');
  const [name, setName] = useState(request.name);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);

  async function enrol(): Promise<void> {
    setTried(true);
    const wanted = name.trim();
    if (busy.current || wanted === '') return;
    busy.current = true;
    const enrolled = await host.enrolLaptop({ request: request.text, name: wanted, role });
    busy.current = false;
    if (!enrolled.ok) return setProblem(errorText(enrolled.error));
    await ledger.takeIn(enrolled.value.entries);
    await ask();
    if (role === 'counting') await ledger.nameExpected();
    announce(t('enrol.doneTitle', { name: wanted }));
    onEnrolled({ name: wanted, role });
  }

  return (
    <Dialog
      title={t('enrol.titleOf', { name: request.name })}
      wide
      onClose={onClose}
      onConfirm={() => void enrol()}
      actions={
        <>
          <Button keyCap="Esc" autoFocus onClick={onClose}>
            {t('enrol.no')}
          </Button>
          <Button type="submit" variant="main">
            {t('enrol.yes')}
          </Button>
        </>
      }
    >
      <EightWords laptop={request.name} words={request.words} />
      <p>
        <b>{t('enrol.question')}</b> {t('enrol.compare')}
      </p>
      <fieldset className="team-roles">
        <legend>{t('enrol.as')}</legend>
        {laptopRoleSchema.options.map((one) => (
          <label key={one} htmlFor={`laptop-role-${one}`}>
            <input
              id={`laptop-role-${one}`}
              type="radio"
              name="laptop-role"
              value={one}
              checked={one === role}
              onChange={() => setRole(one)}
            />
            <strong>{t(`role.${one}`)}</strong>
            <small>{t(`roleMeans.${one}`)}</small>
          </label>
        ))}
      </fieldset>
      <TextInput
        label={t('enrol.name')}
        value={name}
        maxLength={80}
        error={tried && name.trim() === '' ? t('enrol.nameMissing') : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
