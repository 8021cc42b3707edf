// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, expect, test } from 'vitest';
import { insertText, restoreField, snapshotOf, textFieldOf } from '../../../renderer/scan/field.ts';

function Search() {
  const [text, setText] = useState('cup');
  return (
    <label>
      Search
      <input value={text} onChange={(event) => setText(event.target.value)} />
      <output>{text}</output>
    </label>
  );
}

afterEach(cleanup);

test('S59 a field that React controls follows the roll-back and the characters given back', async () => {
  render(<Search />);
  const field = textFieldOf(screen.getByRole('textbox'));
  if (field === null) throw new Error('no field');
  field.setSelectionRange(3, 3);
  const before = snapshotOf(field);
  fireEvent.input(field, { target: { value: 'cup3' } });
  expect(screen.getByRole('status').textContent).toBe('cup3');
  restoreField(before);
  expect(await screen.findByText('cup')).toBeDefined();
  insertText(field, 's');
  expect(await screen.findByText('cups')).toBeDefined();
  expect(field.value).toBe('cups');
});

test('S59 only fields that take text are fields: no button, checkbox or read-only box', () => {
  document.body.innerHTML =
    '<button></button><input type="checkbox"><input readonly><input disabled><textarea></textarea><select></select>';
  const kinds = [...document.body.children].map((element) => textFieldOf(element) !== null);
  expect(kinds).toEqual([false, false, false, false, true, false]);
});
