import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scope, ZoneChip } from './scope.ts';

/** What to count, as chips that are on or off: all bins, or zone by zone. */
export function ScopeChips({
  scope,
  zones,
  onScope,
}: {
  scope: Scope;
  zones: readonly ZoneChip[];
  onScope: (scope: Scope) => void;
}): ReactElement {
  const { t } = useTranslation('stocktakes');
  const sites = new Set(zones.map(({ site }) => site)).size;
  function word({ site, zone, bins }: ZoneChip): string {
    const named = zone === '' ? t('form.noZone') : zone;
    return sites > 1 ? t('form.zoneOfSite', { site, zone: named, bins }) : t('form.zoneBins', { zone: named, bins });
  }
  function toggle(key: string): void {
    const next = scope.zones.has(key) ? [...scope.zones].filter((one) => one !== key) : [...scope.zones, key];
    onScope({ ...scope, all: false, zones: new Set(next) });
  }
  return (
    <fieldset className="chips">
      <legend>{t('form.scope')}</legend>
      <label className="chip">
        <input
          type="checkbox"
          checked={scope.all}
          onChange={(event) => onScope({ ...scope, all: event.target.checked })}
        />
        <span>{t('form.all')}</span>
      </label>
      {!scope.all &&
        zones.map((zone) => (
          <label key={zone.key} className="chip">
            <input type="checkbox" checked={scope.zones.has(zone.key)} onChange={() => toggle(zone.key)} />
            <span>{word(zone)}</span>
          </label>
        ))}
    </fieldset>
  );
}
