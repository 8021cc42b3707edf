import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useTallybook } from '../../../tallybook/tallybook-context.tsx';
import type { Connection } from '../../../sync/sending.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useFormats } from '../../../ui/format.ts';
import { announce } from '../../../ui/live.tsx';
import { BinChoice } from '../drift/bin-choice.tsx';
import { TaskSaid } from '../task-said.tsx';
import { useTask } from '../use-task.ts';
import type { Moved } from './moved-rows.ts';

/** Rows that ask for a bin in the document at once; the rest is asked in a second go. */
const MOST_ASKED = 200;

/**
 * Says what is booked before it is, and asks for the bin where it is not clear by itself. One piece: what is asked and what
 * is booked are one list.
 */
export function TakeMoved({
  connection,
  title,
  rows: given,
  onDone,
  onClose,
}: {
  connection: Connection;
  title: string;
  rows: readonly Moved[];
  onDone: () => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation('send');
  const { ledger, sending } = useTallybook();
  const formats = useFormats();
  const taking = useTask<{ taken: number }>();
  const catalogue = ledger.catalogue();
  const [{ clear, asked, left }] = useState(() => {
    const unclear = given.filter(({ state }) => state !== 'ready');
    return {
      clear: given.filter(({ state }) => state === 'ready'),
      asked: unclear.slice(0, MOST_ASKED),
      left: Math.max(0, unclear.length - MOST_ASKED),
    };
  });
  const [bins, setBins] = useState<Readonly<Record<string, string>>>({});
  const binOf = (row: Moved) => catalogue.bin(bins[row.key] ?? '')?.code;
  const ready = asked.every((row) => binOf(row) !== undefined);
  const count = clear.length + asked.length;

  async function take(): Promise<void> {
    if (!ready) return;
    await taking.run(async () => {
      const chosen = [...clear, ...asked].flatMap((row) => {
        const bin = row.state === 'ready' ? row.movement.bins[0] : binOf(row);
        return bin === undefined ? [] : [{ row: row.movement, bin }];
      });
      const done = await sending.takeMovements(connection.id, chosen);
      if (done.ok) {
        announce(t('moved.said', { count: done.value.taken }));
        onDone();
      }
      return done;
    });
  }

  return (
    <Dialog
      wide
      title={t('moved.title', { count })}
      onClose={onClose}
      onConfirm={() => void take()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('decide.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" autoFocus disabled={!ready || taking.running}>
            {t('moved.do', { count })}
          </Button>
        </>
      }
    >
      <p>{t('moved.text', { remote: title })}</p>
      {clear.length > 0 && <p>{t('moved.clear', { count: clear.length })}</p>}
      {left > 0 && <p className="muted">{t('decide.more', { count: left })}</p>}
      {asked.length > 0 && (
        <table className="lines">
          <thead>
            <tr>
              <th scope="col">{t('moved.column.at')}</th>
              <th scope="col">{t('moved.column.item')}</th>
              <th scope="col" className="n">
                {t('moved.column.change')}
              </th>
              <th scope="col">{t('bin.head')}</th>
            </tr>
          </thead>
          <tbody>
            {asked.map((row) => {
              const { item, remoteItem, happenedAt, quantity, bins: options } = row.movement;
              const name = item === undefined ? remoteItem : catalogue.name(item);
              return (
                <tr key={row.key} data-testid="take-row">
                  <td>{formats.moment(happenedAt)}</td>
                  <th scope="row">{name}</th>
                  <td className="n num">
                    {formats.quantity(quantity, {
                      signed: true,
                      unit: item === undefined ? undefined : catalogue.unit(item),
                    })}
                  </td>
                  <td>
                    <BinChoice
                      label={t('bin.label', { item: name })}
                      options={options.map((bin) => ({ bin }))}
                      value={bins[row.key] ?? ''}
                      onChange={(bin) => setBins({ ...bins, [row.key]: bin })}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {!ready && <p className="muted">{t('bin.missing')}</p>}
      <TaskSaid task={taking} running={t('moved.running')} />
    </Dialog>
  );
}
