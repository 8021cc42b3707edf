import { existsSync, readFileSync } from 'node:fs';
import {
  buildSchema,
  execute,
  GraphQLError,
  GraphQLScalarType,
  getVariableValues,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type ExecutionResult,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { priceIfRun, pricesOf, type Pricing } from './price.ts';

/** The part of ShipHero's schema that the contract holds. Instants must be readable as such. */
export const schema: GraphQLSchema = withInstants(buildSchema(readSchema()));

type Documents = Map<string, DocumentNode | readonly GraphQLError[]>;
const read: Documents = new Map();
const MOST_DOCUMENTS = 2000;

/** Parses and validates a document; the same text is read once. */
export function readDocument(text: string): DocumentNode | readonly GraphQLError[] {
  const known = read.get(text);
  if (known) return known;
  if (read.size >= MOST_DOCUMENTS) read.clear();
  const found = parseAndValidate(text);
  read.set(text, found);
  return found;
}

function parseAndValidate(text: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(text);
    const problems = validate(schema, document);
    return problems.length > 0 ? problems : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

export type Prepared = {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: { readonly [name: string]: unknown };
  /** Credits by the root field's name in the answer. */
  readonly prices: ReadonlyMap<string, number>;
  /** What `analyze` says about a root field. */
  analyzed(key: string): number;
};

/** Chooses the operation, coerces its variables and prices it; or says what is wrong. `half`: only its first fields. */
export function prepare(
  request: { query: string; variables?: unknown; operationName?: unknown },
  half = false,
): Prepared | readonly GraphQLError[] {
  const document = readDocument(request.query);
  if (!('kind' in document)) return document;
  const operations = document.definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION);
  const named = operations.find((one) => one.name?.value === request.operationName);
  const whole = named ?? (operations.length === 1 ? operations[0] : undefined);
  if (whole === undefined) return [new GraphQLError('Must provide operation name')];
  const operation = half ? firstHalf(whole) : whole;
  const input = { ...(typeof request.variables === 'object' ? request.variables : {}) };
  const values = getVariableValues(schema, operation.variableDefinitions ?? [], input);
  if (values.errors) return values.errors;
  const fragments: Record<string, FragmentDefinitionNode> = {};
  for (const one of document.definitions) if (one.kind === Kind.FRAGMENT_DEFINITION) fragments[one.name.value] = one;
  const pricing: Pricing = { fragments, variables: values.coerced };
  const prices = pricesOf(operation, rootOf(operation), pricing);
  return {
    document: half
      ? { ...document, definitions: document.definitions.map((one) => (one === whole ? operation : one)) }
      : document,
    operation,
    variables: input,
    prices,
    analyzed(key) {
      for (const one of operation.selectionSet.selections) {
        if (one.kind !== Kind.FIELD || (one.alias?.value ?? one.name.value) !== key) continue;
        const type: unknown = rootOf(operation).getFields()[one.name.value]?.type;
        return priceIfRun(one.name.value, one.selectionSet, type, pricing);
      }
      return 0;
    },
  };
}

/** Whether a document changes anything; a text that cannot be read does not. */
export function isMutation(query: string): boolean {
  const document = readDocument(query);
  return (
    'kind' in document &&
    document.definitions.some(
      (one) => one.kind === Kind.OPERATION_DEFINITION && one.operation === OperationTypeNode.MUTATION,
    )
  );
}

/** Runs what was prepared, with it as the context; the resolvers answer at once. */
export function run(prepared: Prepared, root: object): ExecutionResult {
  const { document, operation, variables } = prepared;
  const name = operation.name?.value;
  const result = execute({
    schema,
    document,
    rootValue: root,
    contextValue: prepared,
    variableValues: variables,
    ...(name === undefined ? {} : { operationName: name }),
  });
  if (result instanceof Promise) throw new Error('a resolver answered later');
  return result;
}

function rootOf(operation: OperationDefinitionNode): GraphQLObjectType {
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error('the schema has no such root');
  return root;
}

function firstHalf(operation: OperationDefinitionNode): OperationDefinitionNode {
  const { selections } = operation.selectionSet;
  const kept = selections.slice(0, Math.floor(selections.length / 2));
  return { ...operation, selectionSet: { ...operation.selectionSet, selections: kept } };
}

function withInstants(built: GraphQLSchema): GraphQLSchema {
  const instant = built.getType('ISODateTime');
  if (!(instant instanceof GraphQLScalarType)) throw new Error('the schema has no instants');
  instant.parseValue = instantOf;
  instant.parseLiteral = (node) => instantOf(node.kind === Kind.STRING ? node.value : undefined);
  return built;
}

function instantOf(value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new GraphQLError(`ISODateTime cannot represent ${JSON.stringify(value)}`);
}

/** The schema's text: beside this file, or where the repository keeps it when this file is part of a bundle. */
function readSchema(): string {
  const kept = 'test/sandbox/shiphero/schema.graphql';
  return readFileSync(existsSync(kept) ? kept : new URL('schema.graphql', import.meta.url), 'utf8');
}
