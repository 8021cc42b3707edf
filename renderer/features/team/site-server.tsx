import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { SiteServer } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { teamSource, useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { ServerFolderDialog } from './server-folder-dialog.tsx';

/** Ports that a server on this laptop is tried at, in this order. */
const PORTS = [4222, 14_222, 24_222] as const;

/**
 * The server that tells laptops of each other at once: run by this laptop, or joined with the file of another. `mayServe`: an
 * admin is there, on a laptop that supervises. It is one piece because each act is a few lines over one answer.
 */
export function SiteServerSection({ mayServe }: { mayServe: boolean }): ReactElement {
  const { t } = useTranslation('team');
  const { host } = useTallybook();
  const { server } = useTeam();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string>();
  const [said, setSaid] = useState<string>();
  const [isHandingOut, setHandingOut] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const busy = useRef(false);
  const isKnown = server !== null && server !== undefined;
  const isServing = isKnown && server.serving !== null;
  const offersServing = mayServe && !isServing;
  useKeys([
    ...(isServing ? [] : [{ key: 'J', label: t('server.join'), run: () => file.current?.click() }]),
    ...(offersServing ? [{ key: 'B', label: t('server.serve'), run: () => void serve() }] : []),
  ]);

  function tell(told: SiteServer | null, text?: string): void {
    teamSource(host).tellServer(told);
    setSaid(text);
    if (text !== undefined) announce(text);
  }

  /** One act at a time; `act` answers why not. */
  async function once(act: () => Promise<string | undefined>): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setProblem(undefined);
    setSaid(undefined);
    const why = await act();
    busy.current = false;
    setProblem(why);
  }

  const join = (chosen: File | undefined) =>
    once(async () => {
      if (chosen === undefined) return undefined;
      const joined = await host.joinServer({ text: chosen.size > 50_000 ? '' : await chosen.text() });
      if (!joined.ok) return errorText(joined.error);
      tell(joined.value.server);
      return undefined;
    });

  const serve = () =>
    once(async () => {
      for (const port of PORTS) {
        const served = await host.serveSite({ port });
        if (served.ok) {
          tell(served.value.server);
          return undefined;
        }
        const { error } = served;
        const isTaken = error.code === 'server_not_started' && error.why === 'port_taken';
        if (!isTaken || port === PORTS.at(-1)) return errorText(error);
      }
      return undefined;
    });

  const stop = () =>
    once(async () => {
      const stopped = await host.stopServing({});
      if (!stopped.ok) return errorText(stopped.error);
      tell(stopped.value.server, t('server.stopped'));
      return undefined;
    });

  const saveFile = () =>
    once(async () => {
      const saved = await host.saveServerFile({});
      if (!saved.ok) return errorText(saved.error);
      if (saved.value.outcome === 'saved') setSaid(t('server.saved'));
      return undefined;
    });

  const leave = () =>
    once(async () => {
      const left = await host.leaveServer({});
      if (!left.ok) return errorText(left.error);
      tell(null, t('server.left'));
      return undefined;
    });

  return (
    <section className="team-folder stack" aria-labelledby="team-server">
      <h2 id="team-server">{t('server.title')}</h2>
      {isKnown ? (
        <HowItDoes server={server} />
      ) : (
        <>
          <p>{t('server.explain')}</p>
          <p className="muted">{t('server.needs')}</p>
        </>
      )}
      <div className="row">
        {!isServing && (
          <Button compact keyCap="J" onClick={() => file.current?.click()}>
            {t('server.join')}
          </Button>
        )}
        {offersServing && (
          <Button compact keyCap="B" onClick={() => void serve()}>
            {t('server.serve')}
          </Button>
        )}
        {offersServing && (
          <Button compact variant="quiet" onClick={() => setHandingOut(true)}>
            {t('server.handOut')}
          </Button>
        )}
        {isKnown && (
          <>
            <Button compact variant={isServing ? 'plain' : 'quiet'} onClick={() => void saveFile()}>
              {t('server.fileForOthers')}
            </Button>
            <Button compact variant="quiet" onClick={() => void host.lookIntoServer({})}>
              {t('server.look')}
            </Button>
          </>
        )}
        {isServing && mayServe && (
          <Button compact variant="quiet" onClick={() => void stop()}>
            {t('server.stop')}
          </Button>
        )}
        {isKnown && !isServing && (
          <Button compact variant="quiet" onClick={() => void leave()}>
            {t('server.leave')}
          </Button>
        )}
        <input
          ref={file}
          type="file"
          hidden
          accept=".json"
          aria-label={t('server.join')}
          data-testid="server-file"
          onChange={(event) => {
            void join(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
      </div>
      {said !== undefined && <p data-testid="server-said">{said}</p>}
      {problem !== undefined && (
        <Banner tone="stop" word={t('server.word')}>
          <p data-testid="server-problem">{problem}</p>
        </Banner>
      )}
      {isHandingOut && (
        <ServerFolderDialog
          onClose={() => setHandingOut(false)}
          onDone={(told) => {
            setHandingOut(false);
            tell(told, t('server.handedOut'));
          }}
        />
      )}
    </section>
  );
}

/** Which server, whether it runs here, when it was reached, what is on its way, and what is not taken. */
function HowItDoes({ server }: { server: SiteServer }): ReactElement {
  const { t } = useTranslation('team');
  const formats = useFormats();
  const { address, serving, state, detail, lastAt, toPut, missing, refused } = server;
  const when = lastAt === null ? '' : formats.moment(lastAt);
  const isWell = state === 'reached' || state === 'waiting';
  const isBehind = state === 'reached' && (missing.length > 0 || refused.length > 0);
  const runs = serving?.state === 'serving' || serving?.state === 'starting';
  return (
    <>
      <p className="team-path" data-testid="site-server">
        {address}
      </p>
      {serving !== null && runs && (
        <p data-testid="server-serving">
          {t(`server.serving.${serving.state}`, { port: String(serving.port), detail: '' })}
        </p>
      )}
      {serving !== null && !runs && (
        <Banner tone="attention" word={t('server.word')}>
          <p data-testid="server-serving">
            {t(`server.serving.${serving.state}`, { port: String(serving.port), detail: serving.detail })}
          </p>
        </Banner>
      )}
      {isWell ? (
        <p data-testid="server-state">{t(`server.state.${isBehind ? 'behind' : state}`, { when })}</p>
      ) : (
        <Banner tone="attention" word={t('server.word')}>
          <p data-testid="server-state">{t(`server.state.${state}`, { detail })}</p>
          {lastAt !== null && <p>{t('server.lastAt', { when })}</p>}
        </Banner>
      )}
      {toPut > 0 && (
        <p className="muted" data-testid="server-to-put">
          {t('server.toPut', { count: toPut, number: formats.whole(toPut) })}
        </p>
      )}
      {missing.map(({ laptop, fromSeq }) => (
        <p key={laptop} data-testid="server-missing">
          {t('server.missing', { laptop, from: formats.whole(fromSeq) })}
        </p>
      ))}
      {refused.length > 0 && (
        <Banner tone="attention" word={t('folder.refusedWord')}>
          {refused.map(({ file, laptop, why, fromSeq }) => (
            <p key={file} data-testid="server-refused">
              {t(`server.refused.${why}`, { laptop, file, from: formats.whole(fromSeq) })}
            </p>
          ))}
        </Banner>
      )}
    </>
  );
}
