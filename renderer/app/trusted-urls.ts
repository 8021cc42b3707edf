type Policies = {
  createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown;
};

declare global {
  interface Window {
    /** Where the browser has it. */
    readonly trustedTypes?: Policies;
  }
}

/** Whether a script may be loaded from there: a file of this very page, by any spelling of its address. */
export function isOwnScript(url: string, page: string): boolean {
  if (!URL.canParse(url, page)) return false;
  const own = new URL(page);
  const wanted = new URL(url, page);
  return wanted.protocol === own.protocol && wanted.host === own.host;
}

/**
 * The page's policy makes the browser refuse any text that would become a script or HTML. What is let through is the
 * address of a worker that came with the app; there is no rule for HTML or scripts, so these are always refused.
 */
export function trustOwnScripts(policies: Policies | undefined, page: string): void {
  policies?.createPolicy('default', { createScriptURL: (url) => (isOwnScript(url, page) ? url : null) });
}
