import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { ask } from './ask.ts';
import {
  dateCondition,
  numberCondition,
  searchFields,
  textCondition,
  type Comparison,
  type Condition,
  type DateTest,
  type NumberTest,
} from './conditions.ts';
import { levelsSchema, type LevelRow } from './schemas.ts';
import type { DecoSite } from './site.ts';

/** The fields of the sister API by their numbers (contracts: inventory events 5). */
const FIELDS = { code: 1, name: 2, supplier: 3, product: 4, modified: 5, inventory: 6, on: 7 } as const;

export type LevelCondition =
  | { readonly field: 'code' | 'name' | 'supplier'; readonly is: Comparison; readonly text: string }
  | ({ readonly field: 'product' | 'inventory' } & NumberTest)
  | ({ readonly field: 'modified' } & DateTest)
  | { readonly field: 'on'; readonly is: '==' | '!='; readonly on: boolean };

export type LevelSearch = {
  readonly where: readonly [LevelCondition, ...LevelCondition[]];
  readonly limit?: number;
  readonly offset?: number;
};

/** What the site holds of one SKU now. `level` null: no stock is kept of it, which is not zero. */
export type Level = {
  readonly sku: string;
  readonly name: string;
  readonly stockCode?: string;
  readonly on: boolean;
  readonly level: string | null;
  readonly modifiedAt?: string;
};
export type LevelPage = { readonly levels: readonly Level[]; readonly total: number };

/** Finds SKUs with their stock in the sister API "Inventory Management", which the vendor calls beta. */
export async function findLevels(site: DecoSite, search: LevelSearch): Promise<Result<LevelPage, RemoteError>> {
  const { where, ...paging } = search;
  const fields = searchFields({ all: where.map(conditionOf) }, paging);
  const answer = await ask(site, '/api/json/manage_inventory/find', fields, levelsSchema);
  if (!answer.ok) return answer;
  if (answer.value === null) return ok({ levels: [], total: 0 });
  return ok({ levels: (answer.value.inventories ?? []).map(levelOf), total: answer.value.total });
}

function conditionOf(condition: LevelCondition): Condition {
  const field = FIELDS[condition.field];
  switch (condition.field) {
    case 'code':
    case 'name':
    case 'supplier':
      return textCondition(field, condition);
    case 'product':
    case 'inventory':
      return numberCondition(field, condition);
    case 'modified':
      return dateCondition(field, condition);
    case 'on':
      return numberCondition(field, { is: condition.is, number: condition.on ? 1 : 0 });
  }
}

function levelOf(row: LevelRow): Level {
  const on = row.inv_on ?? true;
  const words = [row.product_name || row.product_code, row.product_color?.name, row.product_size?.name];
  const name = words.filter((word) => typeof word === 'string' && word !== '').join(', ');
  return {
    sku: row.dn_sku_id,
    name: name || row.sku || row.dn_sku_id,
    on,
    level: on ? (row.inv_lvl ?? null) : null,
    ...(row.sku ? { stockCode: row.sku } : {}),
    ...(row.inv_last_modified == null ? {} : { modifiedAt: row.inv_last_modified }),
  };
}
