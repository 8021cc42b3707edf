import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectorCard } from '../../../../shared/ports/host.ts';
import { remotes } from '../../../../shared/remotes/remotes.ts';
import { abilityWords } from '../../../../renderer/features/send/ability-words.ts';
import {
  askedFields,
  fieldValue,
  filledIn,
  missingFields,
  type FormField,
} from '../../../../renderer/features/send/form-values.ts';
import { LANGUAGES, startTexts } from '../../../../renderer/texts/texts.ts';

const ABILITIES: ConnectorCard['abilities'] = {
  absoluteCounts: true,
  backDatingMs: 24 * 3_600_000,
  maxLinesPerRequest: 100,
  maxPrecision: 5,
  idempotencyKeys: true,
  readBack: 'reference',
  binLevel: false,
  readOnly: false,
  tracking: false,
  createsLocations: false,
  movements: false,
  files: false,
  pace: { requests: 10, perMs: 1000 },
};
const words = (abilities: Partial<ConnectorCard['abilities']>, maxLinesPerFile?: number) =>
  abilityWords({
    abilities: { ...ABILITIES, ...abilities },
    ...(maxLinesPerFile !== undefined && { maxLinesPerFile }),
  });

const anyAbilities = fc.record({
  absoluteCounts: fc.boolean(),
  backDatingMs: fc.nat({ max: 90_000_000 }),
  maxLinesPerRequest: fc.integer({ min: 1, max: 10_000 }),
  maxPrecision: fc.nat({ max: 5 }),
  idempotencyKeys: fc.boolean(),
  readBack: fc.constantFrom('reference', 'figures', 'none'),
  binLevel: fc.boolean(),
  readOnly: fc.boolean(),
  tracking: fc.boolean(),
  createsLocations: fc.boolean(),
  movements: fc.boolean(),
  files: fc.boolean(),
  pace: fc.record({ requests: fc.integer({ min: 1, max: 5000 }), perMs: fc.integer({ min: 1, max: 600_000 }) }),
});

describe('what a remote can do, in words', () => {
  test('U200 every ability changes what is said', () => {
    const said = (of: Partial<ConnectorCard['abilities']>) => JSON.stringify(words(of));
    const usual = said({});
    const others: readonly Partial<ConnectorCard['abilities']>[] = [
      { absoluteCounts: false },
      { backDatingMs: 0 },
      { maxLinesPerRequest: 1 },
      { maxPrecision: 0 },
      { idempotencyKeys: false },
      { binLevel: true },
      { readOnly: true },
      { tracking: true },
      { createsLocations: true },
      { movements: true },
      { files: true },
      { pace: { requests: 1, perMs: 60_000 } },
    ];
    for (const other of others) expect([other, said(other) === usual]).toEqual([other, false]);
    const readBacks = (['reference', 'figures', 'none'] as const).map((readBack) =>
      said({ idempotencyKeys: false, readBack }),
    );
    expect(new Set(readBacks).size).toBe(3);
    expect(words({ files: true }, 500)).toContainEqual({ can: true, word: 'filesUpTo', values: { count: 500 } });
  });

  test('U201 whatever a remote can do, every word of it is a sentence in every language', async () => {
    for (const language of LANGUAGES) {
      const texts = await startTexts(language);
      fc.assert(
        fc.property(anyAbilities, fc.option(fc.integer({ min: 1 }), { nil: undefined }), (abilities, most) => {
          for (const { word, values } of words(abilities, most)) {
            const text = texts.t(`send:ability.${word}`, { ...values });
            expect([word, text === `ability.${word}`, text.includes('{{')]).toEqual([word, false, false]);
          }
        }),
      );
    }
  });

  test('U202 every field, choice and reason of every connector has its words in every language', async () => {
    const wanted = remotes.flatMap(({ id, fields, reasons }) => [
      ...fields.flatMap(({ name, choices = [] }) => [
        `send:field.${id}.${name}`,
        ...choices.map((choice) => `send:choice.${id}.${choice}`),
      ]),
      ...(typeof reasons === 'string' ? [] : reasons.map((word) => `mapping:word.${id}.${word}`)),
    ]);
    expect(wanted.length).toBeGreaterThan(0);
    for (const language of LANGUAGES) {
      const texts = await startTexts(language);
      const missing = wanted.filter((key) => !texts.exists(key, { lng: language, fallbackLng: [] }));
      expect([language, missing]).toEqual([language, []]);
    }
  });
});

const text: FormField = {
  name: 'address',
  label: 'Address',
  secret: false,
  required: true,
  initial: 'https://a.example',
};
const secret: FormField = { name: 'token', label: 'Token', secret: true, required: true };
const choice: FormField = { name: 'kind', label: 'Kind', secret: false, required: true, choices: ['key', 'sign-in'] };
const free: FormField = { name: 'note', label: 'Note', secret: false, required: false };

describe("a connection's form", () => {
  test('U203 a new form starts with what the connector proposes; a choice that must be made starts with its first', () => {
    expect([text, secret, choice, free].map((field) => fieldValue(field, {}, true))).toEqual([
      'https://a.example',
      '',
      'key',
      '',
    ]);
    expect(fieldValue(text, { address: '' }, true)).toBe('');
  });

  test('U204 a stored secret may stay: an empty field is no mistake then and overwrites nothing', () => {
    const fields = [text, secret, choice, free];
    expect(missingFields(fields, { address: ' ' }, true).map(({ name }) => name)).toEqual(['address', 'token']);
    expect(missingFields(fields, { address: 'x' }, false)).toEqual([]);
    expect(filledIn(fields, { address: ' https://b.example ', token: '' }, false)).toEqual({
      settings: { address: 'https://b.example', kind: 'key' },
      secrets: {},
    });
    expect(filledIn(fields, { token: 't', stray: 'x' }, true).secrets).toEqual({ token: 't' });
  });

  test('U243 a field is asked for only where it goes with what is chosen in another', () => {
    const byKey: FormField = { ...secret, only: { field: 'kind', is: 'key' } };
    const bySignIn: FormField = { ...text, name: 'app', required: true, only: { field: 'kind', is: 'sign-in' } };
    const fields = [choice, byKey, bySignIn];
    const asked = (values: Record<string, string>) => askedFields(fields, values, true).map(({ name }) => name);
    expect(asked({})).toEqual(['kind', 'token']);
    expect(asked({ kind: 'sign-in' })).toEqual(['kind', 'app']);
  });
});
