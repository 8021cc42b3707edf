// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Button } from '../../../renderer/ui/button.tsx';
import { Dialog } from '../../../renderer/ui/dialog.tsx';
import { TextInput } from '../../../renderer/ui/field.tsx';

afterEach(cleanup);

function show({ disabled = false, field = false } = {}) {
  const acts = { close: vi.fn<() => void>(), confirm: vi.fn<() => void>(), refuse: vi.fn<() => void>() };
  render(
    <Dialog
      title="Post?"
      onClose={acts.close}
      onConfirm={acts.confirm}
      onRefuse={acts.refuse}
      actions={
        <>
          <Button keyCap="Esc" onClick={acts.close}>
            Back
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={disabled}>
            Post
          </Button>
        </>
      }
    >
      <p>Read this.</p>
      {field && <TextInput label="Word" onChange={() => undefined} value="" />}
    </Dialog>,
  );
  return acts;
}

const focused = (): string => document.activeElement?.textContent ?? '';

describe('Enter in a dialog', () => {
  test('U601 Enter does what the button that wears it says, wherever the focus is when the dialog opens', () => {
    const acts = show();
    expect(focused()).toContain('Post');
    fireEvent.keyDown(screen.getByText('Read this.'), { key: 'Enter' });
    expect(acts.confirm).toHaveBeenCalledTimes(1);
    expect(acts.close).not.toHaveBeenCalled();
  });

  test('U601 in a field of the dialog it does the same', () => {
    const acts = show({ field: true });
    fireEvent.keyDown(screen.getByLabelText('Word'), { key: 'Enter' });
    expect(acts.confirm).toHaveBeenCalledTimes(1);
  });

  test('U601 where that button cannot be pressed, Enter says why and leaves the dialog open', () => {
    const acts = show({ disabled: true, field: true });
    fireEvent.keyDown(screen.getByLabelText('Word'), { key: 'Enter' });
    expect(acts.refuse).toHaveBeenCalledTimes(1);
    expect(acts.confirm).not.toHaveBeenCalled();
    expect(acts.close).not.toHaveBeenCalled();
  });

  test('U601 Enter held down, or with another key, confirms nothing', () => {
    const acts = show();
    const text = screen.getByText('Read this.');
    fireEvent.keyDown(text, { key: 'Enter', repeat: true });
    fireEvent.keyDown(text, { key: 'Enter', shiftKey: true });
    expect(acts.confirm).not.toHaveBeenCalled();
  });
});
