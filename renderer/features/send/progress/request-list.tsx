import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import type { OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';
import { useTallybook } from '../../../tallybook/tallybook-context.tsx';
import { DataGrid } from '../../../ui/data-grid.tsx';
import { useFormats } from '../../../ui/format.ts';
import type { Vault } from '../use-vault.tsx';
import { RequestDetail } from './request-detail.tsx';
import { requestColumns } from './request-columns.tsx';
import { namesOf } from './words.tsx';

/** Requests, newest first, each named by what it carries; one of them may be open below. */
export function RequestList({
  requests,
  card,
  vault,
}: {
  requests: readonly OutboxRequest[];
  card: ConnectorCard;
  vault: Vault;
}): ReactElement {
  const { t } = useTranslation('send');
  const { ledger } = useTallybook();
  const formats = useFormats();
  // What needs a person is open from the start; '' closes it again.
  const [chosen, setChosen] = useState<string>();
  const [active, setActive] = useState<string>();
  const [now] = useState(() => new Date().toISOString());
  const needing = requests.find(
    ({ state, rejectedRefs, doubtful, request }) =>
      doubtful.length > 0 ||
      (state === 'rejected' && rejectedRefs.length > 0) ||
      (state === 'queued' && request.delivery),
  );
  // It stays open when it was dealt with: then comes what a person waits for.
  const [dealtWith, setDealtWith] = useState<string>();
  if (needing !== undefined && needing.id !== dealtWith) setDealtWith(needing.id);
  const open = requests.find(({ id }) => id === (chosen ?? needing?.id ?? dealtWith));
  const toggle = (id: string) => setChosen(open?.id === id ? '' : id);
  const nameOf = namesOf(t, ledger);

  const columns = requestColumns({ t, formats, now, nameOf, openId: open?.id, onToggle: toggle });
  return (
    <div className={open ? 'requests split' : 'requests'}>
      <DataGrid
        label={t('progress.label')}
        columns={columns}
        rows={requests}
        rowKey={({ id }) => id}
        active={active}
        onActive={setActive}
        onOpen={({ id }) => toggle(id)}
        rowHeight={40}
        rowTestId="request-row"
        rowProps={({ state }) => ({ 'data-state': state })}
      />
      {open && <RequestDetail key={open.id} request={open} name={nameOf(open.batch)} card={card} vault={vault} />}
    </div>
  );
}
