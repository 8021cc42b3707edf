import type { Namespace, ParseKeys, TFunction, TOptions } from 'i18next';
import type catalogue from './en/catalogue.json';
import type count from './en/count.json';
import type errors from './en/errors.json';
import type frame from './en/frame.json';
import type mapping from './en/mapping.json';
import type move from './en/move.json';
import type people from './en/people.json';
import type review from './en/review.json';
import type send from './en/send.json';
import type settings from './en/settings.json';
import type signin from './en/signin.json';
import type stocktakes from './en/stocktakes.json';
import type team from './en/team.json';
import type ui from './en/ui.json';

/** The English texts, namespace by namespace: a key that is not among them does not compile. */
type English = {
  catalogue: typeof catalogue;
  count: typeof count;
  errors: typeof errors;
  frame: typeof frame;
  mapping: typeof mapping;
  move: typeof move;
  people: typeof people;
  review: typeof review;
  send: typeof send;
  settings: typeof settings;
  signin: typeof signin;
  stocktakes: typeof stocktakes;
  team: typeof team;
  ui: typeof ui;
};

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'ui';
    returnNull: false;
    // A default value makes no key of a word: `textOr` is for keys that come from outside.
    strictKeyChecks: true;
    resources: English;
  }
}

/** The keys below a key: `KeyBelow<'send', 'drift.column'>` is `'item' | 'site' | …`. */
export type KeyBelow<Ns extends keyof English, Above extends string> = ParseKeys<Ns, TOptions, Above>;

/**
 * The text of a key that comes from outside (another version's code, a remote's word); where no text has it, `otherwise`
 * as it stands.
 */
export function textOr<Ns extends Namespace>(
  t: TFunction<Ns>,
  key: string,
  otherwise: string,
  values: Readonly<Record<string, unknown>> = {},
): string {
  return (t as unknown as Untyped)(key, { ...values, defaultValue: '' }) || otherwise;
}

type Untyped = (key: string, options: Readonly<Record<string, unknown>>) => string;
