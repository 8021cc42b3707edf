/**
 * A world of one system: `clock`, `tokens` and the system's own member. Where that member is missing, the system's
 * members stand flat at the top. What is no object comes back as it is, for the schema to refuse.
 */
export function worldOf(system: string, world: unknown): unknown {
  if (typeof world !== 'object' || world === null || Array.isArray(world) || Object.hasOwn(world, system)) return world;
  const { clock, tokens, ...flat }: { clock?: unknown; tokens?: unknown } = world;
  return {
    ...(clock === undefined ? {} : { clock }),
    ...(tokens === undefined ? {} : { tokens }),
    [system]: flat,
  };
}
