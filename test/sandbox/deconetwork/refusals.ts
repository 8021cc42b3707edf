/** A status of the site's own list (contracts: inventory events 4). */
export type Refusal = { readonly code: number; readonly severity: 'ERROR' | 'WARNING'; readonly description: string };

const error = (code: number, description: string): Refusal => ({ code, severity: 'ERROR', description });

export const WRONG_LOGIN = error(30001, 'Authentication failed');
export const NOT_ENABLED = error(31000, 'API not enabled on your site');
export const NOT_FOUND: Refusal = { code: 40004, severity: 'WARNING', description: 'Product ID Not Found' };
export const NO_CONDITIONS = error(50002, 'No conditions specified');
export const missing = (n: number, name: 'field' | 'condition') => error(50003, `Condition ${n} '${name}' is missing`);
export const badDate = (name: 'date1' | 'date2') => error(50003, `${name} is invalid`);
export const BAD_PAGE = error(50004, 'Invalid limit or offset');
export const BAD_PARAMETERS = error(50005, 'Invalid request parameters');
