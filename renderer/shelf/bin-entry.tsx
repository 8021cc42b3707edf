import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { meantBin, nearBins } from '../../shared/domain/bin-name.ts';
import { binKey } from '../../shared/domain/location.ts';
import { hasRole } from '../../shared/domain/person.ts';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import { announce } from '../ui/live.tsx';
import { useLedger, useTallybook } from '../tallybook/tallybook-context.tsx';
import { MakeBin } from './make-bin.tsx';
import { WhichBin } from './scan-question.tsx';

const OFFERED = 3;
const MAY_MAKE = ['lead', 'approver', 'admin'] as const;

export type BinEntryProps = {
  /** The bins that are meant here first; they may be missing in the catalogue. */
  readonly bins: readonly string[];
  /** What Enter opens while nothing is typed. */
  readonly next?: string | undefined;
  readonly onOpen: (bin: string) => void;
  /** A refusal that did not come from typing, until something else is said. */
  readonly problem?: string | undefined;
  readonly main?: boolean;
};

/**
 * A bin typed by hand. A text that is no bin is refused aloud, with the bins that it nearly is; none is ever made of a
 * typing mistake. Whoever may make one does so in a dialog of its own. One piece: the field, its refusal and the way out
 * belong together.
 */
export function BinEntry({ bins, next, onOpen, problem, main = true }: BinEntryProps): ReactElement {
  const { t } = useTranslation('count');
  const { person, sounds } = useTallybook();
  const catalogue = useLedger((known) => known.catalogue());
  const [text, setText] = useState('');
  const [unknown, setUnknown] = useState<string>();
  const [choices, setChoices] = useState<readonly string[]>();
  const [making, setMaking] = useState(false);
  const near = unknown === undefined ? [] : nearBins(unknown, catalogue.bins(), OFFERED);

  function open(bin: string): void {
    setText('');
    setUnknown(undefined);
    onOpen(bin);
  }

  function enter(): void {
    const typed = text.trim();
    const named = typed === '' ? [] : catalogue.binsNamed(typed);
    const listed = bins.find((bin) => binKey(bin) === binKey(typed));
    const meant = named.length === 0 ? listed : meantBin(named, { bins })?.code;
    if (typed === '') {
      if (next !== undefined) open(next);
    } else if (meant !== undefined) open(meant);
    else if (named.length > 0) setChoices(named.map((bin) => bin.code));
    else refuse(typed);
  }

  function refuse(typed: string): void {
    setUnknown(typed);
    sounds.notTaken();
    announce(sentence(typed));
  }

  function sentence(typed: string): string {
    const [first] = nearBins(typed, catalogue.bins(), 1);
    return first === undefined
      ? t('noBin.none', { text: typed })
      : t('noBin.near', { text: typed, bin: catalogue.binName(first.code) });
  }

  return (
    <>
      <form
        className="bin-entry field-row"
        onSubmit={(event) => {
          event.preventDefault();
          enter();
        }}
      >
        <TextInput
          label={t('prompt.label')}
          placeholder={next}
          mono
          data-codes
          autoFocus
          value={text}
          error={unknown === undefined ? problem : sentence(unknown)}
          onChange={(event) => {
            setText(event.target.value);
            setUnknown(undefined);
          }}
        />
        <Button type="submit" variant={main ? 'main' : 'plain'} keyCap="Enter">
          {text.trim() === '' && next !== undefined
            ? t('prompt.openNext', { bin: catalogue.binName(next) })
            : t('prompt.open')}
        </Button>
      </form>
      {unknown !== undefined && (near.length > 0 || hasRole(person, MAY_MAKE)) && (
        <div className="offered" data-testid="near-bins">
          {near.map(({ code }) => (
            <Button key={code} onClick={() => open(code)}>
              <span className="code">{catalogue.binName(code)}</span>
            </Button>
          ))}
          {hasRole(person, MAY_MAKE) && (
            <Button variant="quiet" onClick={() => setMaking(true)}>
              {t('makeBin.open')}
            </Button>
          )}
        </div>
      )}
      {making && unknown !== undefined && (
        <MakeBin
          name={unknown}
          onClose={() => setMaking(false)}
          onMade={(bin) => {
            setMaking(false);
            open(bin);
          }}
        />
      )}
      {choices !== undefined && (
        <WhichBin
          catalogue={catalogue}
          bins={choices}
          onAnswer={(bin) => {
            setChoices(undefined);
            if (bin !== undefined) open(bin);
          }}
        />
      )}
    </>
  );
}
