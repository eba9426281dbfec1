// The schemas of the API, and what the page adds to the elements and events of browsers.
type Api = import("./openapi").components["schemas"];

interface Element {
  updateComplete?: Promise<boolean>;
  hasUnsavedChanges?(): boolean;
  focus(options?: FocusOptions): void;
  title: string;
}

interface HTMLElementTagNameMap {
  "rh-form": any;
  "rh-webhook-form": any;
}

interface Window {
  early: Map<string, Promise<{ response: Response; text: string }>>;
}

interface WindowEventMap {
  connection: CustomEvent<boolean>;
  incomplete: CustomEvent<number[]>;
}

interface HTMLElementEventMap {
  shortcut: CustomEvent<string>;
}
