import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {firstWrong} from './parts.js';
import {basics, buttons, fields} from './shared-styles.js';
import {providerProblem, returnPath} from './signing-in.js';

/**
 * @typedef {object} Properties
 * @property {boolean} [localAccounts]
 * @property {string} [provider]
 * @property {boolean} [registering]
 * @property {boolean} [busy]
 * @property {Pick<Failure, 'message' | 'fields'>} [problem]
 */

/** Signs in, or creates an account; `#register` opens the latter. */
export class SignIn extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    localAccounts: {type: Boolean, attribute: 'local-accounts'},
    provider: {},
    registering: {state: true},
    busy: {state: true},
    problem: {state: true},
  };

  static styles = [
    basics,
    buttons,
    fields,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr);
        min-height: 100dvh;
      }
      aside {
        display: grid;
        align-content: center;
        justify-items: center;
        gap: 32px;
        padding: 48px;
        background: radial-gradient(circle at 50% 42%, var(--glow), transparent 62%), var(--sunken);
        text-align: center;
      }
      aside img {
        width: min(520px, 100%);
        height: auto;
      }
      aside p {
        max-width: 26ch;
        font: 600 clamp(22px, 2.4vw, 32px)/1.3 var(--serif);
        text-wrap: balance;
      }
      main {
        display: grid;
        align-content: center;
        justify-self: center;
        width: min(420px, 100%);
        gap: 24px;
        padding: 32px 24px;
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 10px;
        font: 600 22px var(--serif);
      }
      h1 {
        font-size: 34px;
      }
      form {
        display: grid;
        gap: 18px;
      }
      button.main {
        min-height: 50px;
        font-size: 17px;
      }
      a.button {
        min-height: 50px;
        font-size: 17px;
        text-decoration: none;
      }
      a.button:hover {
        border-color: var(--accent);
        background: var(--accent-soft);
      }
      a.button.main {
        border-color: var(--accent);
        background: var(--accent);
        color: var(--on-accent);
      }
      a.button.main:hover {
        border-color: var(--accent-strong);
        background: var(--accent-strong);
      }
      .or {
        display: flex;
        align-items: center;
        gap: 12px;
        color: var(--ink-soft);
      }
      .or::before,
      .or::after {
        flex: 1;
        border-top: 1px solid var(--line);
        content: '';
      }
      .other {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 10px;
        color: var(--ink-soft);
      }
      .alert:not(:empty) {
        padding: 12px 16px;
        border-radius: var(--round-small);
        background: var(--danger-soft);
        color: var(--ink);
      }
      @media (max-width: 800px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
          align-content: start;
        }
        aside {
          gap: 12px;
          padding: 24px 24px 20px;
        }
        aside img {
          width: min(260px, 70%);
        }
        aside p {
          font-size: 20px;
        }
      }
    `,
  ];

  #returnPath = returnPath(location.search);

  #follow = () => {
    this.registering = this.localAccounts && location.hash === '#register';
    this.problem = undefined;
    document.title = `${this.registering ? 'Create an account' : 'Sign in'} · MyBella`;
  };

  connectedCallback() {
    super.connectedCallback();
    this.#follow();
    addEventListener('hashchange', this.#follow);
  }

  /** Said once the page stands, so that screen readers notice; a reload does not say it again. */
  firstUpdated() {
    const code = new URLSearchParams(location.search).get('problem');
    if (code === null) return;
    this.problem = {message: providerProblem(code, this.provider)};
    history.replaceState(null, '', location.pathname + location.hash);
  }

  disconnectedCallback() {
    removeEventListener('hashchange', this.#follow);
    super.disconnectedCallback();
  }

  render() {
    const wrong = this.problem?.fields ?? {};
    const general = this.problem && !Object.keys(wrong).length ? this.problem.message : '';
    return html`
      <aside>
        <img src=${new URL('../images/welcome.webp', import.meta.url)} alt="" width="1040" height="720">
        <p>Somebody who remembers what you said last time.</p>
      </aside>
      <main>
        <div class="brand">
          <img src=${new URL('../icons/mybella.svg', import.meta.url)} alt="" width="36" height="36">MyBella
        </div>
        <h1>${this.registering ? 'Create your account' : 'Welcome back'}</h1>
        <div class="alert" role="alert">${general}</div>
        ${this.provider ? html`<a class="button ${this.localAccounts ? '' : 'main'}"
          href="/api/auth/oidc?return_to=${this.#returnPath}">Continue with ${this.provider}</a>` : ''}
        ${this.provider && this.localAccounts ? html`<p class="or">or</p>` : ''}
        ${this.localAccounts ? this.#form(wrong) : ''}
      </main>
    `;
  }

  /** @param {Wrong} wrong */
  #form(wrong) {
    return html`
        <form @submit=${this.#submit} novalidate>
          ${this.registering ? this.#field('name', 'Your name', 'text', 'name', wrong.name) : ''}
          ${this.#field('email', 'E-mail address', 'email', 'username', wrong.email)}
          ${this.#field(
            'password',
            'Password',
            'password',
            this.registering ? 'new-password' : 'current-password',
            wrong.password,
          )}
          <button class="main" ?disabled=${this.busy}>
            ${this.registering ? 'Create account' : 'Sign in'}
          </button>
        </form>
        <p class="other">
          ${this.registering
            ? html`Already here before? <button type="button" @click=${() => (location.hash = '')}>Sign in</button>`
            : html`New here? <button type="button" @click=${() => (location.hash = 'register')}>Create an account</button>`}
        </p>
    `;
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {string} type
   * @param {string} autocomplete
   * @param {string} [error]
   */
  #field(name, label, type, autocomplete, error) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} type=${type} autocomplete=${autocomplete} dir="auto" required
        aria-invalid=${error ? 'true' : 'false'} aria-describedby="${name}-wrong">
      <span class="wrong" id="${name}-wrong">${error ?? ''}</span>
    </div>`;
  }

  /** @param {SubmitEvent & At<HTMLFormElement>} event */
  async #submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    /** @param {string} field */
    const typed = (field) => String(form.get(field) ?? '');
    const [email, password] = [typed('email'), typed('password')];
    this.busy = true;
    try {
      await (this.registering ? api.register(typed('name'), email, password) : api.login(email, password));
      location.assign(this.#returnPath);
    } catch (thrown) {
      this.problem = api.failure(thrown);
      this.busy = false;
      await this.updateComplete;
      firstWrong(this.renderRoot)?.focus();
    }
  }
}
customElements.define('sign-in', SignIn);
