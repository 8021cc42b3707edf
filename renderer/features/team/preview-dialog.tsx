import type { TFunction } from 'i18next';
import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HandOver } from '../../../shared/ports/host.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';
import { Banner } from '../../ui/states.tsx';
import './team.css';

/** Names of bins that are read; how many more there are is said. */
const NAMED_BINS = 12;

export type PreviewDialogProps = {
  readonly handOver: HandOver;
  /** How a bin is called here. */
  readonly binName: (code: string) => string;
  readonly taking: boolean;
  readonly onTake: () => void;
  readonly onLeave: () => void;
};

/** What a file of another laptop holds, before anything of it is taken: all that is new, known, doubled and refused. */
export function PreviewDialog({ handOver, binName, taking, onTake, onLeave }: PreviewDialogProps): ReactElement {
  const { t, i18n } = useTranslation('team');
  const formats = useFormats();
  const { from, fresh, refused, unsigned, catalogues, overlapping, problems } = handOver;
  const isNew = fresh > 0 || catalogues > 0;
  return (
    <Dialog
      title={t(isNew ? 'preview.title' : 'preview.titleNothing', { from })}
      wide
      scrolls
      onClose={() => !taking && onLeave()}
      onConfirm={isNew ? onTake : onLeave}
      actions={
        isNew ? (
          <>
            <Button keyCap="Esc" disabled={taking} onClick={onLeave}>
              {t('preview.leave')}
            </Button>
            <Button type="submit" variant="main" keyCap="Enter" disabled={taking}>
              {t(taking ? 'handOver.taking' : 'preview.take')}
            </Button>
          </>
        ) : (
          <Button type="submit" variant="main" keyCap="Enter" autoFocus>
            {t('close')}
          </Button>
        )
      }
    >
      <Facts handOver={handOver} binName={binName} />
      {overlapping.length > 0 && (
        <p>
          {t('preview.overlap', {
            count: overlapping.length,
            names: someOf(t, formats, i18n.language, overlapping.map(binName)),
          })}
        </p>
      )}
      {refused > 0 && <p>{t('preview.refusedText', { count: refused, number: formats.whole(refused) })}</p>}
      {unsigned > 0 && <p>{t('preview.unsignedText', { count: unsigned, number: formats.whole(unsigned) })}</p>}
      {problems.length > 0 && (
        <Banner tone="attention" word={t('preview.problems')}>
          <ul className="stack" data-testid="hand-over-problems">
            {problems.map(({ laptop, why, fromSeq }) => (
              <li key={`${laptop} ${why} ${fromSeq}`}>
                {t(`problem.${why}`, { laptop, from: formats.whole(fromSeq) })}
              </li>
            ))}
          </ul>
        </Banner>
      )}
    </Dialog>
  );
}

/** Names in one sentence: the first dozen, and how many more. */
function someOf(t: TFunction<'team'>, formats: Formats, language: string, names: readonly string[]): string {
  if (names.length <= NAMED_BINS) return new Intl.ListFormat(language).format(names);
  const first = new Intl.ListFormat(language, { type: 'unit' }).format(names.slice(0, NAMED_BINS));
  return t('preview.more', { names: first, number: formats.whole(names.length - NAMED_BINS) });
}

function Facts({ handOver, binName }: Pick<PreviewDialogProps, 'handOver' | 'binName'>): ReactElement {
  const { t, i18n } = useTranslation('team');
  const formats = useFormats();
  const { from, madeAt, site, fresh, known, refused, bins, overlapping, catalogues, laptops } = handOver;
  const number = (count: number) => (count === 0 ? t('preview.nothing') : formats.whole(count));
  const named = (names: readonly string[]) =>
    names.length === 0
      ? t('preview.nothing')
      : t('preview.binNames', {
          number: formats.whole(names.length),
          names: someOf(t, formats, i18n.language, names),
        });
  const facts = [
    ['laptop', from],
    ['madeAt', `${formats.day(madeAt)}, ${formats.time(madeAt)}`],
    ['site', site.name],
    ['fresh', number(fresh)],
    ['known', number(known)],
    ...(bins.length === 0
      ? []
      : ([
          ['bins', named(bins.map(binName))],
          ['overlapping', named(overlapping.map(binName))],
        ] as const)),
    ...(refused === 0 ? [] : ([['refused', number(refused)]] as const)),
    ...(catalogues === 0 ? [] : ([['catalogues', t('preview.cataloguesText', { count: catalogues })]] as const)),
  ] as const;
  return (
    <>
      <dl className="team-facts" data-testid="hand-over-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="muted">{t(`preview.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {laptops.length > 0 && (
          <div>
            <dt className="muted">{t('preview.laptops')}</dt>
            <dd>
              <ul>
                {laptops.map(({ name, fresh: news, newestAt }) => (
                  <li key={name}>
                    {news === 0 || newestAt === null
                      ? t('preview.laptopKnown', { name })
                      : t('preview.laptopFresh', {
                          count: news,
                          name,
                          number: formats.whole(news),
                          when: formats.moment(newestAt),
                        })}
                  </li>
                ))}
              </ul>
            </dd>
          </div>
        )}
      </dl>
    </>
  );
}
