import {LitElement, css, html} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import * as api from './api.js';
import {forgetOthers} from './drafts.js';
import {firstWrong, part} from './parts.js';
import {basics, buttons, fields} from './shared-styles.js';
import {browser} from './words.js';
import './confirm-dialog.js';
import './erasure-status.js';
import './notice-bar.js';
import './site-header.js';

const when = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'});

/** @typedef {(form: HTMLFormElement, typed: Record<string, string>) => Promise<void>} Work what a form is sent for */

/**
 * @typedef {object} Properties
 * @property {boolean} [localAccounts]
 * @property {string} [provider]
 * @property {Api.Account} account once it has come, as all of the following
 * @property {Api.Session[]} sessions
 * @property {Api.ApiKey[]} keys
 * @property {string} [secret]
 * @property {Wrong} wrong
 * @property {boolean} [busy]
 * @property {Failure} [failed]
 * @property {string} [erasureId]
 */

/** The page `/users/account`: password, where one is signed in, API keys, and leaving for good. */
export class AccountPage extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    localAccounts: {type: Boolean, attribute: 'local-accounts'},
    provider: {},
    account: {state: true},
    sessions: {state: true},
    keys: {state: true},
    secret: {state: true},
    wrong: {state: true},
    busy: {state: true},
    failed: {state: true},
    erasureId: {state: true},
  };

  static styles = [
    basics,
    buttons,
    fields,
    css`
      main {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap);
        max-width: 760px;
        margin: 0 auto;
        padding: var(--gap);
      }
      h1 {
        font-size: 34px;
      }
      h2 {
        font-size: 24px;
      }
      .who {
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
        padding: var(--gap);
        border: 1px solid var(--line);
        border-radius: var(--round);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      section > p {
        color: var(--ink-soft);
      }
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 16px;
      }
      form > button {
        justify-self: start;
      }
      ul {
        display: grid;
        gap: 12px;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px 16px;
        padding-block-start: 12px;
        border-block-start: 1px solid var(--line);
      }
      li div {
        flex: 1 1 160px;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      small {
        display: block;
        color: var(--ink-soft);
        font-size: 14px;
      }
      .here {
        padding: 3px 12px;
        border-radius: 999px;
        background: var(--good-soft);
        color: var(--good);
        font-size: 14px;
        font-weight: 600;
      }
      .secret {
        display: grid;
        gap: 8px;
        padding: 16px;
        border-radius: var(--round-small);
        background: var(--good-soft);
        color: var(--ink);
      }
      a {
        color: var(--accent);
      }
      code {
        font-size: 15px;
        overflow-wrap: anywhere;
        user-select: all;
      }
      .wait {
        justify-items: center;
        padding-block: 20vh;
        color: var(--ink-soft);
        text-align: center;
      }
      @media (max-width: 600px) {
        main {
          padding-inline: 12px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Wrong} */
    this.wrong = {};
    this.addEventListener('problem', ({detail}) => part(this, 'notice-bar').complain(detail));
  }

  connectedCallback() {
    super.connectedCallback();
    this.#start();
  }

  render() {
    return html`
      <site-header .account=${this.account} ?hidden=${this.erasureId}></site-header>
      ${this.erasureId ? this.#farewell() : this.keys ? this.#page() : this.#waiting()}
      <confirm-dialog></confirm-dialog>
      <notice-bar></notice-bar>
    `;
  }

  #page() {
    return html`<main>
      <div>
        <h1>Your account</h1>
        <p class="who"><bdi>${this.account.name}</bdi> · <bdi>${this.account.email}</bdi></p>
      </div>
      ${this.localAccounts ? this.#password() : ''}
      <section aria-labelledby="sessions-title">
        <h2 id="sessions-title" tabindex="-1">Where you are signed in</h2>
        <ul aria-labelledby="sessions-title">
          ${repeat(
            this.sessions,
            ({id}) => id,
            (session) => this.#session(session),
          )}
        </ul>
      </section>
      <section aria-labelledby="keys-title">
        <h2 id="keys-title" tabindex="-1">API keys</h2>
        <p>With a key a program acts for you with your personas. <a href="/docs">What it can do</a></p>
        ${this.secret
          ? html`<div class="secret" role="status" tabindex="-1">
              <strong>The new key, shown only now:</strong><code>${this.secret}</code>
            </div>`
          : ''}
        <ul aria-labelledby="keys-title" ?hidden=${!this.keys.length}>
          ${repeat(
            this.keys,
            ({id}) => id,
            (key) => this.#key(key),
          )}
        </ul>
        <form @submit=${this.#createKey} novalidate>
          ${this.#field('name', 'Name of a new key', 'text', 'off')}
          <button class="main" ?disabled=${this.busy}>Create key</button>
        </form>
      </section>
      <section aria-labelledby="delete-title">
        <h2 id="delete-title">Delete the account</h2>
        <p>
          Your personas, their pictures and voices, everything they remember of you, your sessions and your API keys are
          erased. This cannot be undone.
        </p>
        <form @submit=${this.#delete} novalidate>
          ${this.account.has_password
            ? this.#field('password', 'Your password', 'password', 'current-password')
            : this.#freshSignIn()}
          <button class="danger" ?disabled=${this.busy}>Delete my account</button>
        </form>
      </section>
    </main>`;
  }

  #password() {
    const {has_password: present} = this.account;
    return html`<section aria-labelledby="password-title">
      <h2 id="password-title">Password</h2>
      <p>
        ${present
          ? 'Changing it signs you out everywhere else. API keys go on working.'
          : 'You have none. Set one to sign in with your e-mail address, too; it signs you out everywhere else.'}
      </p>
      <form @submit=${this.#changePassword} novalidate>
        ${present
          ? this.#field('current_password', 'Current password', 'password', 'current-password')
          : this.#freshSignIn()}
        ${this.#field('new_password', 'New password', 'password', 'new-password')}
        <button class="main" ?disabled=${this.busy}>${present ? 'Change password' : 'Set password'}</button>
      </form>
    </section>`;
  }

  /** What stands in for a password where there is none. */
  #freshSignIn() {
    return this.provider
      ? html`<p>
          This needs a sign-in of the last ten minutes.
          <a href="/api/auth/oidc?return_to=/users/account">Sign in again with ${this.provider}</a>
        </p>`
      : html`<p>This needs a sign-in of the last ten minutes.</p>`;
  }

  /** @param {Api.Session} session */
  #session({id, current, address, user_agent: agent, last_used_at: used}) {
    const name = browser(agent);
    return html`<li>
      <div>${name}<small>${address} · last used ${when.format(new Date(used))}</small></div>
      ${current
        ? html`<span class="here">This one</span>`
        : html`<button type="button" ?disabled=${this.busy} aria-label="End the session of ${name}"
            @click=${() => this.#endSession(id)}>End</button>`}
    </li>`;
  }

  /** @param {Api.ApiKey} key */
  #key({id, name, created_at: made, last_used_at: used}) {
    return html`<li>
      <div>
        <bdi>${name}</bdi>
        <small>
          made ${when.format(new Date(made))} ·
          ${used ? html`last used ${when.format(new Date(used))}` : 'never used'}
        </small>
      </div>
      <button type="button" ?disabled=${this.busy} aria-label="Revoke ${name}"
        @click=${() => this.#revoke(id, name)}>Revoke</button>
    </li>`;
  }

  #farewell() {
    return html`<main>
      <h1 id="farewell" tabindex="-1">Your account is deleted</h1>
      <p>You are signed out everywhere. What MyBella kept of you is being erased now.</p>
      <erasure-status .erasureId=${this.erasureId} .name=${'Your account'} .ask=${api.accountErasure}
        .dismissible=${false}></erasure-status>
      <p class="who">To ask later, keep the number of this erasure: <code>${this.erasureId}</code></p>
      <p><a href="/login">To the sign-in page</a></p>
    </main>`;
  }

  #waiting() {
    return html`<main class="wait">
      ${this.failed
        ? html`<p role="alert">${this.failed.message}</p>
            <button type="button" class="main" @click=${this.#start}>Try again</button>`
        : html`<p role="status">One moment…</p>`}
    </main>`;
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {string} type
   * @param {string} autocomplete
   */
  #field(name, label, type, autocomplete) {
    const error = this.wrong[name];
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} type=${type} autocomplete=${autocomplete} dir="auto"
        aria-invalid=${error ? 'true' : 'false'} aria-describedby="${name}-wrong">
      <span class="wrong" id="${name}-wrong">${error ?? ''}</span>
    </div>`;
  }

  async #start() {
    this.failed = undefined;
    try {
      [this.account, this.sessions, this.keys] = await Promise.all([api.me(), api.sessions(), api.apiKeys()]);
    } catch (thrown) {
      const problem = api.failure(thrown);
      if (!api.sentToSignIn(problem)) this.failed = problem;
    }
  }

  /** @param {SubmitEvent & At<HTMLFormElement>} event */
  #changePassword(event) {
    this.#submit(event, async (form, {current_password: current, new_password: replacement = ''}) => {
      await api.changePassword(current || null, replacement);
      form.reset();
      [this.account, this.sessions] = await Promise.all([api.me(), api.sessions()]);
      part(this, 'notice-bar').say('The password is changed.');
    });
  }

  /** @param {SubmitEvent & At<HTMLFormElement>} event */
  #createKey(event) {
    this.#submit(event, async (form, {name = ''}) => {
      this.secret = (await api.createApiKey(name)).key;
      form.reset();
      this.keys = await api.apiKeys();
      await this.updateComplete;
      // It is shown only now, and above what was just pressed: on a phone out of sight.
      part(this, '.secret').focus();
    });
  }

  /** @param {SubmitEvent & At<HTMLFormElement>} event */
  async #delete(event) {
    event.preventDefault();
    const form = event.target;
    this.wrong = {};
    // Asked while the button is not yet disabled: after a "no" the focus has to go back there.
    const sure = await part(this, 'confirm-dialog').ask({
      title: 'Delete your account?',
      text: 'Everything of it is erased in every service. This cannot be undone.',
      action: 'Delete',
    });
    if (!sure) return;
    await this.#send(form, async (_, {password}) => {
      this.erasureId = (await api.deleteAccount(password || null)).erasure_id;
      forgetOthers();
      await this.updateComplete;
      part(this, '#farewell').focus();
    });
  }

  /** @param {string} id */
  #endSession(id) {
    this.#attempt(async () => {
      await api.endSession(id);
      this.sessions = await api.sessions();
      part(this, '#sessions-title').focus();
      part(this, 'notice-bar').say('That session is ended.');
    });
  }

  /**
   * @param {string} id
   * @param {string} name
   */
  async #revoke(id, name) {
    const sure = await part(this, 'confirm-dialog').ask({
      title: html`Revoke <bdi>${name}</bdi>?`,
      text: 'Programs that use this key stop working at once.',
      action: 'Revoke',
    });
    if (!sure) return;
    await this.#attempt(async () => {
      await api.revokeApiKey(id);
      this.secret = undefined;
      this.keys = await api.apiKeys();
      part(this, '#keys-title').focus();
      part(this, 'notice-bar').say(`${name} is revoked.`);
    });
  }

  /**
   * @param {SubmitEvent & At<HTMLFormElement>} event
   * @param {Work} work
   */
  #submit(event, work) {
    event.preventDefault();
    this.#send(event.target, work);
  }

  /**
   * Says what is wrong at its field, and takes the focus there.
   *
   * @param {HTMLFormElement} form
   * @param {Work} work
   */
  async #send(form, work) {
    const focused = this.shadowRoot?.activeElement;
    this.wrong = {};
    const typed = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
    await this.#attempt(() => work(form, Object.fromEntries(typed)));
    await this.updateComplete;
    const wrong = firstWrong(form);
    if (wrong) wrong.focus();
    // A button loses the focus while it is disabled.
    else if (!this.shadowRoot?.activeElement && focused instanceof HTMLElement) focused.focus();
  }

  /** @param {() => Promise<void>} work */
  async #attempt(work) {
    this.busy = true;
    try {
      await work();
    } catch (thrown) {
      const problem = api.failure(thrown);
      this.wrong = problem.fields ?? {};
      if (!Object.keys(this.wrong).length) part(this, 'notice-bar').complain(problem);
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('account-page', AccountPage);
