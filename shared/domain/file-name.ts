/** A file name out of what people call things: parts joined by "-", nothing that a file system refuses, of bearable length. */
export function fileName(parts: readonly string[], extension: string): string {
  const name = parts
    .map((part) =>
      part
        .normalize('NFC')
        // oxlint-disable-next-line no-control-regex -- control characters are what must go
        .replaceAll(/[\u0000-\u001F<>:"/\\|?*]+/g, ' ')
        .trim()
        .replaceAll(/\s+/g, '-')
        .slice(0, 60),
    )
    .filter((part) => part !== '' && !/^\.+$/.test(part))
    .join('-');
  return `${name === '' ? 'tallybook' : name}.${extension}`;
}
