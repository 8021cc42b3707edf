import type { Page } from '@playwright/test';
import { startSquareSandbox, type SquareSandbox } from '../../sandbox/square/square-sandbox.ts';
import { forgetProfile, newProfile, startApp, type TallybookApp } from '../tallybook-app.ts';
import { squareWorld } from './square-world.ts';
import type { Warehouse } from './warehouse.ts';

/** The screen of a small laptop at the shelf. */
export const LAPTOP = { width: 1366, height: 768 } as const;

/** The app on one profile over several starts, beside a Square of its own. */
export type Stage = {
  page(): Page;
  readonly profile: string;
  readonly square: SquareSandbox;
  /** Ends the app as a power switch would and starts it again. */
  killAndStart(): Promise<void>;
  /** Ends the app as a power switch would. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Closes everything and forgets the profile. */
  close(): Promise<void>;
};

export async function openStage(warehouse: Warehouse): Promise<Stage> {
  const profile = newProfile();
  const square = await startSquareSandbox(squareWorld(warehouse));
  let running: TallybookApp | undefined = await startLaptop(profile);

  async function start(): Promise<void> {
    running = await startLaptop(profile);
  }
  async function kill(): Promise<void> {
    await running?.kill();
    running = undefined;
  }
  return {
    profile,
    square,
    page() {
      if (running === undefined) throw new Error('The app is not running');
      return running.page;
    },
    start,
    kill,
    async killAndStart() {
      await kill();
      await start();
    },
    async close() {
      await running?.close();
      await square.close();
      forgetProfile(profile);
    },
  };
}

async function startLaptop(profile: string): Promise<TallybookApp> {
  const started = await startApp(profile);
  await started.app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, LAPTOP);
  return started;
}
