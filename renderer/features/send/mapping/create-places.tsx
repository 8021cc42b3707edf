import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { RemoteLocation } from '../../../../shared/ports/remote-inventory.ts';
import { useTallybook } from '../../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../../sync/sending.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Select } from '../../../ui/field.tsx';
import { announce } from '../../../ui/live.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import type { Vault } from '../use-vault.tsx';
import { theirSites } from './bin-rows.ts';

const LISTED = 40;

/** Asks before places are made at the remote: how many, where, and that nobody here can take them away again. */
export function CreatePlaces(props: {
  connection: Connection;
  title: string;
  vault: Vault;
  bins: readonly string[];
  places: readonly RemoteLocation[];
  onClose: () => void;
}): ReactElement {
  const { connection, title, vault, places, onClose } = props;
  const { t } = useTranslation('mapping');
  const { sending } = useTallybook();
  // Bins get their places one by one while this is open: what was asked for stays on the screen.
  const [bins] = useState(props.bins);
  const sites = theirSites(places);
  const [site, setSite] = useState(sites[0] ?? '');
  const making = useTask<{ created: number }>();

  async function make(): Promise<void> {
    if (site === '') return;
    await making.run(async () => {
      const done = await vault.opened(() => sending.createLocations(connection.id, bins, site));
      if (done.ok) {
        announce(t('create.done', { count: done.value.created }));
        onClose();
      }
      return done;
    });
  }

  return (
    <Dialog
      title={t('create.title', { count: bins.length, remote: title })}
      onClose={onClose}
      onConfirm={() => void make()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('create.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={site === '' || making.running}>
            {t('create.do', { count: bins.length })}
          </Button>
        </>
      }
    >
      {sites.length === 0 ? (
        <p>{t('create.noSite', { remote: title })}</p>
      ) : (
        <Select
          label={t('create.site')}
          value={site}
          options={sites.map((one) => ({ value: one, label: one }))}
          onChange={setSite}
        />
      )}
      <p>{t('create.text', { remote: title })}</p>
      <p className="code">
        {bins.slice(0, LISTED).join(', ')}
        {bins.length > LISTED && ` ${t('create.more', { count: bins.length - LISTED })}`}
      </p>
      <TaskSaid task={making} running={t('create.running')} />
    </Dialog>
  );
}
