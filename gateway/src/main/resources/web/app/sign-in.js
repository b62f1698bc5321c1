import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {basics, buttons, fields} from './shared-styles.js';

/** What the way back from the provider may end with, as `?problem=` says. */
const PROBLEMS = {
  provider: (name) => `${name} cannot be reached just now, or did not answer as it should. Please try again in a while.`,
  busy: () => 'Too many people are signing in just now. Please try again in a moment.',
  declined: (name) => `You were not signed in: ${name} says that the sign-in was cancelled or is not allowed for you.`,
  stale: () => 'That sign-in took too long, or was begun elsewhere. Please begin again.',
  untrusted: (name) => `You were not signed in: the answer of ${name} could not be verified. Please tell whoever runs MyBella.`,
  'email-missing': (name) => `You were not signed in: ${name} does not tell your e-mail address, and MyBella needs one.`,
  'email-unverified': (name) =>
    `You were not signed in: ${name} has not verified your e-mail address yet. Verify it there, then try again.`,
  'email-taken': () =>
    'There is already another account with your e-mail address. Sign in to it the way you did before.',
  inactive: () => 'This account is not active.',
};

/** Only pages for people who are signed in, whatever the address asks for. */
const RETURN_PATH = /^\/users\/[a-z]+$/;
const START = '/users/personas';

/** Signs in, or creates an account; `#register` opens the latter. */
class SignIn extends LitElement {
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

  #returnPath = START;

  #follow = () => {
    this.registering = this.localAccounts && location.hash === '#register';
    this.problem = undefined;
    document.title = `${this.registering ? 'Create an account' : 'Sign in'} · MyBella`;
  };

  connectedCallback() {
    super.connectedCallback();
    const asked = new URLSearchParams(location.search).get('return_to') ?? '';
    if (RETURN_PATH.test(asked)) this.#returnPath = asked;
    this.#follow();
    addEventListener('hashchange', this.#follow);
  }

  /** Said once the page stands, so that screen readers notice; a reload does not say it again. */
  firstUpdated() {
    const code = new URLSearchParams(location.search).get('problem');
    if (code === null) return;
    const text = Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : PROBLEMS.provider;
    this.problem = {message: text(this.provider ?? 'The provider')};
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

  #field(name, label, type, autocomplete, error) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} type=${type} autocomplete=${autocomplete} dir="auto" required
        aria-invalid=${error ? 'true' : 'false'} aria-describedby="${name}-wrong">
      <span class="wrong" id="${name}-wrong">${error ?? ''}</span>
    </div>`;
  }

  async #submit(event) {
    event.preventDefault();
    const {name, email, password} = Object.fromEntries(new FormData(event.target));
    this.busy = true;
    try {
      await (this.registering ? api.register(name, email, password) : api.login(email, password));
      location.assign(this.#returnPath);
    } catch (problem) {
      this.problem = problem;
      this.busy = false;
      await this.updateComplete;
      this.renderRoot.querySelector('[aria-invalid="true"]')?.focus();
    }
  }
}
customElements.define('sign-in', SignIn);
