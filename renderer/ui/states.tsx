import type { ReactElement, ReactNode } from 'react';

export type BannerProps = {
  tone?: 'info' | 'attention' | 'stop';
  /** One word in front that says what kind of message it is. */
  word: string;
  children: ReactNode;
  /** The one thing to do. */
  action?: ReactNode;
};

/** A message that stays in its place until it is dealt with. It never covers anything and never goes by itself. */
export function Banner({ tone = 'info', word, children, action }: BannerProps): ReactElement {
  return (
    <div className={`banner ${tone}`} role={tone === 'info' ? 'status' : 'alert'}>
      <span className="word">{word}</span>
      <div className="text">{children}</div>
      {action}
    </div>
  );
}

/** Nothing here yet: one sentence and the one thing to do. */
export function EmptyState({ children, action }: { children: ReactNode; action?: ReactNode }): ReactElement {
  return (
    <div className="empty">
      <p>{children}</p>
      {action}
    </div>
  );
}

/** Something is being fetched from this laptop; says what, never spins. `part` 0 to 1 shows how far. */
export function Loading({ children, part }: { children: ReactNode; part?: number | undefined }): ReactElement {
  return (
    <div className="empty" role="status">
      <p>{children}</p>
      {part !== undefined && (
        <div
          className="progress"
          role="progressbar"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(part * 100)}
        >
          <div style={{ inlineSize: `${part * 100}%` }} />
        </div>
      )}
    </div>
  );
}
