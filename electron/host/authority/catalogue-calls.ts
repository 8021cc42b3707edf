import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../../../shared/domain/result.ts';
import type { Host, Mended } from '../../../shared/ports/host.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import type { Ledger } from './ledger.ts';

type CatalogueCalls = Pick<
  Host,
  | 'beginCatalogueFile'
  | 'appendCatalogueRows'
  | 'sealCatalogueFile'
  | 'discardCatalogueFile'
  | 'readCatalogueFile'
  | 'readSample'
>;
type CatalogueCallsOptions = {
  files: CatalogueFiles;
  ledger: Pick<Ledger, 'state'>;
  /** Holds items.csv, bins.csv and stock.csv. */
  samplesFolder: string;
  onMended: (mended: Mended) => void;
};

const SAMPLES = { items: 'items.csv', bins: 'bins.csv', stock: 'stock.csv' } as const;

/** The calls about lists of items and bins, and the sample. */
export function createCatalogueCalls({
  files,
  ledger,
  samplesFolder,
  onMended,
}: CatalogueCallsOptions): CatalogueCalls {
  return {
    beginCatalogueFile: () => files.begin(),
    appendCatalogueRows: (input) => files.append(input.file, input.lines, input.rows),
    sealCatalogueFile: (input) => files.seal(input.file),
    discardCatalogueFile: (input) => files.discard(input.file),
    async readCatalogueFile(input) {
      const read = await files.read(input.sha256, input.offset);
      const { items, bins } = ledger.state().catalogues;
      const isNamed = [...items, ...bins].includes(input.sha256);
      if (!read.ok && read.error.code === 'not_found' && isNamed) onMended({ file: 'catalogue', what: 'lost' });
      return read;
    },
    async readSample(input) {
      const name = SAMPLES[input.what];
      try {
        return ok({ text: await readFile(join(samplesFolder, name), 'utf8'), name });
      } catch {
        return err({ code: 'not_found', what: 'sample' });
      }
    },
  };
}
