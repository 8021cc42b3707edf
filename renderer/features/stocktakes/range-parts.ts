const RANGE = /\.{2,}|…/;

/**
 * The parts of a text that names bins: divided by commas, semicolons and line ends, and by blanks unless a bin's code has
 * them: "Rack 1" is one part where a bin is called that, and in quotes always. `answers` says whether a part stands for any
 * bin; what stands for none is kept as one part, so that it can be named.
 */
export function rangeParts(range: string, blanksInCodes: boolean, answers: (part: string) => boolean): string[] {
  return range
    .split(/[,;\n]+/)
    .flatMap((part) => part.match(/["“„][^"”“]*["”“]|[^"“„”]+/g) ?? [])
    .map((part) => part.trim())
    .flatMap((part) => {
      const quoted = /^["“„](.*)["”“]$/.exec(part)?.[1]?.trim() ?? '';
      if (quoted !== '') return [quoted];
      if (part === '') return [];
      const words = part.split(/\s+/);
      if (words.length === 1 || !blanksInCodes) return words;
      // "A-01..A-05 B-01" reaches no further than its words: each end of a whole part has to be a bin.
      const isWhole = part.split(RANGE).every((end) => end.trim() !== '' && answers(end.trim()));
      return isWhole || !words.every(answers) ? [part] : words;
    });
}
