import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Laptop } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/** Gives a laptop another name, on every laptop that hears of it. */
export function RenameDialog({ laptop, onClose }: { laptop: Laptop; onClose: () => void }): ReactElement {
  const { t } = useTranslation('team');
  const { host, ledger } = useTallybook();
  const { ask } = useTeam();
  const errorText = useErrorText();
  const [name, setName] = useState(laptop.name);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);

  async function rename(): Promise<void> {
    const wanted = name.trim();
    if (wanted === '') return setProblem(t('rename.missing'));
    if (busy.current) return;
    busy.current = true;
    const renamed = await host.nameLaptop({ laptop: laptop.laptop, name: wanted });
    busy.current = false;
    if (!renamed.ok) return setProblem(errorText(renamed.error));
    await ledger.takeIn(renamed.value.entries);
    await ask();
    announce(t('rename.done', { name: wanted }));
    onClose();
  }

  return (
    <Dialog
      title={t('rename.title', { name: laptop.name })}
      onClose={onClose}
      onConfirm={() => void rename()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter">
            {t('rename.save')}
          </Button>
        </>
      }
    >
      <TextInput
        label={t('rename.label')}
        value={name}
        maxLength={80}
        autoFocus
        error={problem}
        onChange={(event) => setName(event.target.value)}
      />
    </Dialog>
  );
}
