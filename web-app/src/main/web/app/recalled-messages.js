import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {basics} from './shared-styles.js';
import {when} from './when.js';

/**
 * @typedef {object} Properties
 * @property {Api.Persona} persona
 * @property {string[]} ids
 * @property {(Api.Message | undefined)[]} [messages]
 * @property {string} [problem]
 */

/**
 * The older messages that a reply was made with, behind a line that says how many; they are fetched when it is opened. Asks with
 * `visit` to be shown one of them where it stands.
 */
export class RecalledMessages extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    persona: {attribute: false},
    ids: {attribute: false},
    messages: {state: true},
    problem: {state: true},
  };

  static styles = [
    basics,
    css`
      details {
        margin-block-start: 6px;
        font-size: 14px;
      }
      summary {
        min-height: 32px;
        padding-block: 6px;
        color: var(--ink-soft);
        cursor: pointer;
      }
      ul {
        display: grid;
        gap: 8px;
        list-style: none;
      }
      li,
      button {
        width: 100%;
        text-align: start;
      }
      button {
        display: block;
        min-height: 44px;
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: var(--round-small);
        background: var(--surface);
        color: var(--ink);
        font: inherit;
        cursor: pointer;
      }
      button:hover {
        border-color: var(--accent);
      }
      time {
        display: block;
        color: var(--ink-soft);
        font-size: 13px;
      }
      .words {
        display: -webkit-box;
        overflow: hidden;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
        unicode-bidi: plaintext;
      }
      .gone {
        color: var(--ink-soft);
        font-style: italic;
      }
    `,
  ];

  #visit = new AbortController();

  disconnectedCallback() {
    this.#visit.abort();
    super.disconnectedCallback();
  }

  render() {
    const count = this.ids.length;
    return html`<details @toggle=${this.#toggled}>
      <summary>Remembered ${count === 1 ? 'an older message' : `${count} older messages`}</summary>
      <p role="status" class="gone">${this.problem ?? (this.messages ? '' : 'Looking them up…')}</p>
      <ul>
        ${this.messages?.map((message) => html`<li>${message ? this.#shown(message) : html`<p class="gone">No longer remembered.</p>`}</li>`)}
      </ul>
    </details>`;
  }

  /** @param {Api.Message} message */
  #shown({id, role, content, created_at: at}) {
    return html`<button type="button" @click=${() => this.#go(id)}>
      <time datetime=${at}>${role === 'user' ? 'You' : this.persona.display_name}, ${when(new Date(at))}</time>
      <span class="words" dir="auto">${content}</span>
    </button>`;
  }

  /** @param {At<HTMLDetailsElement>} event */
  async #toggled({target}) {
    if (!target.open || this.messages) return;
    const {signal} = this.#visit;
    this.problem = undefined;
    try {
      this.messages = await Promise.all(this.ids.map((id) => api.message(this.persona.id, id, signal)));
    } catch (thrown) {
      if (!signal.aborted) this.problem = api.failure(thrown).message;
    }
  }

  /** @param {string} id */
  #go(id) {
    this.dispatchEvent(new CustomEvent('visit', {detail: id, bubbles: true, composed: true}));
  }
}
customElements.define('recalled-messages', RecalledMessages);
