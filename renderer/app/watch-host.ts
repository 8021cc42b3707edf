import type { Host } from '../../shared/ports/host.ts';

/** Whether an answer of the host is the refusal `not_signed_in`. */
function isNotSignedIn(answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('error' in answer)) return false;
  const { error } = answer;
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'not_signed_in';
}

/** The same host, with `onNotSignedIn` told of every answer that says nobody is signed in (any more). */
export function watchHost(host: Host, onNotSignedIn: () => void): Host {
  return new Proxy(host, {
    get(target, name): unknown {
      const procedure: unknown = Reflect.get(target, name);
      if (typeof procedure !== 'function') return procedure;
      return async (...input: unknown[]): Promise<unknown> => {
        const answer: unknown = await Reflect.apply(procedure, target, input);
        if (isNotSignedIn(answer)) onNotSignedIn();
        return answer;
      };
    },
  });
}
