import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {basics, buttons} from './shared-styles.js';
import {check, cross} from './icons.js';
import {receipts} from './words.js';

const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 10_000;

/** @typedef {Api.Erasure | Api.AccountErasure} State */

/**
 * @typedef {object} Properties
 * @property {string} erasureId
 * @property {string} name
 * @property {(id: string) => Promise<State>} ask
 * @property {boolean} dismissible
 * @property {State} [state]
 */

/** Follows the erasure of a deleted persona, or what `ask` asks about, until every service has answered with its receipt. */
export class ErasureStatus extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    erasureId: {attribute: false},
    name: {attribute: false},
    ask: {attribute: false},
    dismissible: {attribute: false},
    state: {state: true},
  };

  static styles = [
    basics,
    buttons,
    css`
      div {
        display: flex;
        align-items: center;
        gap: 12px;
        padding-block: 8px;
        padding-inline: 18px 8px;
        border-radius: var(--round-small);
        background: var(--sunken);
        overflow-wrap: anywhere;
      }
      .complete {
        background: var(--good-soft);
        color: var(--good);
      }
      p {
        flex: 1;
      }
      small {
        display: block;
        color: var(--ink-soft);
        font-size: 14px;
      }
      button {
        width: 44px;
        padding: 0;
        flex: none;
      }
      .dot {
        width: 12px;
        height: 12px;
        flex: none;
        border-radius: 50%;
        background: var(--accent);
        animation: breathe 1.4s ease-in-out infinite alternate;
      }
      @keyframes breathe {
        to {
          opacity: 0.25;
        }
      }
    `,
  ];

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    super();
    /** @type {(id: string) => Promise<State>} */
    this.ask = api.erasure;
    this.dismissible = true;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#ask(FIRST_WAIT_MILLIS);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    super.disconnectedCallback();
  }

  render() {
    const done = this.state?.status === 'complete';
    const services = this.state?.services ?? [];
    return html`<div class=${done ? 'complete' : ''}>
      ${done ? check : html`<span class="dot"></span>`}
      <p role="status">
        <bdi>${this.name}</bdi>: ${done ? 'erased everywhere.' : 'being erased…'}
        ${services.length
          ? html`<small>${receipts(services)}</small>`
          : ''}
      </p>
      ${done && this.dismissible
        ? html`<button class="quiet" type="button" aria-label="Dismiss"
            @click=${() => this.dispatchEvent(new CustomEvent('dismiss'))}>${cross}</button>`
        : ''}
    </div>`;
  }

  /** @param {number} wait milliseconds until it asks again */
  async #ask(wait) {
    try {
      this.state = await this.ask(this.erasureId);
    } catch (thrown) {
      const problem = api.failure(thrown);
      if (problem.status && problem.status < 500 && problem.status !== 429) {
        this.dispatchEvent(new CustomEvent('problem', {detail: problem, bubbles: true, composed: true}));
        return;
      }
      // Unreachable for the moment: the erasure goes on without us, ask again later.
    }
    if (this.state?.status !== 'complete' && this.isConnected) {
      this.#timer = setTimeout(() => this.#ask(Math.min(wait * 1.5, LONGEST_WAIT_MILLIS)), wait);
    }
  }
}
customElements.define('erasure-status', ErasureStatus);
