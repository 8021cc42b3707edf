/** Writing and listing Electron's archive format: one JSON index, then the files end to end. */

/**
 * An asar archive of a few flat files.
 *
 * @param {Record<string, string | Buffer>} files name → content
 * @returns {Buffer}
 */
export function packAsar(files) {
  const bodies = Object.values(files).map((content) => Buffer.from(content));
  let offset = 0;
  const index = Object.keys(files).map((name, at) => {
    const size = bodies[at]?.length ?? 0;
    const entry = [name, { size, offset: String(offset) }];
    offset += size;
    return entry;
  });
  const json = Buffer.from(JSON.stringify({ files: Object.fromEntries(index) }));
  const padding = Buffer.alloc((4 - (json.length % 4)) % 4);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(4, 0);
  header.writeUInt32LE(8 + json.length + padding.length, 4);
  header.writeUInt32LE(4 + json.length + padding.length, 8);
  header.writeUInt32LE(json.length, 12);
  return Buffer.concat([header, json, padding, ...bodies]);
}

/**
 * The paths of all files in an asar archive, in the archive's order, with forward slashes.
 *
 * @param {Buffer} archive
 * @returns {string[]}
 */
export function listAsar(archive) {
  const length = archive.readUInt32LE(12);
  const header = JSON.parse(archive.toString('utf8', 16, 16 + length));
  /** @param {{ files: Record<string, object> }} folder @param {string} prefix @returns {string[]} */
  const walk = (folder, prefix) =>
    Object.entries(folder.files).flatMap(([name, entry]) =>
      'files' in entry ? walk(/** @type {typeof folder} */ (entry), `${prefix}${name}/`) : [`${prefix}${name}`],
    );
  return walk(header, '');
}
