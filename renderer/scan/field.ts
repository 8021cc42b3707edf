/** A field that takes text. */
export type TextField = HTMLInputElement | HTMLTextAreaElement;

const TEXT_TYPES = new Set([
  'text',
  'search',
  'tel',
  'url',
  'email',
  'password',
  'number',
  'date',
  'time',
  'month',
  'week',
  'datetime-local',
]);

/** The field behind an event target when a character typed there would change it, else null. */
export function textFieldOf(target: EventTarget | null): TextField | null {
  if (!(target instanceof Element)) return null;
  const view = target.ownerDocument.defaultView;
  if (view === null) return null;
  if (target instanceof view.HTMLTextAreaElement) return target.readOnly || target.disabled ? null : target;
  if (!(target instanceof view.HTMLInputElement) || !TEXT_TYPES.has(target.type)) return null;
  return target.readOnly || target.disabled ? null : target;
}

/** What a field held at one moment. Positions are null where the field has no caret (numbers, dates). */
export type FieldSnapshot = {
  readonly field: TextField;
  readonly value: string;
  readonly start: number | null;
  readonly end: number | null;
};

/** Remembers a field before a key changes it. */
export function snapshotOf(field: TextField): FieldSnapshot {
  return { field, value: field.value, start: field.selectionStart, end: field.selectionEnd };
}

/** Puts a field back as it was, caret included, and tells its listeners. Does nothing when nothing changed. */
export function restoreField({ field, value, start, end }: FieldSnapshot): void {
  if (field.value === value) return;
  writeValue(field, value, { inputType: 'historyUndo', data: null });
  if (start !== null && end !== null) field.setSelectionRange(start, end);
}

/** Types text into a field at its caret, as far as a page can: value, caret and `input` event. */
export function insertText(field: TextField, text: string): void {
  const start = field.selectionStart;
  const end = field.selectionEnd;
  if (start === null || end === null) {
    writeValue(field, field.value + text, { inputType: 'insertText', data: text });
    return;
  }
  writeValue(field, field.value.slice(0, start) + text + field.value.slice(end), {
    inputType: 'insertText',
    data: text,
  });
  field.setSelectionRange(start + text.length, start + text.length);
}

function writeValue(field: TextField, value: string, init: { inputType: string; data: string | null }): void {
  const view = field.ownerDocument.defaultView;
  if (view === null) return;
  // React replaces `value` on the element itself and ignores what is set through it; the prototype's setter counts.
  const prototype =
    field instanceof view.HTMLInputElement ? view.HTMLInputElement.prototype : view.HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new view.InputEvent('input', { bubbles: true, ...init }));
}
