import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { hasRole } from '../../../shared/domain/person.ts';
import type { Laptop, Team } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { DataGrid } from '../../ui/data-grid.tsx';
import { useFormats } from '../../ui/format.ts';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { EnrolDialog } from './enrol-dialog.tsx';
import { FoundSite } from './found-site.tsx';
import { HandOverSection } from './hand-over.tsx';
import { laptopColumns, mayBeRevoked } from './laptop-columns.tsx';
import { sendsOf, silentLaptops, sortLaptops } from './laptop-rows.ts';
import { OldServerFolder } from './old-server-folder.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { RevokeDialog } from './revoke-dialog.tsx';
import { SharedFolder } from './shared-folder.tsx';
import { SiteServerSection } from './site-server.tsx';
import './team.css';

/** /laptops: the laptops that count together, what is known of each, and handing over between them. */
export function TeamScreen(): ReactElement {
  const { t } = useTranslation('team');
  const { person } = useTallybook();
  const errorText = useErrorText();
  const { team, givenAt, problem, exchange, server, ask } = useTeam();
  const [enrolling, setEnrolling] = useState(false);
  const isAdmin = hasRole(person, ['admin']);
  // What a laptop that counts says about others would count nowhere.
  const mayChange = isAdmin && team?.here === 'supervising';
  const isOne = team?.here === 'counting' || team?.here === 'supervising';
  useKeys(mayChange ? [{ key: 'E', label: t('enrol.open'), run: () => setEnrolling(true) }] : []);

  // What laptops say of themselves alone comes in without a word to the page: each look asks anew.
  const lookedAt = `${exchange?.lastAt} ${server?.lastAt}`;
  const askedAt = useRef<string>(undefined);
  useEffect(() => {
    if (askedAt.current === lookedAt) return;
    askedAt.current = lookedAt;
    void ask();
  }, [ask, lookedAt]);

  return (
    <div className="page team">
      <Where
        title={t('title')}
        sub={team?.site?.name}
        right={
          mayChange && (
            <Button compact keyCap="E" onClick={() => setEnrolling(true)}>
              {t('enrol.open')}
            </Button>
          )
        }
      />
      {problem !== undefined && (
        <div className="team-said">
          <Banner tone="stop" word={t('title')}>
            {errorText(problem)}
          </Banner>
        </div>
      )}
      {team !== undefined && team.site === null && <FoundSite mayFound={isAdmin} />}
      {team !== undefined && team.site !== null && (
        <>
          <Said team={team} now={givenAt} />
          {isOne && <OldServerFolder maySave={mayChange} />}
          <Laptops laptops={team.laptops} site={team.site.name} mayChange={mayChange} now={givenAt} />
          <HandOverSection />
          {isOne && (
            <div className="team-carriers">
              <SharedFolder />
              <SiteServerSection mayServe={mayChange} />
            </div>
          )}
        </>
      )}
      {enrolling && <EnrolDialog onClose={() => setEnrolling(false)} />}
    </div>
  );
}

/** What has to be known before any figure is relied on: this laptop revoked, names put under what they did not sign, silence. */
function Said({ team, now }: { team: Team; now: string }): ReactElement | null {
  const { t } = useTranslation('team');
  const formats = useFormats();
  const silent = silentLaptops(team.laptops, now);
  const unsigned = team.laptops.filter((laptop) => laptop.unsigned > 0);
  const forked = team.laptops.filter((laptop) => laptop.forkedAt !== null);
  if (team.here !== 'revoked' && silent.length + unsigned.length + forked.length === 0) return null;
  return (
    <div className="team-said stack">
      {team.here === 'revoked' && (
        <Banner tone="stop" word={t('revokedHere.word')}>
          {t('revokedHere.text')}
        </Banner>
      )}
      {unsigned.length > 0 && (
        <Banner tone="stop" word={t('unsigned.word')}>
          {unsigned.map(({ laptop, name, unsigned: count }) => (
            <p key={laptop} data-testid="unsigned-laptop">
              {t('unsigned.text', { count, name, number: formats.whole(count) })}
            </p>
          ))}
        </Banner>
      )}
      {forked.length > 0 && (
        <Banner tone="stop" word={t('forked.word')}>
          {forked.map(({ laptop, name, forkedAt }) => (
            <p key={laptop} data-testid="forked-laptop">
              {t('forked.text', { name, from: formats.whole(forkedAt ?? 0) })}
            </p>
          ))}
        </Banner>
      )}
      {silent.length > 0 && (
        <Banner tone="attention" word={t('silent.word')}>
          {silent.map(({ laptop, name, heardAt }) => (
            <p key={laptop} data-testid="silent-laptop">
              {t('silent.text', { name, when: formats.moment(heardAt, now) })}
            </p>
          ))}
        </Banner>
      )}
    </div>
  );
}

function Laptops({
  laptops,
  site,
  mayChange,
  now,
}: {
  laptops: readonly Laptop[];
  site: string;
  mayChange: boolean;
  now: string;
}): ReactElement {
  const { t, i18n } = useTranslation('team');
  const formats = useFormats();
  const [standsOn, setStandsOn] = useState<string>();
  const [renaming, setRenaming] = useState<Laptop>();
  const [revoking, setRevoking] = useState<Laptop>();
  const rows = sortLaptops(laptops, i18n.language);
  const active = rows.find(({ laptop }) => laptop === standsOn) ?? rows[0];
  const acts = mayChange ? { rename: setRenaming, revoke: setRevoking } : undefined;
  useKeys(
    mayChange && active !== undefined
      ? [
          { key: 'R', label: t('list.rename'), run: () => setRenaming(active) },
          { key: 'V', label: t('list.revoke'), run: () => mayBeRevoked(active) && setRevoking(active) },
        ]
      : [],
  );
  return (
    <>
      <h2 className="unseen">{t('list.title', { site })}</h2>
      <DataGrid
        label={t('list.title', { site })}
        columns={laptopColumns(t, formats, { acts, sends: useLedger(sendsOf), now })}
        rows={rows}
        rowKey={({ laptop }) => laptop}
        active={active?.laptop}
        onActive={setStandsOn}
        {...(mayChange && { onOpen: setRenaming })}
        rowTestId="laptop-row"
        rowHeight={44}
      />
      {renaming !== undefined && <RenameDialog laptop={renaming} onClose={() => setRenaming(undefined)} />}
      {revoking !== undefined && <RevokeDialog laptop={revoking} onClose={() => setRevoking(undefined)} />}
    </>
  );
}
