import {LitElement, css, html} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import * as api from './api.js';
import {part} from './parts.js';
import {basics, buttons} from './shared-styles.js';
import {forgetOthers} from './drafts.js';
import {plus} from './icons.js';
import './active-persona.js';
import './chat-panel.js';
import './confirm-dialog.js';
import './erasure-status.js';
import './notice-bar.js';
import './persona-card.js';
import './persona-dialog.js';
import './site-header.js';

/**
 * @typedef {object} Properties
 * @property {Api.Account} [account]
 * @property {Api.Persona[]} [personas]
 * @property {{id: string, name: string}[]} erasures
 * @property {boolean} [busy]
 * @property {Failure} [failed]
 */

/** The page `/users/personas`: who is active, the chat, and everyone there is to choose from. */
export class PersonaApp extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    account: {state: true},
    personas: {state: true},
    erasures: {state: true},
    busy: {state: true},
    failed: {state: true},
  };

  static styles = [
    basics,
    buttons,
    css`
      main {
        display: grid;
        grid-template: 'active chat' auto 'choice chat' 1fr / minmax(0, 1fr) minmax(380px, 440px);
        gap: var(--gap);
        max-width: 1320px;
        margin: 0 auto;
        padding: var(--gap);
      }
      active-persona {
        grid-area: active;
      }
      chat-panel {
        grid-area: chat;
        position: sticky;
        top: calc(61px + var(--gap));
        height: calc(100dvh - 61px - 2 * var(--gap));
        min-height: 420px;
      }
      .choice {
        grid-area: choice;
        display: grid;
        align-content: start;
        gap: 16px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 10px;
      }
      h2 {
        font-size: 26px;
      }
      .choice h2:not(:first-child) {
        margin-top: 20px;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(200px, 100%), 1fr));
        gap: 16px;
        padding: 0;
        list-style: none;
      }
      .none {
        padding: 28px 20px;
        border: 1.5px dashed var(--edge);
        border-radius: var(--round);
        color: var(--ink-soft);
        text-align: center;
      }
      .wait {
        display: grid;
        justify-items: center;
        gap: 16px;
        padding: 20vh 24px;
        color: var(--ink-soft);
        text-align: center;
      }
      @media (max-width: 1000px) {
        main {
          grid-template: 'active' auto 'chat' auto 'choice' auto / minmax(0, 1fr);
        }
        chat-panel {
          position: static;
          height: min(620px, 78dvh);
        }
      }
      @media (max-width: 600px) {
        main {
          padding-inline: 12px;
        }
        .grid {
          grid-template-columns: minmax(0, 1fr);
          gap: 12px;
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {{id: string, name: string}[]} */
    this.erasures = [];
    this.addEventListener('choose', ({detail}) => this.#choose(detail));
    this.addEventListener('talk', () => part(this, 'chat-panel').focus());
    this.addEventListener('edit', ({detail}) => this.#openDialog(detail));
    this.addEventListener('remove', ({detail}) => this.#remove(detail));
    this.addEventListener('problem', ({detail}) => part(this, 'notice-bar').complain(detail));
    this.addEventListener('saved', ({detail}) => this.#saved(detail));
  }

  connectedCallback() {
    super.connectedCallback();
    this.#start();
  }

  render() {
    return html`
      <site-header .account=${this.account}></site-header>
      ${this.personas ? this.#page(this.personas) : this.#waiting()}
      <persona-dialog></persona-dialog>
      <confirm-dialog></confirm-dialog>
      <notice-bar></notice-bar>
    `;
  }

  /** @param {Api.Persona[]} personas */
  #page(personas) {
    const active = personas.find((persona) => persona.is_current);
    const system = personas.filter((persona) => !persona.is_custom);
    const custom = personas.filter((persona) => persona.is_custom);
    return html`<main>
      <h1 class="unseen">Your personas</h1>
      ${active
        ? html`<active-persona .persona=${active}></active-persona><chat-panel
            .account=${this.account} .persona=${active}></chat-panel>`
        : ''}
      <div class="choice">
        <h2 id="system">Meet the family</h2>
        <ul class="grid" aria-labelledby="system">${this.#cards(system)}</ul>
        <div class="head">
          <h2 id="custom" tabindex="-1">Made by you</h2>
          <button class="main" type="button" @click=${() => this.#openDialog()}>${plus}New persona</button>
        </div>
        ${repeat(
          this.erasures,
          ({id}) => id,
          ({id, name}) => html`<erasure-status .erasureId=${id} .name=${name}
            @dismiss=${() => this.#dismiss(id)}></erasure-status>`,
        )}
        ${custom.length
          ? html`<ul class="grid" aria-labelledby="custom">${this.#cards(custom)}</ul>`
          : html`<p class="none">Nobody yet. Create a persona with a face, a voice and a character of your choice.</p>`}
      </div>
    </main>`;
  }

  /** @param {Api.Persona[]} personas */
  #cards(personas) {
    return repeat(
      personas,
      ({id}) => id,
      (persona) => html`<li><persona-card .persona=${persona} ?busy=${this.busy}></persona-card></li>`,
    );
  }

  #waiting() {
    return html`<main class="wait">
      ${this.failed
        ? html`<p role="alert">${this.failed.message}</p>
            <button type="button" class="main" @click=${this.#start}>Try again</button>`
        : html`<p role="status">Calling everyone together…</p>`}
    </main>`;
  }

  async #start() {
    this.failed = undefined;
    try {
      const [account, personas] = await Promise.all([api.me(), api.personas()]);
      forgetOthers(account);
      [this.account, this.personas] = [account, personas];
    } catch (thrown) {
      const problem = api.failure(thrown);
      if (!api.sentToSignIn(problem)) this.failed = problem;
    }
  }

  /** @param {Api.Persona} persona */
  async #choose({id, display_name: name}) {
    await this.#attempt(async () => {
      await api.switchTo(id);
      await this.#refresh();
      part(this, 'notice-bar').say(`You are with ${name} now.`);
    });
  }

  /** @param {Api.Persona} persona */
  async #remove({id, display_name: name}) {
    const sure = await part(this, 'confirm-dialog').ask({
      title: html`Delete <bdi>${name}</bdi>?`,
      text: html`The profile, picture, voice and everything <bdi>${name}</bdi> remembers of you will be erased. This cannot be undone.`,
      action: 'Delete',
    });
    if (!sure) return;
    await this.#attempt(async () => {
      const {erasure_id: erasure} = await api.deletePersona(id);
      if (erasure) this.erasures = [...this.erasures, {id: erasure, name}];
      await this.#refresh();
      await this.updateComplete;
      part(this, '#custom').focus();
    });
  }

  /** @param {Api.Persona} [persona] none makes a new one */
  async #openDialog(persona) {
    await this.#attempt(() => part(this, 'persona-dialog').open(persona));
  }

  /** @param {string} sentence */
  async #saved(sentence) {
    await this.#attempt(async () => {
      await this.#refresh();
      part(this, 'notice-bar').say(sentence);
    });
  }

  /** @param {string} id */
  #dismiss(id) {
    this.erasures = this.erasures.filter((erasure) => erasure.id !== id);
    part(this, '#custom').focus();
  }

  async #refresh() {
    this.personas = await api.personas();
  }

  /** @param {() => Promise<void>} work */
  async #attempt(work) {
    this.busy = true;
    try {
      await work();
    } catch (thrown) {
      part(this, 'notice-bar').complain(api.failure(thrown));
    } finally {
      this.busy = false;
    }
  }
}
customElements.define('persona-app', PersonaApp);
