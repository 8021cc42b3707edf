import type { KeyboardEvent, ReactElement, ReactNode } from 'react';

export type Tab<Id extends string> = { readonly id: Id; readonly name: string; readonly count?: ReactNode };

/** Views of one thing, of which one is shown. Arrows walk and show at once, as in every tab list. */
export function Tabs<Id extends string>({
  label,
  tabs,
  shown,
  onShow,
}: {
  label: string;
  tabs: readonly Tab<Id>[];
  shown: Id;
  onShow: (id: Id) => void;
}): ReactElement {
  function press(event: KeyboardEvent<HTMLElement>): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const forward = document.documentElement.dir === 'rtl' ? -step : step;
    const at = tabs.findIndex(({ id }) => id === shown);
    const next = tabs[(at + forward + tabs.length) % tabs.length];
    if (next === undefined) return;
    onShow(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  }
  return (
    <div className="tabs" role="tablist" tabIndex={-1} aria-label={label} onKeyDown={press}>
      {tabs.map(({ id, name, count }) => (
        <button
          key={id}
          type="button"
          role="tab"
          data-tab={id}
          aria-selected={id === shown}
          tabIndex={id === shown ? 0 : -1}
          onClick={() => onShow(id)}
        >
          {name} {count !== undefined && <span className="num">{count}</span>}
        </button>
      ))}
    </div>
  );
}
