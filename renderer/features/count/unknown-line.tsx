import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { matchOf, neighbours } from '../../../shared/domain/unknown-code.ts';
import type { UnknownCode } from '../../../shared/domain/unknown-scan.ts';
import { between } from '../../shelf/between.ts';
import { useFormats } from '../../ui/format.ts';

type Props = {
  catalogue: Pick<Catalogue, 'name'>;
  unknown: UnknownCode;
  /** The person wants to say what this code is. */
  onCode: (code: string) => void;
};

/** A code of this bin that nobody knew: between which items it was met, and what it turned out to be. */
export function UnknownLine({ catalogue, unknown, onCode }: Props): ReactElement {
  const { t } = useTranslation('count');
  const formats = useFormats();
  const match = matchOf(unknown);
  const proposal = unknown.proposals.at(-1);
  const standing = match
    ? t('side.matched', { name: catalogue.name(match.item) })
    : proposal
      ? t('side.proposed', { name: catalogue.name(proposal.item) })
      : t('side.whatIsIt');
  const places = neighbours(unknown).flatMap((pair) => between(t, catalogue, pair) ?? []);
  return (
    <button type="button" className="line" onClick={() => onCode(unknown.code)}>
      <span>
        <span className="code">{unknown.code}</span>
        <small>{standing}</small>
        {places.map((place) => (
          <small key={place}>{place}</small>
        ))}
      </span>
      <span className="q num">{formats.amount(unknown.quantity)}</span>
    </button>
  );
}
