import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {part} from './parts.js';
import {basics, buttons, fields} from './shared-styles.js';
import {when} from './when.js';

const QUERY_LENGTH = 500;

/**
 * What was found is HTML with `mark` as its only element; only its text and where that is marked is taken over.
 *
 * @param {string} highlight
 */
const marked = (highlight) =>
  [...new DOMParser().parseFromString(highlight, 'text/html').body.childNodes].map((node) =>
    node.nodeName === 'MARK' ? html`<mark>${node.textContent}</mark>` : node.textContent,
  );

/**
 * @typedef {object} Properties
 * @property {Api.Persona} persona
 * @property {Api.FoundMessage[]} found
 * @property {string} [next]
 * @property {boolean} [loading]
 * @property {string} [notice]
 */

/** Looks for words in what was said with one persona, newest first. Asks with `visit` to be shown a message where it stands. */
export class HistorySearch extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    persona: {attribute: false},
    found: {state: true},
    next: {state: true},
    loading: {state: true},
    notice: {state: true},
  };

  static styles = [
    basics,
    buttons,
    fields,
    css`
      :host {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-height: 0;
      }
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: end;
        gap: 10px;
        padding: 12px 20px;
      }
      .status {
        padding-inline: 20px;
        color: var(--ink-soft);
        font-size: 14px;
      }
      ol {
        display: flex;
        flex: 1;
        flex-direction: column;
        gap: 8px;
        min-height: 0;
        margin: 0;
        padding: 12px 20px 20px;
        list-style: none;
        overflow-y: auto;
      }
      li button {
        display: block;
        width: 100%;
        padding: 10px 14px;
        border: 1px solid var(--line);
        border-radius: var(--round-small);
        font: inherit;
        text-align: start;
        overflow-wrap: anywhere;
      }
      time {
        display: block;
        color: var(--ink-soft);
        font-size: 13px;
      }
      .text {
        unicode-bidi: plaintext;
      }
      mark {
        border-radius: 3px;
        background: var(--accent-soft);
        color: var(--on-accent-soft);
        font-weight: 600;
      }
      @media (max-width: 600px) {
        form,
        ol {
          padding-inline: 14px;
        }
      }
    `,
  ];

  #query = '';
  #request = new AbortController();

  constructor() {
    super();
    /** @type {Api.FoundMessage[]} */
    this.found = [];
  }

  focus() {
    part(this, 'input').focus();
  }

  disconnectedCallback() {
    this.#request.abort();
    super.disconnectedCallback();
  }

  render() {
    const name = this.persona.display_name;
    return html`<form role="search" @submit=${this.#submit}>
        <div class="field">
          <label for="query">Look for what was said with <bdi>${name}</bdi></label>
          <input id="query" type="search" maxlength=${QUERY_LENGTH} required dir="auto" enterkeyhint="search"
            autocomplete="off" aria-describedby="how">
        </div>
        <button class="main">Find</button>
      </form>
      <p class="status hint" id="how" role="status">${this.loading ? 'Looking…' : (this.notice ?? 'All of the words; “a phrase”, -without, begin*')}</p>
      <ol aria-label="What was found">
        ${this.found.map(
          ({id, role, highlight, created_at: at}) => html`<li>
            <button type="button" @click=${() => this.#go(id)}>
              <time datetime=${at}>${role === 'user' ? 'You' : name}, ${when(new Date(at))}</time>
              <span class="text" dir="auto">${marked(highlight)}</span>
            </button>
          </li>`,
        )}
        ${this.next
          ? html`<li><button class="quiet" type="button" ?disabled=${this.loading} @click=${this.#more}>Show more</button></li>`
          : ''}
      </ol>`;
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const query = part(this, 'input').value.trim();
    if (!query) return;
    this.#query = query;
    this.found = [];
    this.next = undefined;
    this.#more();
  }

  /** The next page of the search; the one before, if it is still on its way, is of no interest any more. */
  async #more() {
    this.#request.abort();
    this.#request = new AbortController();
    const {signal} = this.#request;
    this.loading = true;
    try {
      const page = await api.search(this.persona.id, {query: this.#query, cursor: this.next, signal});
      if (signal.aborted) return;
      this.found = [...this.found, ...page.messages];
      this.next = page.next_cursor ?? undefined;
      this.notice = this.#counted();
    } catch (thrown) {
      if (signal.aborted) return;
      this.notice = api.failure(thrown).message;
    }
    this.loading = false;
  }

  #counted() {
    const count = this.found.length;
    if (!count) return 'Nothing was found.';
    return `${count}${this.next ? ' and more' : ''} found.`;
  }

  /** @param {string} id */
  #go(id) {
    this.dispatchEvent(new CustomEvent('visit', {detail: id, bubbles: true, composed: true}));
  }
}
customElements.define('history-search', HistorySearch);
