import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { EVERY_REASON } from '../../../../shared/domain/reason.ts';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import type { Mapping } from '../../../../shared/sync/seen/mapping.ts';
import { textOr } from '../../../texts/keys.ts';
import { Button } from '../../../ui/button.tsx';
import type { SaveMapping } from './save-mapping.ts';

/** The longest word that the ledger keeps for a reason. */
const LONGEST = 200;

/**
 * Our reasons and their words: a list of theirs to choose from, or any text. One piece: the rows and their choices are one
 * list.
 */
export function ReasonsTab({
  card,
  mapping,
  save,
}: {
  card: ConnectorCard;
  mapping: Mapping;
  save: SaveMapping;
}): ReactElement {
  const { t } = useTranslation(['mapping', 'review']);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const wordOf = (reason: string) => typed[reason] ?? mapping.reasons.get(reason) ?? '';
  const changed = EVERY_REASON.filter((reason) => wordOf(reason).trim() !== (mapping.reasons.get(reason) ?? ''));
  const { reasons } = card;

  async function saveAll(): Promise<void> {
    if (changed.length === 0) return;
    await save(
      { reasons: changed.map((reason) => ({ reason, word: wordOf(reason).trim() })) },
      t('said.reasons', { count: changed.length }),
    );
    setTyped({});
  }

  return (
    <form
      className="part scrolls"
      onSubmit={(event) => {
        event.preventDefault();
        void saveAll();
      }}
    >
      <p className="muted">{t(Array.isArray(reasons) ? 'reasons.list' : 'reasons.text', { remote: card.title })}</p>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">{t('reasons.column.ours')}</th>
            <th scope="col">{t('reasons.column.theirs', { remote: card.title })}</th>
          </tr>
        </thead>
        <tbody>
          {EVERY_REASON.map((reason) => {
            const ours = t(`review:reason.${reason}`);
            const label = t('reasons.wordFor', { reason: ours });
            const set = (word: string) => setTyped({ ...typed, [reason]: word });
            return (
              <tr key={reason} data-testid="reason-row">
                <th scope="row">{ours}</th>
                <td>
                  {Array.isArray(reasons) ? (
                    <select
                      className="input"
                      aria-label={label}
                      value={wordOf(reason)}
                      onChange={(event) => set(event.target.value)}
                    >
                      <option value="">{t('reasons.none')}</option>
                      {reasons.map((word) => (
                        <option key={word} value={word}>
                          {textOr(t, `word.${card.id}.${word}`, word)}
                        </option>
                      ))}
                    </select>
                  ) : (
                    <input
                      className="input"
                      aria-label={label}
                      value={wordOf(reason)}
                      maxLength={LONGEST}
                      placeholder={ours}
                      onChange={(event) => set(event.target.value)}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="row">
        <Button type="submit" variant="main" compact keyCap="Enter" disabled={changed.length === 0}>
          {t('reasons.save', { count: changed.length })}
        </Button>
        <span className="muted small">{t('reasons.empty')}</span>
      </div>
    </form>
  );
}
