import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Host } from '../../shared/ports/host.ts';
import { EightWords } from '../features/team/eight-words.tsx';
import { TakeInFile } from '../features/team/take-in.tsx';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import { Banner } from '../ui/states.tsx';
import { useErrorText } from '../ui/use-error-text.ts';
import { forgetRestored, noteRestored } from './restored.ts';

/** What this laptop has asked for. `request`: undefined once the app was started anew since. */
export type Asked = { readonly words: readonly string[]; readonly request: string | undefined };

type JoinSiteProps = {
  host: Host;
  /** As it is called until a site gives it a name. */
  laptop: string;
  /** It has asked already. */
  asked: readonly string[];
  onBack: () => void;
  /** The site's file is taken: there are people now. */
  onJoined: () => void;
};

/** A new laptop joins a site: its name, a request for an admin, the words that both compare, and the site's file. */
export function JoinSite({ host, laptop, asked, onBack, onJoined }: JoinSiteProps): ReactElement {
  const [name, setName] = useState(laptop);
  const [standing, setStanding] = useState<Asked | undefined>(() =>
    asked.length === 0 ? undefined : { words: asked, request: undefined },
  );
  return (
    <main className="whole">
      <div className="card stack join">
        {standing === undefined ? (
          <AskForm {...{ host, name, onBack }} onName={setName} onAsked={setStanding} />
        ) : (
          <Waiting {...{ host, name, onBack, onJoined }} asked={standing} onAgain={() => setStanding(undefined)} />
        )}
      </div>
    </main>
  );
}

function AskForm({
  host,
  name,
  onName,
  onAsked,
  onBack,
}: {
  host: Pick<Host, 'askToJoin'>;
  name: string;
  onName: (name: string) => void;
  onAsked: (asked: Asked) => void;
  onBack: () => void;
}): ReactElement {
  const { t } = useTranslation('frame');
  const errorText = useErrorText();
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);

  async function ask(): Promise<void> {
    setTried(true);
    if (busy.current || name.trim() === '') return;
    busy.current = true;
    const answer = await host.askToJoin({ laptop: name.trim() });
    busy.current = false;
    if (answer.ok) onAsked(answer.value);
    else setProblem(errorText(answer.error));
  }

  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <h1>{t('join.title')}</h1>
      <p className="muted">{t('join.text')}</p>
      {problem !== undefined && (
        <Banner tone="stop" word={t('notDone')}>
          {problem}
        </Banner>
      )}
      <TextInput
        label={t('join.name')}
        hint={t('join.nameHint')}
        value={name}
        maxLength={80}
        autoFocus
        error={tried && name.trim() === '' ? t('join.nameMissing') : undefined}
        onChange={(event) => onName(event.target.value)}
      />
      <div className="row">
        <Button onClick={onBack}>{t('join.back')}</Button>
        <Button type="submit" variant="main" keyCap="Enter">
          {t('join.ask')}
        </Button>
      </div>
    </form>
  );
}

/** Asked, and not told yet: the three steps to the site's people, in their order. */
function Waiting({
  host,
  name,
  asked,
  onAgain,
  onBack,
  onJoined,
}: {
  host: Host;
  name: string;
  asked: Asked;
  onAgain: () => void;
  onBack: () => void;
  onJoined: () => void;
}): ReactElement {
  const { t } = useTranslation('frame');
  const request = useRequestFile(host, name, asked.request);
  return (
    <>
      <h1>{t('join.asked')}</h1>
      <ol className="join-steps">
        <li>
          <h2>{t('join.carry')}</h2>
          <div className="stack">
            <p role="status">{request.said}</p>
            <div className="row">
              <Button onClick={() => (asked.request === undefined ? onAgain() : request.save())}>
                {t('join.again')}
              </Button>
            </div>
          </div>
        </li>
        <li>
          <h2>{t('join.compare')}</h2>
          <div className="stack">
            <p>{t('join.compareText')}</p>
            <EightWords laptop={name} words={asked.words} />
          </div>
        </li>
        <li>
          <h2>{t('join.take')}</h2>
          <div className="stack">
            <p>{t('join.takeText')}</p>
            <TakeInFile
              host={host}
              main
              take={async () => {
                // Everything comes from other laptops: that this page has nothing of it yet is no news.
                noteRestored();
                const taken = await host.takeHandOver({});
                if (!taken.ok) forgetRestored();
                return taken;
              }}
              onTaken={onJoined}
            />
          </div>
        </li>
      </ol>
      <div className="row">
        <Button variant="quiet" onClick={onBack}>
          {t('join.back')}
        </Button>
      </div>
    </>
  );
}

/** Saves a request where the person chooses: at once when it was only just made, and again when asked to. */
function useRequestFile(
  host: Pick<Host, 'saveFile'>,
  laptop: string,
  text: string | undefined,
): { said: string; save: () => void } {
  const { t } = useTranslation('frame');
  const errorText = useErrorText();
  const [said, setSaid] = useState<string>();
  const offered = useRef<string>(undefined);

  async function save(request: string): Promise<void> {
    const part = laptop
      .trim()
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .slice(0, 40);
    const saved = await host.saveFile({ suggestedName: `tallybook-request-${part}.json`, text: request });
    if (!saved.ok) return setSaid(errorText(saved.error));
    if (saved.value.outcome === 'saved') setSaid(t('join.saved'));
  }

  useEffect(() => {
    if (text === undefined || offered.current === text) return;
    offered.current = text;
    void save(text);
    // oxlint-disable-next-line react/exhaustive-deps -- offered once for each request
  }, [text]);

  return {
    said: said ?? (text === undefined ? '' : t('join.notSaved')),
    save: () => {
      if (text !== undefined) void save(text);
    },
  };
}
