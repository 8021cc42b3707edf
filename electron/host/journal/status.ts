import type { JournalStatus } from '../../../shared/ports/host.ts';
import type { Appender } from './appender.ts';
import type { Gap } from './gap.ts';
import type { Head } from './line.ts';
import type { JournalPicture } from './open.ts';

/** The gaps of a journal, oldest first. */
export function gapsOf(appender: Appender): readonly Gap[] {
  return [...appender.closed(), appender.active()].flatMap(({ gap }) => (gap === undefined ? [] : [gap]));
}

/** The newest durable entry: not the same as the head while the journal ends with a gap. */
export function newestOf(appender: Appender): Head {
  const { gap, offsets } = appender.active();
  const { device, seq, hash } = appender.durableHead();
  return gap === undefined || offsets.length > 0
    ? { device, seq, hash }
    : { device, seq: gap.from - 1, hash: gap.before };
}

/** Gaps as the page is told of them; nothing where there are none. */
export function toldGaps(gaps: readonly Gap[]): Pick<JournalStatus, 'gaps'> {
  if (gaps.length === 0) return {};
  return { gaps: gaps.map(({ from, to, known, prev }) => ({ fromSeq: from, toSeq: to, knownSeq: known, prev })) };
}

/** What the host tells the page about its journal. */
export function statusOf(picture: JournalPicture, appender: Appender): JournalStatus {
  const { device, seq, hash } = newestOf(appender);
  const gaps = gapsOf(appender);
  const passed = gaps.filter((gap) => gap.to < seq);
  const gone = passed.reduce((sum, gap) => sum + gap.to - gap.from + 1, 0);
  const isWhole = picture.state === 'new' && (seq > 0 || gaps.length > 0);
  return {
    device,
    seq,
    hash,
    entries: seq - gone,
    state: isWhole ? 'whole' : picture.state,
    tornBytes: picture.tornBytes,
    ...(picture.damage === undefined ? {} : { damage: picture.damage }),
    ...(picture.unproven === undefined ? {} : { unproven: picture.unproven }),
    ...(picture.onTrust === undefined ? {} : { onTrust: picture.onTrust }),
    ...toldGaps(gaps),
  };
}
