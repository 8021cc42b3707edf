import { refuse } from './refusal.ts';

export type PageArgs = {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
  readonly sort?: string | null;
};

/** Rows when nobody says how many (contracts: ShipHero 3). */
export const PAGE_ROWS = 100;

export type Connection<Row> = {
  readonly pageInfo: object;
  readonly edges: readonly { readonly node: Row; readonly cursor: string }[];
};

/** One page of a Relay connection. `sort`: a member's name, with '-' before it for descending. */
export function connection<Row extends object>(rows: readonly Row[], args: PageArgs): Connection<Row> {
  const sorted = args.sort ? sortBy(rows, args.sort) : rows;
  const from = args.after ? placeOf(args.after) + 1 : 0;
  const to = args.before ? placeOf(args.before) : sorted.length;
  const count = args.first ?? args.last ?? PAGE_ROWS;
  if (count < 0) refuse('invalid', 'first and last cannot be negative');
  const start = args.first == null && args.last != null ? Math.max(from, to - count) : from;
  const end = Math.min(to, start + count);
  const edges = sorted.slice(start, end).map((node, at) => ({ node, cursor: cursorOf(start + at) }));
  return {
    pageInfo: {
      hasNextPage: end < to,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    edges,
  };
}

function cursorOf(place: number): string {
  return Buffer.from(`arrayconnection:${place}`).toString('base64');
}

function placeOf(cursor: string): number {
  const place = /^arrayconnection:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1];
  return place === undefined ? refuse('invalid', 'Invalid cursor') : Number(place);
}

function sortBy<Row extends object>(rows: readonly Row[], sort: string): Row[] {
  const name = sort.replace(/^-/, '');
  const sign = sort.startsWith('-') ? -1 : 1;
  const value = (row: Row): unknown => Reflect.get(row, name);
  return rows.toSorted((left, right) => {
    const [one, other] = [value(left), value(right)];
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
    return sign * textOf(one).localeCompare(textOf(other), 'en');
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
