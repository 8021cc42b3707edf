import type { Sandbox } from '../chassis/sandbox.ts';
import { createSquareSandbox, type SquareControl } from './square-sandbox.ts';

/** The sandbox under the name that some tests still call it by. */
export const createSquareEngine = createSquareSandbox;
export type SquareEngine = Sandbox<SquareControl>;
