const SITE_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** Seconds since 1970 as the site writes them: UTC without a zone mark (contracts: inventory events 1). */
export function siteTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

/**
 * A time of the site as an instant. Without a zone mark it is UTC, though JavaScript alone would take it as the laptop's
 * own time. undefined: it is no time.
 */
export function instantOf(text: string): string | undefined {
  const [, day, time, fraction = '', zone = 'Z'] = SITE_TIME.exec(text.trim()) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const offset = zone.toUpperCase() === 'Z' ? 'Z' : zone.replace(/^(...):?(..)$/, '$1:$2');
  const ms = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** The first whole second at or after an instant. The site knows whole seconds: spans cut here neither overlap nor leave a gap. */
export function secondFrom(instant: string): number {
  return Math.ceil(Date.parse(instant) / 1000);
}

/** The whole second in which an instant lies. */
export function secondOf(instant: string): number {
  return Math.floor(Date.parse(instant) / 1000);
}
