import { useCallback, useState } from 'react';

/** The question that is open, and how to put one: the promise resolves when the person has answered. */
export type Questions<Question> = {
  readonly question: Question | undefined;
  put<Answer>(make: (answer: (given: Answer) => void) => Question): Promise<Answer>;
};

/** One question at a time; the scans behind it wait for its answer too. */
export function useQuestion<Question>(): Questions<Question> {
  const [question, setQuestion] = useState<{ readonly open: Question }>();
  const put = useCallback(<Answer>(make: (answer: (given: Answer) => void) => Question): Promise<Answer> => {
    return new Promise((resolve) => {
      const open = make((given) => {
        setQuestion(undefined);
        resolve(given);
      });
      setQuestion({ open });
    });
  }, []);
  return { question: question?.open, put };
}
