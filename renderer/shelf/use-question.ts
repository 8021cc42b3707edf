import { useCallback, useRef, useState } from 'react';

/** The question that is open, and how to put one: the promise resolves when the person has answered. */
export type Questions<Question> = {
  readonly question: Question | undefined;
  /** The question that is open at this very moment: answered, it is gone before the screen is drawn again. */
  asked(): Question | undefined;
  put<Answer>(make: (answer: (given: Answer) => void) => Question): Promise<Answer>;
};

/** One question at a time; the scans behind it wait for its answer too. */
export function useQuestion<Question>(): Questions<Question> {
  const [question, setQuestion] = useState<{ readonly open: Question }>();
  const now = useRef<Question>(undefined);
  const put = useCallback(<Answer>(make: (answer: (given: Answer) => void) => Question): Promise<Answer> => {
    return new Promise((resolve) => {
      const open = make((given) => {
        now.current = undefined;
        setQuestion(undefined);
        resolve(given);
      });
      now.current = open;
      setQuestion({ open });
    });
  }, []);
  const asked = useCallback(() => now.current, []);
  return { question: question?.open, asked, put };
}
