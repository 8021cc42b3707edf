export type SquareErrorBody = { category: string; code: string; detail?: string; field?: string };
export type Refusal = { readonly status: number; readonly errors: readonly SquareErrorBody[] };

/** One refusal in Square's words; the category follows from the status. */
export function refuse(status: number, code: string, detail: string, field?: string): Refusal {
  return { status, errors: [errorBody(status, code, detail, field)] };
}

export function errorBody(status: number, code: string, detail: string, field?: string): SquareErrorBody {
  return { category: categoryOf(status), code, detail, ...(field === undefined ? {} : { field }) };
}

function categoryOf(status: number): string {
  if (status === 401 || status === 403) return 'AUTHENTICATION_ERROR';
  if (status === 429) return 'RATE_LIMIT_ERROR';
  return status >= 500 || status === 408 ? 'API_ERROR' : 'INVALID_REQUEST_ERROR';
}

/** The code that goes with a bare status, for faults. */
export function codeOf(status: number): string {
  const codes: Readonly<Record<number, string>> = {
    400: 'BAD_REQUEST',
    401: 'UNAUTHORIZED',
    403: 'FORBIDDEN',
    404: 'NOT_FOUND',
    408: 'REQUEST_TIMEOUT',
    409: 'CONFLICT',
    413: 'REQUEST_ENTITY_TOO_LARGE',
    429: 'RATE_LIMITED',
    502: 'BAD_GATEWAY',
    503: 'SERVICE_UNAVAILABLE',
    504: 'GATEWAY_TIMEOUT',
  };
  return codes[status] ?? 'INTERNAL_SERVER_ERROR';
}
