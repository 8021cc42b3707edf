declare module 'pouchdb-core' {
  type Change<Doc> = { readonly id: string; readonly doc?: Doc };
  type Feed<Doc> = { on(event: 'change', listener: (change: Change<Doc>) => void): Feed<Doc>; cancel(): void };
  export default class PouchDB<Doc extends object> {
    static plugin(plugin: unknown): typeof PouchDB;
    constructor(name: string, options: { adapter: string });
    put(doc: Doc & { _id: string }): Promise<unknown>;
    bulkDocs(docs: readonly (Doc & { _id: string })[]): Promise<unknown>;
    changes(options: { since: 'now'; live: true; include_docs: true }): Feed<Doc>;
  }
}
declare module 'pouchdb-adapter-idb' {
  const plugin: unknown;
  export default plugin;
}
