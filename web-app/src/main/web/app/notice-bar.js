import {LitElement, css, html} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import * as api from './api.js';
import {basics, buttons} from './shared-styles.js';
import {cross} from './icons.js';

const PASSING_MILLIS = 6000;
let lastKey = 0;

/**
 * @typedef {object} Notice
 * @property {number} key
 * @property {string} text
 * @property {string} [requestId]
 * @property {boolean} [signedOut]
 * @property {boolean} [bad]
 */

/** @typedef {{notices: Notice[]}} Properties */

/** Says what happened, for eyes and screen readers. Good news passes; problems stay until dismissed. */
export class NoticeBar extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {notices: {state: true}};

  static styles = [
    basics,
    buttons,
    css`
      :host {
        position: fixed;
        z-index: 3;
        inset: auto 12px 12px 12px;
        display: grid;
        justify-items: center;
        pointer-events: none;
      }
      div {
        display: grid;
        justify-items: center;
        gap: 8px;
      }
      p {
        display: flex;
        align-items: center;
        gap: 8px;
        max-width: 560px;
        margin-top: 8px;
        padding-block: 6px;
        padding-inline: 20px 6px;
        border-radius: 16px;
        background: var(--ink);
        color: var(--paper);
        box-shadow: var(--shadow-high);
        pointer-events: auto;
        overflow-wrap: anywhere;
      }
      .problem p {
        border: 2px solid var(--danger);
        background: var(--danger-soft);
        color: var(--ink);
      }
      a {
        color: inherit;
        font-weight: 600;
      }
      small {
        display: block;
        opacity: 0.8;
      }
      button.quiet,
      button.quiet:hover {
        width: 44px;
        padding: 0;
        color: inherit;
      }
      button:hover {
        background: rgb(128 128 128 / 25%);
      }
      @media (max-width: 600px) {
        /* Below the header: at the other end is what one writes. */
        :host {
          inset: 61px 12px auto;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Notice[]} */
    this.notices = [];
  }

  /** @param {string} text */
  say(text) {
    const key = this.#add({text});
    setTimeout(() => this.#drop(key), PASSING_MILLIS);
  }

  /** @param {Failure} problem anything thrown; an ApiProblem also names its request to quote */
  complain(problem) {
    this.#add({
      text: problem.message,
      requestId: (problem.status ?? 0) >= 500 ? problem.requestId : '',
      signedOut: problem.status === 401,
      bad: true,
    });
  }

  render() {
    /** @param {boolean} bad */
    const list = (bad) =>
      repeat(
        this.notices.filter((notice) => Boolean(notice.bad) === bad),
        (notice) => notice.key,
        (notice) => html`<p>
          <span>${notice.text}${notice.signedOut ? html` <a href=${api.signInAddress()}>Sign in again</a>` : ''}${notice.requestId ? html`<small>Request ${notice.requestId}</small>` : ''}</span>
          <button class="quiet" type="button" aria-label="Dismiss this notice"
            @click=${() => this.#drop(notice.key)}>${cross}</button>
        </p>`,
      );
    return html`<div role="status">${list(false)}</div><div class="problem" role="alert">${list(true)}</div>`;
  }

  /** @param {Omit<Notice, 'key'>} notice */
  #add(notice) {
    const key = ++lastKey;
    this.notices = [...this.notices.filter((other) => other.text !== notice.text), {...notice, key}];
    return key;
  }

  /** @param {number} key */
  #drop(key) {
    this.notices = this.notices.filter((notice) => notice.key !== key);
  }
}
customElements.define('notice-bar', NoticeBar);
