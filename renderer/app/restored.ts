const RESTORED = 'tallybook.restored';

/** The ledger comes from a copy of another laptop: this page has nothing of it yet, and that is no news. */
export function noteRestored(): void {
  localStorage.setItem(RESTORED, 'yes');
}

export function wasRestored(): boolean {
  return localStorage.getItem(RESTORED) === 'yes';
}

/** The page has everything by now: from here on a missing copy is news. */
export function forgetRestored(): void {
  localStorage.removeItem(RESTORED);
}
