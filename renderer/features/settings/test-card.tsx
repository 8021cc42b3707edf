import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { gs1Bars, QUIET_MODULES } from '../../../shared/domain/code-128.ts';
import { TEST_CARD } from '../../../shared/domain/scanner.ts';

const { bars, modules } = gs1Bars(TEST_CARD);
const WIDTH = modules + 2 * QUIET_MODULES;
const HEIGHT = 60;

/** The card that a scanner is set up with: black bars on white in every colour scheme, whole pixels wide, to scan or to print. */
export function TestCard(): ReactElement {
  const { t } = useTranslation('settings');
  return (
    <figure className="test-card">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        shapeRendering="crispEdges"
        role="img"
        aria-label={t('scanner.card')}
        data-testid="test-card"
      >
        {bars.map(({ at, width }) => (
          <rect key={at} x={at + QUIET_MODULES} y="0" width={width} height={HEIGHT} />
        ))}
      </svg>
      <figcaption className="code">
        {TEST_CARD.map((field) => `(${field.slice(0, 2)})${field.slice(2)}`).join(' ')}
      </figcaption>
    </figure>
  );
}
