import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button, Tag } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import type { LaptopShare } from './laptop-shares.ts';

/** So many are in sight at first: the map is what the screen is for. */
const FIRST = 5;

/** The laptops that count a pass: who on each, how many bins, and how old what is known of it is. Nothing while this one works alone. */
export function CountingLaptops({ shares }: { shares: ReadonlyMap<string, LaptopShare> }): ReactElement | null {
  const { t } = useTranslation('stocktakes');
  const { people } = useTallybook();
  const formats = useFormats();
  const [whole, setWhole] = useState(false);
  if (shares.size === 0) return null;
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  const all = [...shares.values()];
  const shown = whole ? all : all.slice(0, FIRST);
  return (
    <section className="counting-laptops">
      <table aria-label={t('laptops.title')}>
        <thead>
          <tr>
            <th scope="col">{t('laptops.name')}</th>
            <th scope="col">{t('laptops.upTo')}</th>
            <th scope="col">{t('laptops.heard')}</th>
            <th scope="col" className="n">
              {t('laptops.bins')}
            </th>
            <th scope="col">{t('laptops.who')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((share) => (
            <tr key={share.device} data-testid="counting-laptop">
              <th scope="row">
                {share.name} {share.isHere && <Tag tone="info">{t('laptops.here')}</Tag>}
                {share.isRevoked && <Tag tone="stop">{t('laptops.revoked')}</Tag>}
              </th>
              <td>
                <UpTo share={share} />
              </td>
              <td className="num">{share.heardAt === null ? '' : formats.moment(share.heardAt)}</td>
              <td className="num n">{formats.whole(share.bins)}</td>
              <td>{share.people.map(nameOf).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted small">
        {shown.length < all.length && (
          <Button variant="quiet" compact onClick={() => setWhole(true)}>
            {t('laptops.more', { count: all.length - shown.length })}
          </Button>
        )}
        {t('laptops.later')} <Link href="/laptops">{t('laptops.take')}</Link>
      </p>
    </section>
  );
}

/** Up to when a laptop's counting is known here, and in a word that it was not heard for long. */
function UpTo({ share: { isHere, upTo, isSilent } }: { share: LaptopShare }): ReactElement {
  const { t } = useTranslation('stocktakes');
  const formats = useFormats();
  if (isHere) return <>{t('laptops.now')}</>;
  if (upTo === null) return <Tag tone="look">{t('laptops.nothing')}</Tag>;
  return (
    <>
      <span className="num">{formats.moment(upTo)}</span> {isSilent && <Tag tone="look">{t('laptops.silent')}</Tag>}
    </>
  );
}
