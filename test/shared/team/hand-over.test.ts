import { describe, expect, test } from 'vitest';
import {
  catalogueLine,
  chainLine,
  createHandOverReader,
  endLine,
  startLine,
  type HandOverChain,
} from '../../../shared/team/hand-over.ts';
import { headText } from '../../../shared/team/head.ts';
import { readRequest, writeRequest } from '../../../shared/team/request.ts';

const SHA = 'a'.repeat(64);
const START = {
  site: { id: SHA, name: 'Leeds' },
  from: { laptop: 'l-1', name: 'Office' },
  madeAt: '2026-11-22T08:00:00.000Z',
};
const CHAIN: HandOverChain = { device: 'l-1', from: 1, to: 2, hash: SHA, signature: 's'.repeat(86), entries: 2 };
const ROWS = ['{"sku":"Grün"}\n', '{"sku":"B"}\n'];
const CATALOGUE = { sha256: SHA, what: 'items' as const, bytes: Buffer.byteLength(ROWS.join('')) };
/** A file: two entries of one chain, a catalogue, an end. */
const FILE = [
  startLine(START),
  chainLine(CHAIN),
  // An entry is whatever stands where one must stand: here one that looks like the end.
  endLine(SHA),
  '{"second":true}\n',
  catalogueLine(CATALOGUE),
  ...ROWS,
  endLine(SHA),
];

/** What is read, line by line, to the first refusal. */
function read(lines: readonly string[]): string[] {
  const reader = createHandOverReader();
  const said: string[] = [];
  for (const line of lines) {
    const piece = reader.line(line.slice(0, -1), Buffer.byteLength(line));
    said.push(piece.ok ? piece.value.is : `refused: ${piece.error}`);
    if (!piece.ok) return said;
  }
  return [...said, `end: ${reader.finish() ?? 'whole'}`];
}

describe('the file that goes between laptops', () => {
  test('M802 what was written is read: every line is known by where it stands, never by what it says', () => {
    expect(read(FILE)).toEqual(['start', 'chain', 'entry', 'entry', 'catalogue', 'row', 'row', 'end', 'end: whole']);
    const reader = createHandOverReader();
    const pieces = FILE.map((line) => reader.line(line.slice(0, -1), Buffer.byteLength(line)));
    expect(pieces[0]).toEqual({ ok: true, value: { is: 'start', start: START } });
    expect(pieces[1]).toEqual({ ok: true, value: { is: 'chain', chain: CHAIN } });
    expect(pieces[4]).toEqual({ ok: true, value: { is: 'catalogue', catalogue: CATALOGUE } });
    expect(pieces[7]).toEqual({ ok: true, value: { is: 'end', sha256: SHA } });
  });

  test('M803 a file that ends too early, goes on too long, or says something else where it must not is refused', () => {
    for (let length = 1; length < FILE.length; length += 1)
      expect(read(FILE.slice(0, length)).at(-1)).toBe('end: cut_short');
    expect(read([]).at(-1)).toBe('end: not_one');
    expect(read([...FILE, '{"more":1}\n']).at(-1)).toBe('refused: changed');
    expect(read(['{"a":1}\n'])).toEqual(['refused: not_one']);
    expect(read(['not JSON\n'])).toEqual(['refused: not_one']);
    expect(read([FILE[0] ?? '', 'not JSON\n']).at(-1)).toBe('refused: changed');
    expect(read([FILE[0] ?? '', catalogueLine({ ...CATALOGUE, bytes: 3 }), ...ROWS]).at(-1)).toBe('refused: changed');
    expect(read([FILE[0] ?? '', chainLine({ ...CHAIN, signature: 'short' })]).at(-1)).toBe('refused: changed');
  });

  test('M804 a file of a newer Tallybook is called that', () => {
    expect(read([startLine(START).replace('"v":1', '"v":2')])).toEqual(['refused: newer_version']);
  });

  test('M805 the text that is signed names site, laptop, number and hash, and every declared loss', () => {
    const head = { site: 'S', device: 'd', seq: 7, hash: 'h' };
    expect(headText(head)).toBe('tallybook head 1\nS\nd\n7\nh');
    expect(headText(head, ['g1', 'g2'])).toBe('tallybook head 1\nS\nd\n7\nh\ng1\ng2');
  });

  test('M806 a request is read as it was written, whatever white space came to it, and nothing else is one', () => {
    const request = { laptop: 'l-2', key: 'k'.repeat(43), name: 'Cold store' };
    expect(readRequest(`\n  ${writeRequest(request)}\r\n`)).toEqual(request);
    for (const text of ['', '{}', 'hello', writeRequest({ ...request, key: 'short' }), startLine(START)])
      expect(readRequest(text)).toBeNull();
  });
});
