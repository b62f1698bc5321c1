import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {forgetOthers} from './drafts.js';
import {person} from './icons.js';
import {basics, buttons} from './shared-styles.js';

/**
 * @typedef {object} Properties
 * @property {Api.Account} [account]
 * @property {boolean} [leaving]
 */

/** Name of the house, who is signed in and the way to their account, and the way out. */
export class SiteHeader extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {account: {attribute: false}, leaving: {state: true}};

  static styles = [
    basics,
    buttons,
    css`
      :host {
        position: sticky;
        top: 0;
        z-index: 2;
        border-bottom: 1px solid var(--line);
        background: var(--paper);
      }
      header {
        display: flex;
        align-items: center;
        gap: 12px;
        max-width: 1320px;
        margin: 0 auto;
        padding: 8px var(--gap);
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 10px;
        border-radius: 8px;
        color: inherit;
        font: 600 22px var(--serif);
        text-decoration: none;
      }
      .account {
        display: flex;
        align-items: center;
        justify-content: flex-end;
        gap: 8px;
        min-width: 44px;
        min-height: 44px;
        margin-inline-start: auto;
        border-radius: 8px;
        color: var(--ink-soft);
        font-size: 15px;
        text-decoration: none;
      }
      .account:hover {
        color: var(--ink);
        text-decoration: underline;
      }
      .name {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button {
        flex: none;
      }
      @media (max-width: 420px) {
        .account {
          justify-content: center;
        }
        .name {
          display: none;
        }
      }
    `,
  ];

  render() {
    return html`<header>
      <a class="brand" href="/users/personas">
        <img src=${new URL('../icons/mybella.svg', import.meta.url)} alt="" width="36" height="36">
        MyBella
      </a>
      <a class="account" href="/users/account">
        ${person}<span class="unseen">Your account</span><span class="name" dir="auto">${this.account?.name}</span>
      </a>
      <button type="button" ?disabled=${this.leaving} @click=${this.#leave}>Sign out</button>
    </header>`;
  }

  async #leave() {
    this.leaving = true;
    try {
      await api.logout();
      forgetOthers();
      location.assign('/login');
    } catch (thrown) {
      this.leaving = false;
      this.dispatchEvent(new CustomEvent('problem', {detail: api.failure(thrown), bubbles: true, composed: true}));
    }
  }
}
customElements.define('site-header', SiteHeader);
