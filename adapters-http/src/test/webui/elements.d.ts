// Elements of Lit get their fields from `static properties`, `set` and `Object.assign`, which TypeScript does not follow.
import { LitElement as Base } from "lit-element/lit-element.js";

export * from "lit-element/lit-element.js";

export class LitElement extends Base {
  [field: string]: any;
}
