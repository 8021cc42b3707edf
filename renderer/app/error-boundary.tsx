import { Component, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/states.tsx';

type Props = { children: ReactNode; onError?: (detail: string) => void };

/** Catches a bug in one screen, so that the rest of the app stays usable. (React offers this to classes only.) */
export class ErrorBoundary extends Component<Props, { detail: string | undefined }> {
  override state: { detail: string | undefined } = { detail: undefined };

  static getDerivedStateFromError(error: unknown): { detail: string } {
    return { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }

  override componentDidCatch(error: unknown): void {
    this.props.onError?.(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }

  override render(): ReactNode {
    const { detail } = this.state;
    return detail === undefined ? (
      this.props.children
    ) : (
      <Broken detail={detail} onAgain={() => this.setState({ detail: undefined })} />
    );
  }
}

function Broken({ detail, onAgain }: { detail: string; onAgain: () => void }): ReactElement {
  const { t } = useTranslation('frame');
  return (
    <EmptyState
      action={
        <div className="row">
          <Button onClick={() => void navigator.clipboard.writeText(detail)}>{t('broken.copy')}</Button>
          <Button variant="main" onClick={onAgain}>
            {t('broken.again')}
          </Button>
        </div>
      }
    >
      {t('broken.text')}
    </EmptyState>
  );
}
