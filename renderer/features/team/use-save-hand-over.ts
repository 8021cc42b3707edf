import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Host } from '../../../shared/ports/host.ts';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

export type SaveHandOver = {
  readonly saving: boolean;
  /** What was saved, in words. */
  readonly said: string | undefined;
  readonly problem: string | undefined;
  /** For laptops that count it is only what they may know. */
  save(isForCounting: boolean): void;
};

/** Saves what is held here for other laptops, where the person chooses; one file at a time. */
export function useSaveHandOver(host: Pick<Host, 'saveHandOver'>): SaveHandOver {
  const { t } = useTranslation('team');
  const errorText = useErrorText();
  const [saving, setSaving] = useState(false);
  const [said, setSaid] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);

  async function save(isForCounting: boolean): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setSaving(true);
    setSaid(undefined);
    setProblem(undefined);
    const saved = await host.saveHandOver({ isForCounting });
    busy.current = false;
    setSaving(false);
    if (!saved.ok) setProblem(errorText(saved.error));
    else if (saved.value.outcome === 'saved') {
      const text = t('handOver.saved', { count: saved.value.entries });
      setSaid(text);
      announce(text);
    }
  }

  return { saving, said, problem, save: (isForCounting) => void save(isForCounting) };
}
