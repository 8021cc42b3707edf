import type { TFunction } from 'i18next';
import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { hasRole, type Person } from '../../../shared/domain/person.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button, Tag } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { useKeys } from '../../ui/use-keys.ts';
import { Where } from '../../ui/where.tsx';
import { LongPins } from './long-pins.tsx';
import { PersonForm } from './person-form.tsx';
import { RecoveryDialog } from './recovery-dialog.tsx';
import './people.css';

/** /settings/people: who may do what on this laptop. Only an admin changes it. */
export function PeopleScreen(): ReactElement {
  const { t, i18n } = useTranslation('people');
  const { people, person } = useTallybook();
  const [active, setActive] = useState<string>();
  const [editing, setEditing] = useState<Person | 'new'>();
  const [recovery, setRecovery] = useState(false);
  const mayChange = hasRole(person, ['admin']);
  useKeys(mayChange ? [{ key: 'N', label: t('new'), run: () => setEditing('new') }] : []);
  const sorted = people.toSorted(
    (left, right) => Number(right.active) - Number(left.active) || left.name.localeCompare(right.name, i18n.language),
  );
  return (
    <div className="page">
      <Where
        title={t('title')}
        sub={mayChange ? undefined : t('onlyAdmins')}
        right={
          <>
            <Link className="button quiet compact" href="/settings">
              {t('back')}
            </Link>
            {mayChange && (
              <Button compact onClick={() => setRecovery(true)}>
                {t('recovery')}
              </Button>
            )}
            {mayChange && (
              <Button variant="main" compact keyCap="N" onClick={() => setEditing('new')}>
                {t('new')}
              </Button>
            )}
          </>
        }
      />
      <DataGrid
        label={t('label')}
        columns={peopleColumns({
          t,
          language: i18n.language,
          me: person.id,
          onEdit: mayChange ? setEditing : undefined,
        })}
        rows={sorted}
        rowKey={({ id }) => id}
        active={active ?? sorted[0]?.id}
        onActive={setActive}
        {...(mayChange && { onOpen: setEditing })}
        rowTestId="person-row"
        rowHeight={44}
        autoFocus
      />
      <p className="people-note muted small">{t('form.fourEyes')}</p>
      {mayChange && <LongPins />}
      {recovery && <RecoveryDialog onClose={() => setRecovery(false)} />}
      {editing !== undefined && (
        <PersonForm person={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </div>
  );
}

type Look = { t: TFunction<'people'>; language: string; me: string; onEdit: ((person: Person) => void) | undefined };

function peopleColumns({ t, language, me, onEdit }: Look): readonly Column<Person>[] {
  const list = new Intl.ListFormat(language, { type: 'unit' });
  return [
    {
      id: 'name',
      header: t('name'),
      width: 'minmax(200px, 1fr)',
      cell: (person) => (
        <>
          <b>{person.name}</b> {person.id === me && <span className="muted">{t('you')}</span>}
        </>
      ),
    },
    {
      id: 'roles',
      header: t('roles'),
      width: 'minmax(220px, 2fr)',
      cell: ({ roles }) => list.format(roles.map((role) => t(`role.${role}`))),
    },
    {
      id: 'state',
      header: t('state'),
      width: '140px',
      cell: ({ active }) => <Tag tone={active ? 'ok' : 'plain'}>{active ? t('active') : t('inactive')}</Tag>,
    },
    ...(onEdit
      ? [
          {
            id: 'edit',
            header: '',
            width: '130px' as const,
            cell: (person: Person) => (
              <Button
                compact
                variant="quiet"
                tabIndex={-1}
                aria-label={t('editPerson', { name: person.name })}
                onClick={() => onEdit(person)}
              >
                {t('edit')}
              </Button>
            ),
          },
        ]
      : []),
  ];
}
