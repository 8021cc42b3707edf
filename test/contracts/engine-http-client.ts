export { sandboxHttpClient as engineHttpClient } from '../sandbox/chassis/http-client.ts';
