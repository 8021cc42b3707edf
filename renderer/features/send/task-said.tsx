import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner } from '../../ui/states.tsx';
import type { Task } from './use-task.ts';

/** What came of a task: that it runs, why it did not work, or what it found. */
export function TaskSaid<Value>({
  task,
  running,
  children,
}: {
  task: Task<Value>;
  running: string;
  children?: (value: Value) => ReactNode;
}): ReactElement | null {
  const { t } = useTranslation('send');
  if (task.running) {
    return (
      <p className="muted" role="status">
        {running}
      </p>
    );
  }
  if (task.problem !== undefined) {
    return (
      <Banner tone="stop" word={t('notDone')}>
        {task.problem}
      </Banner>
    );
  }
  return task.value === undefined || !children ? null : <div role="status">{children(task.value)}</div>;
}
