import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Host, Team } from '../../shared/ports/host.ts';
import { readRequest, requestCode } from '../../shared/team/request.ts';
import { EightWords } from '../features/team/eight-words.tsx';
import { TakeInFile } from '../features/team/take-in.tsx';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { Banner } from '../ui/states.tsx';
import { useErrorText } from '../ui/use-error-text.ts';
import { forgetRestored, noteRestored } from './restored.ts';

type Asked = NonNullable<Team['asked']>;

type JoinSiteProps = {
  host: Host;
  /** As it is called until a site gives it a name. */
  laptop: string;
  /** It has asked already. */
  asked: Team['asked'];
  onBack: () => void;
  /** The site's file is taken: there are people now. */
  onJoined: () => void;
};

/** A new laptop joins a site: its name, a request for an admin, the words that both compare, and the site's file. */
export function JoinSite({ host, laptop, asked, onBack, onJoined }: JoinSiteProps): ReactElement {
  const [name, setName] = useState(laptop);
  const [standing, setStanding] = useState(asked);
  return (
    <main className="whole">
      <div className="card stack join">
        {standing === null ? (
          <AskForm {...{ host, name, onBack }} onName={setName} onAsked={setStanding} />
        ) : (
          <Waiting {...{ host, onBack, onJoined }} asked={standing} />
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
  asked,
  onBack,
  onJoined,
}: {
  host: Host;
  asked: Asked;
  onBack: () => void;
  onJoined: () => void;
}): ReactElement {
  const { t } = useTranslation('frame');
  const request = readRequest(asked.request);
  const name = request?.name ?? '';
  const file = useRequestFile(host, name, asked.request);
  return (
    <>
      <h1>{t('join.asked')}</h1>
      <ol className="join-steps">
        <li>
          <h2>{t('join.carry')}</h2>
          <div className="join-carry">
            {request !== null && <QrCode text={requestCode(request)} label={t('join.code', { name })} />}
            <div className="stack">
              <p>{t('join.scan')}</p>
              <p>{t('join.orFile')}</p>
              <div className="row">
                <Button onClick={file.save}>{t('join.save')}</Button>
              </div>
              <p role="status">{file.said}</p>
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

/** Saves a request where the person chooses. */
function useRequestFile(
  host: Pick<Host, 'saveFile'>,
  laptop: string,
  request: string,
): { said: string; save: () => void } {
  const { t } = useTranslation('frame');
  const errorText = useErrorText();
  const [said, setSaid] = useState('');

  async function save(): Promise<void> {
    const part = laptop.replaceAll(/[^\p{L}\p{N}]+/gu, '-').slice(0, 40);
    const saved = await host.saveFile({ suggestedName: `tallybook-request-${part}.json`, text: request });
    if (!saved.ok) return setSaid(errorText(saved.error));
    if (saved.value.outcome === 'saved') setSaid(t('join.saved'));
  }

  return { said, save: () => void save() };
}
