/**
 * Switches of Chromium and Node that give somebody outside the page, its debugger, or another program inside the app. One
 * that Electron sets by itself (`allow-file-access-from-files`) must not be among them: then no installed app would start.
 */
export const FOREIGN_SWITCHES: readonly string[] = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'remote-debugging-targets',
  'remote-allow-origins',
  'auto-open-devtools-for-tabs',
  'inspect',
  'inspect-brk',
  'inspect-port',
  'js-flags',
  'load-extension',
  'disable-web-security',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
  'host-rules',
  'host-resolver-rules',
  'ignore-certificate-errors',
];

/** The first switch that an installed app is not started with; what developers drive is not installed. */
export function refusedSwitch(isPackaged: boolean, hasSwitch: (name: string) => boolean): string | undefined {
  return isPackaged ? FOREIGN_SWITCHES.find((name) => hasSwitch(name)) : undefined;
}
