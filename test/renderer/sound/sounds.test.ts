import { describe, expect, test } from 'vitest';
import { createSounds } from '../../../renderer/sound/sounds.ts';
import { lengthMs, TONES } from '../../../renderer/sound/tones.ts';

describe('sounds', () => {
  test('U70 the sounds differ in pitch, number and length', () => {
    const [tick] = TONES.taken;
    expect(TONES.taken).toHaveLength(1);
    expect((tick?.endHz ?? 0) > (tick?.startHz ?? 0)).toBe(true);
    const [noted] = TONES.noted;
    expect(noted?.startHz).toBe(noted?.endHz);
    const [first, second] = TONES.look;
    expect(TONES.look).toHaveLength(2);
    expect(first?.startHz).toBe(second?.startHz);
    expect((first?.to ?? 0) - (first?.from ?? 0)).toBeCloseTo((second?.to ?? 0) - (second?.from ?? 0));
    const [low] = TONES.notTaken;
    expect(TONES.notTaken).toHaveLength(1);
    expect((low?.startHz ?? 0) * 3 < (first?.startHz ?? 0)).toBe(true);
    expect(lengthMs('notTaken') > lengthMs('look') && lengthMs('look') > lengthMs('taken')).toBe(true);
  });

  test('U70 every sound lasts between 60 and 250 ms', () => {
    for (const name of ['taken', 'noted', 'look', 'notTaken'] as const) {
      expect(lengthMs(name)).toBeGreaterThanOrEqual(60);
      expect(lengthMs(name)).toBeLessThanOrEqual(250);
    }
  });

  test('U71 every sound that was asked for is counted, also when it is off or the machine has none', () => {
    let asked = 0;
    const off = createSounds({
      level: () => 0,
      context: () => {
        asked += 1;
        throw new Error('no sound card');
      },
    });
    off.taken();
    off.taken();
    off.look();
    expect(off.played()).toEqual({ taken: 2, noted: 0, look: 1, notTaken: 0 });
    expect(asked).toBe(0);
    const broken = createSounds({
      level: () => 1,
      context: () => {
        throw new Error('no sound card');
      },
    });
    broken.notTaken();
    expect(broken.played()).toEqual({ taken: 0, noted: 0, look: 0, notTaken: 1 });
  });
});
