import { Component, type ReactNode } from "react";
import { Message } from "../ui/Message";

interface BoundaryProps {
  title: string;
  hint: string;
  children: ReactNode;
}

/** Keeps a view that cannot be drawn from taking the page, and the run, with it. */
export class ViewBoundary extends Component<BoundaryProps, { message: string | null }> {
  override state = { message: null };

  static getDerivedStateFromError(error: unknown): { message: string } {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.message === null) return this.props.children;
    return (
      <Message isFault title={this.props.title}>
        <p>{this.state.message}</p>
        <p>{this.props.hint}</p>
      </Message>
    );
  }
}
