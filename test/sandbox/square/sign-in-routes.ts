import type { Access } from './access.ts';
import { answered, isRefusal, refused, type ApiAnswer, type ApiCall, type Route } from './api-call.ts';
import { refuse } from './refusals.ts';
import { MERCHANT_ID, type SignInDesk } from './sign-in.ts';
import type { World } from './world.ts';

const ALL_SCOPES = ['INVENTORY_READ', 'INVENTORY_WRITE', 'ITEMS_READ', 'ITEMS_WRITE', 'MERCHANT_PROFILE_READ'];

/** Sign-in, tokens, their status and their end (contracts: Square 4). */
export function signInRoutes(world: World, desk: SignInDesk, access: Access): readonly Route[] {
  const bare = { scope: 'none' } as const;
  return [
    { method: 'GET', path: /^\/oauth2\/authorize$/, ...bare, answer: (call) => authorize(world, desk, call) },
    { method: 'POST', path: /^\/oauth2\/token$/, ...bare, answer: ({ body }) => told(desk.obtain(body)) },
    {
      method: 'POST',
      path: /^\/oauth2\/revoke$/,
      ...bare,
      answer: ({ body, authorization }) => told(desk.revoke(body, authorization)),
    },
    {
      method: 'POST',
      path: /^\/oauth2\/token\/status$/,
      ...bare,
      answer({ authorization }) {
        const found = access.status(authorization);
        if (isRefusal(found)) return refused(found);
        return answered({
          scopes: found.scopes === 'all' ? ALL_SCOPES : found.scopes,
          expires_at: found.expiresAt === undefined ? undefined : new Date(found.expiresAt).toISOString(),
          client_id: found.application ?? 'sandbox-personal',
          merchant_id: MERCHANT_ID,
        });
      },
    },
  ];
}

/** The page on which the merchant agrees: here, at once. Without a redirect address the code is shown to be copied. */
function authorize(world: World, desk: SignInDesk, { query }: ApiCall): ApiAnswer {
  const application = desk.application(query.get('client_id') ?? '');
  if (application === undefined) return refused(refuse(400, 'BAD_REQUEST', 'No such application', 'client_id'));
  const redirect = query.get('redirect_uri') ?? undefined;
  if (redirect !== undefined && redirect !== application.redirectUrl)
    return refused(refuse(400, 'BAD_REQUEST', 'Not the redirect URL of this application', 'redirect_uri'));
  const answer = new URLSearchParams();
  if (world.square.behaviour.deniesSignIn) {
    answer.set('error', 'access_denied');
    answer.set('error_description', 'user_denied');
  } else {
    const scopes = (query.get('scope') ?? 'MERCHANT_PROFILE_READ').split(' ');
    const challenge = query.get('code_challenge') ?? undefined;
    answer.set('code', desk.makeCode({ application, scopes, challenge, redirect }));
    answer.set('response_type', 'code');
  }
  answer.set('state', query.get('state') ?? '');
  const target = redirect ?? application.redirectUrl;
  if (target !== undefined) return { status: 302, text: '', headers: { location: `${target}?${answer.toString()}` } };
  const page = `<!doctype html><p>${answer.get('code') ?? answer.get('error') ?? ''}</p>`;
  return { status: 200, text: page, headers: { 'content-type': 'text/html' } };
}

function told(value: ReturnType<SignInDesk['obtain']>): ApiAnswer {
  return isRefusal(value) ? refused(value) : answered(value);
}
