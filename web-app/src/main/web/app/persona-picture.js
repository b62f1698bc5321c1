import {LitElement, css, html} from 'lit';
import {basics} from './shared-styles.js';
import {standIn} from './words.js';

/**
 * @typedef {object} Properties
 * @property {Partial<Api.Persona>} [persona]
 * @property {boolean} [broken]
 */

/** A persona's picture, or its initial on a colour of its own. The name stands next to it: no alt text. */
export class PersonaPicture extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {persona: {attribute: false}, broken: {state: true}};

  static styles = [
    basics,
    css`
      :host {
        aspect-ratio: 1;
        overflow: hidden;
        border-radius: var(--picture-round, var(--round-small));
        background: var(--sunken);
      }
      img,
      svg {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      text {
        font: 600 52px var(--serif);
        text-anchor: middle;
        dominant-baseline: central;
      }
      .tone0 { fill: #f3b48f; }
      .tone1 { fill: #8fc4bf; }
      .tone2 { fill: #b7a8e3; }
      .tone3 { fill: #f2cd78; }
      .tone4 { fill: #a9c9a4; }
      .tone5 { fill: #e3a3ae; }
    `,
  ];

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has('persona')) this.broken = false;
  }

  render() {
    const {avatar_url: url, display_name: name = ''} = this.persona ?? {};
    if (url && !this.broken) {
      return html`<img src=${url} alt="" width="512" height="512" decoding="async"
        @error=${this.#failed}>`;
    }
    const {initial, tone} = standIn(name);
    return html`<svg viewBox="0 0 100 100" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect class="tone${tone}" width="100" height="100"></rect>
      <text x="50" y="52" fill="#2b2130">${initial}</text>
    </svg>`;
  }

  #failed() {
    this.broken = true;
  }
}
customElements.define('persona-picture', PersonaPicture);
