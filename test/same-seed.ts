import { configureGlobal } from 'fast-check';

/**
 * Property tests try the same cases in every run, so that a run says something about the change and not about chance.
 * `TALLYBOOK_SEED` tries others: a number, which a failure prints.
 */
configureGlobal({ seed: Number(process.env['TALLYBOOK_SEED'] ?? 20_261_122) });
