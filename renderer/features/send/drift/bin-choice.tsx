import type { ReactElement } from 'react';
import { useBinName } from '../../../tallybook/bin-name.ts';
import { useTranslation } from 'react-i18next';
import { useLedger } from '../../../tallybook/tallybook-context.tsx';
import { useFormats } from '../../../ui/format.ts';

/** A bin that may be chosen; its quantity, where it is known. */
export type BinOption = { readonly bin: string; readonly quantity?: string; readonly unit?: string | undefined };

/** The bin of a difference: told where there is one, chosen where there are several, typed where there is none. */
export function BinChoice({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly BinOption[];
  value: string;
  onChange: (bin: string) => void;
}): ReactElement {
  const { t } = useTranslation('send');
  const formats = useFormats();
  const binName = useBinName();
  const known = useLedger((ledger) => ledger.catalogue().bin(value) !== undefined);
  const [only] = options;
  if (only !== undefined && options.length === 1) return <span className="code">{binName(only.bin)}</span>;
  if (options.length === 0) {
    return (
      <input
        className="input mono"
        aria-label={label}
        aria-invalid={value !== '' && !known ? true : undefined}
        placeholder={t('bin.type')}
        value={value}
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <select className="input mono" aria-label={label} value={value} onChange={(event) => onChange(event.target.value)}>
      {value === '' && <option value="">{t('bin.choose')}</option>}
      {options.map(({ bin, quantity, unit }) => (
        <option key={bin} value={bin}>
          {quantity === undefined
            ? binName(bin)
            : t('bin.holds', { bin: binName(bin), quantity: formats.quantity(quantity, { unit }) })}
        </option>
      ))}
    </select>
  );
}
