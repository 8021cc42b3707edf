/** Heads of a column that says what is in use. */
export const ACTIVE_WORDS: readonly string[] = [
  'active',
  'is active',
  'in use',
  'enabled',
  'status',
  'item status',
  'product status',
  'aktiv',
  'in verwendung',
  'actif',
  'statut',
  'attivo',
  'stato',
  'activo',
  'estado',
];

/** Heads of a column that says what is out of use. */
export const ARCHIVED_WORDS: readonly string[] = [
  'archived',
  'is archived',
  'inactive',
  'retired',
  'discontinued',
  'disabled',
  'deleted',
  'out of use',
  'archiviert',
  'inaktiv',
  'ausgelistet',
  'gesperrt',
  'archive',
  'archiviato',
  'archivado',
];
