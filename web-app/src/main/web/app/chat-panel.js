import {LitElement, css, html} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import * as api from './api.js';
import {draftOf, keepDraft} from './drafts.js';
import {part} from './parts.js';
import {basics, buttons, fields} from './shared-styles.js';
import {arrow, cross, glass, stop} from './icons.js';
import {mayPass} from './words.js';
import './chat-message.js';
import './confirm-dialog.js';
import './history-search.js';

const MESSAGE_LENGTH = 8000;
const OFFLINE_MODEL = 'mybella-offline';
/** As far from the end a reader still counts as being there: pixels may be fractions, and fingers are not exact. */
const AT_THE_END_PIXELS = 24;

/** Unique, also where pages are no secure context and `crypto.randomUUID` is missing. */
const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** @param {{id: string}} turn */
const partOf = ({id}) => `part-${id}`;

/**
 * @typedef {import('./chat-message.js').Said & {id: string}} Entry
 */

/**
 * @typedef {object} Turn something said, until its answer is there
 * @property {string} id
 * @property {string} content
 * @property {Entry} [shown] what stands for it in the history
 * @property {boolean} [taken] whether it is remembered
 */

/**
 * @typedef {object} Properties
 * @property {Api.Account} account
 * @property {Api.Persona} persona
 * @property {Entry[]} history
 * @property {string} [cursor] where the history goes on
 * @property {boolean} [loading]
 * @property {string} [growing]
 * @property {string | false} [offline] why, if it is
 * @property {string} [said]
 * @property {Failure} [trouble]
 * @property {boolean} [searching]
 * @property {string} [visited]
 */

/** The conversation with the active persona: its own history and nobody else's. */
export class ChatPanel extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    account: {attribute: false},
    persona: {attribute: false},
    history: {state: true},
    cursor: {state: true},
    loading: {state: true},
    growing: {state: true},
    offline: {state: true},
    said: {state: true},
    trouble: {state: true},
    searching: {state: true},
    visited: {state: true},
  };

  static styles = [
    basics,
    buttons,
    fields,
    css`
      section {
        display: flex;
        flex-direction: column;
        height: 100%;
        min-height: 420px;
        border: 1px solid var(--line);
        border-radius: var(--round);
        background: var(--surface);
        box-shadow: var(--shadow);
        overflow: hidden;
      }
      .top {
        display: flex;
        align-items: center;
        gap: 8px;
        padding-block: 10px;
        padding-inline: 20px 10px;
        border-bottom: 1px solid var(--line);
      }
      h2 {
        flex: 1;
        min-width: 0;
        font-size: 20px;
        overflow-wrap: anywhere;
      }
      .top button {
        flex: none;
        padding-inline: 12px;
        font-size: 14px;
      }
      .log {
        flex: 1;
        display: flex;
        flex-direction: column;
        gap: 12px;
        min-height: 0;
        padding: 20px;
        overflow-y: auto;
        overscroll-behavior: contain;
      }
      .log:focus-visible {
        outline-offset: -3px;
      }
      .older {
        align-self: center;
      }
      .past {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 12px;
        padding: 4px 20px;
        background: var(--accent-soft);
        color: var(--on-accent-soft);
        font-size: 15px;
      }
      chat-message[visited] {
        border-radius: 18px;
        outline: 3px solid var(--accent);
        outline-offset: 3px;
      }
      .empty {
        margin: auto;
        max-width: 30ch;
        color: var(--ink-soft);
        text-align: center;
      }
      .offline {
        padding: 8px 20px;
        background: var(--sunken);
        font-size: 14px;
      }
      .trouble:not(:empty) {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        padding: 8px 20px;
        background: var(--danger-soft);
        font-size: 15px;
        overflow-wrap: anywhere;
      }
      .trouble a {
        color: inherit;
        font-weight: 600;
      }
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        align-items: end;
        gap: 10px;
        padding: 12px;
        border-top: 1px solid var(--line);
      }
      textarea {
        min-height: 48px;
        max-height: 180px;
        border-radius: 24px;
        padding-inline: 18px;
        field-sizing: content;
        resize: none;
      }
      form button {
        width: 48px;
        height: 48px;
        padding: 0;
      }
      @media (max-width: 600px) {
        .log {
          padding: 14px;
        }
      }
    `,
  ];

  #visit = new AbortController();

  constructor() {
    super();
    /** @type {Entry[]} */
    this.history = [];
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (this.#isNew(changed)) this.#enter();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (this.#isNew(changed)) this.#box.value = draftOf(this.account, this.persona);
  }

  focus() {
    this.#box.focus();
  }

  disconnectedCallback() {
    this.#visit.abort();
    super.disconnectedCallback();
  }

  render() {
    const {display_name: name} = this.persona;
    const answering = this.growing !== undefined;
    return html`<section aria-labelledby="title">
      <div class="top">
        <h2 id="title">Chat with <bdi>${name}</bdi></h2>
        <button class="quiet" type="button" aria-expanded=${this.searching ? 'true' : 'false'}
          aria-label=${this.searching ? 'Close the search' : 'Search our conversation'}
          title=${this.searching ? 'Close the search' : 'Search our conversation'}
          ?disabled=${!this.searching && !this.history.length} @click=${this.#toggleSearch}>${this.searching ? cross : glass}</button>
        <button class="quiet" type="button" aria-label="Forget our conversation" title="Forget our conversation"
          ?disabled=${!this.history.length || answering} @click=${this.#forget}>Forget</button>
      </div>
      ${this.searching
        ? html`<history-search .persona=${this.persona} @visit=${this.#visitMessage} @keydown=${this.#searchKey}></history-search>`
        : ''}
      ${this.visited
        ? html`<div class="past">
            <span>You are looking at what was said earlier.</span>
            <button class="quiet" type="button" @click=${this.#now}>Back to now</button>
          </div>`
        : ''}
      <div class="log" role="log" aria-label="Conversation with ${name}" tabindex="0" ?hidden=${this.searching}
        @visit=${this.#visitMessage}
        aria-busy=${this.loading || answering ? 'true' : 'false'}>
        ${this.cursor
          ? html`<button class="older quiet" type="button" ?disabled=${this.loading} @click=${this.#older}>
              Show older messages
            </button>`
          : ''}
        ${!this.loading && !this.history.length && !answering
          ? html`<p class="empty">No words between you and <bdi>${name}</bdi> yet. Say hello.</p>`
          : ''}
        ${repeat(
          this.history,
          (message) => message.id,
          (message) => html`<chat-message .message=${message} .persona=${this.persona}
            ?visited=${message.id === this.visited}></chat-message>`,
        )}
        ${answering
          ? html`<chat-message growing .persona=${this.persona}
              .message=${{role: 'assistant', content: this.growing}}></chat-message>`
          : ''}
      </div>
      <p class="unseen" role="status">${this.said ?? ''}</p>
      <p class="offline" ?hidden=${!this.offline}>
        <bdi>${name}</bdi> answers offline${this.offline === 'unconfigured'
          ? ': no language model is connected'
          : ' for now: the language model cannot be reached'}, so replies are simple.
      </p>
      <div class="trouble" role="alert">${this.trouble ? this.#explain(this.trouble) : ''}</div>
      <form @submit=${this.#submit}>
        <label class="unseen" for="words">Message to ${name}</label>
        <textarea id="words" rows="1" maxlength=${MESSAGE_LENGTH} dir="auto" placeholder="Write to ${name}…"
          enterkeyhint="send" @keydown=${this.#key} @input=${this.#typed}></textarea>
        ${answering
          ? html`<button type="button" aria-label="Stop the answer" @click=${this.#stop}>${stop}</button>`
          : html`<button class="main" aria-label="Send">${arrow}</button>`}
      </form>
      <confirm-dialog></confirm-dialog>
    </section>`;
  }

  /** @param {Failure} problem */
  #explain(problem) {
    return problem.status === 401
      ? html`<span>You have been signed out. Your message is kept here.</span>
          <a href=${api.signInAddress()}>Sign in again</a>`
      : html`<span>${problem.message}</span>
          ${mayPass(problem) ? html`<button type="button" @click=${this.#retry}>Try again</button>` : ''}`;
  }

  /** @param {Map<string, unknown>} changed */
  #isNew(changed) {
    const last = /** @type {Api.Persona | undefined} */ (changed.get('persona'));
    return changed.has('persona') && last?.id !== this.persona.id;
  }

  /** Begins anew with another persona; whatever is still on its way for the last one is dropped. */
  #enter() {
    this.#visit.abort();
    this.#visit = new AbortController();
    this.history = [];
    this.cursor = undefined;
    this.growing = undefined;
    this.offline = false;
    this.said = '';
    this.trouble = undefined;
    this.#unsure = undefined;
    this.searching = false;
    this.visited = undefined;
    this.#load();
  }

  async #load() {
    const {signal} = this.#visit;
    this.loading = true;
    try {
      const page = await api.messages(this.persona.id, {before: this.cursor, signal});
      if (signal.aborted) return;
      this.history = [...page.messages, ...this.history];
      this.cursor = page.next_before ?? undefined;
      this.loading = false;
      const reply = this.history.findLast(({role}) => role === 'assistant');
      this.offline = reply?.model === OFFLINE_MODEL && 'unconfigured';
    } catch (thrown) {
      if (signal.aborted) return;
      this.loading = false;
      this.#complain(thrown);
      return;
    }
    await this.updateComplete;
    this.#toEnd();
  }

  async #older() {
    const log = this.#log;
    const fromEnd = log.scrollHeight - log.scrollTop;
    const {signal} = this.#visit;
    this.loading = true;
    try {
      const page = await api.messages(this.persona.id, {before: this.cursor, signal});
      if (signal.aborted) return;
      this.history = [...page.messages, ...this.history];
      this.cursor = page.next_before ?? undefined;
    } catch (thrown) {
      if (!signal.aborted) this.#complain(thrown);
    } finally {
      if (!signal.aborted) this.loading = false;
    }
    await this.updateComplete;
    await this.#drawn();
    log.scrollTop = log.scrollHeight - fromEnd; // what was read stays where it was
    log.focus();
  }

  async #toggleSearch() {
    this.searching = !this.searching;
    await this.updateComplete;
    if (this.searching) part(this, 'history-search').focus();
    else this.#toEnd();
  }

  /** @param {KeyboardEvent} event */
  #searchKey(event) {
    if (event.key === 'Escape') this.#toggleSearch();
  }

  /**
   * Shows a message where it stands, with what was said around it.
   *
   * @param {CustomEvent<string>} event
   */
  async #visitMessage({detail: id}) {
    const {signal} = this.#visit;
    try {
      const page = await api.messages(this.persona.id, {around: id, signal});
      if (signal.aborted || this.growing !== undefined) return;
      this.history = page.messages;
      this.cursor = page.next_before ?? undefined;
      this.visited = id;
      this.searching = false;
    } catch (thrown) {
      if (!signal.aborted) this.#complain(thrown);
      return;
    }
    await this.updateComplete;
    await this.#drawn();
    this.renderRoot.querySelector('chat-message[visited]')?.scrollIntoView({block: 'center'});
    this.#log.focus({preventScroll: true});
  }

  /** Back to where the conversation goes on. */
  async #now() {
    this.history = [];
    this.cursor = undefined;
    this.visited = undefined;
    await this.#load();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#box.form?.requestSubmit();
    }
  }

  #typed() {
    keepDraft(this.account, this.persona, this.#box.value);
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const words = this.#box.value.trim();
    if (!words || this.growing !== undefined) return;
    this.#box.value = '';
    this.searching = false;
    if (this.visited) await this.#now();
    const unsure = this.#unsure;
    await this.#say(unsure?.content === words ? unsure : {id: newId(), content: words});
  }

  /** Says the same once more; under the same id it is remembered once. */
  #retry() {
    if (this.#unsure?.taken) this.#say(this.#unsure);
    else this.#box.form?.requestSubmit();
    this.focus();
  }

  /** @param {Turn} turn */
  async #say(turn) {
    const {signal} = this.#visit;
    this.#answer = new AbortController();
    this.#unsure = undefined;
    if (!turn.taken) this.#show(turn);
    this.growing = '';
    this.said = '';
    this.trouble = undefined;
    await this.updateComplete;
    await this.#toEnd();
    try {
      const both = AbortSignal.any([signal, this.#answer.signal]);
      for await (const {event, data} of api.chat(this.persona.id, turn, both)) {
        if (signal.aborted) return;
        if (event === 'error') throw new api.ApiProblem({status: data.status ?? 0, message: data.error});
        await this.#follow(() => {
          if (event === 'message') this.#take(turn, data);
          if (event === 'delta') this.growing += data.text;
          if (event === 'reply') this.#replied(data);
        });
      }
      if (!signal.aborted) await this.#follow(() => this.#end(turn));
    } catch (thrown) {
      if (!signal.aborted) await this.#follow(() => this.#end(turn, api.failure(thrown)));
    }
  }

  /**
   * @param {Turn} turn
   * @param {Failure} [problem]
   */
  #end(turn, problem) {
    if (problem) {
      this.#unsure = turn;
      if (problem.name !== 'AbortError') this.trouble = problem;
      if (!turn.taken) this.#giveBack(turn);
    }
    if (this.growing) {
      // Whose connection broke may still have been answered and remembered, only not been told.
      const partial = problem?.status === 0 ? 'Broken off here.' : 'Broken off here, and not remembered.';
      this.#keep({id: partOf(turn), role: 'assistant', content: this.growing, partial});
    }
    this.growing = undefined;
  }

  /**
   * The last turn, if it failed: what was sent may have arrived or not.
   *
   * @type {Turn | undefined}
   */
  #unsure;

  /** @param {Turn} turn */
  #show(turn) {
    /** @type {Entry} */
    const shown = {id: turn.id, role: 'user', content: turn.content, created_at: new Date().toISOString()};
    turn.shown = shown;
    this.history = [...this.history, shown];
  }

  /**
   * What was said is remembered from here on.
   *
   * @param {Turn} turn
   * @param {Api.Message} message
   */
  #take(turn, message) {
    this.history = this.history
      .filter(({id}) => id !== partOf(turn))
      .map((each) => (each.id === turn.shown?.id ? message : each));
    turn.shown = message;
    turn.taken = true;
    this.#typed(); // what was written meanwhile
  }

  /**
   * Back to where it was written, before whatever was written since.
   *
   * @param {Turn} turn
   */
  #giveBack(turn) {
    this.history = this.history.filter((each) => each !== turn.shown);
    this.#box.value = [turn.content, this.#box.value].filter(Boolean).join('\n');
    this.#typed();
  }

  #answer = new AbortController();

  /** @param {Api.ChatReply} reply */
  #replied(reply) {
    this.#keep(reply);
    this.offline = reply.engine === 'offline' && (reply.fallback_reason ?? 'unconfigured');
  }

  /** @param {Entry} message */
  #keep(message) {
    this.history = [...this.history, message];
    this.said = `${this.persona.display_name}: ${message.content}`;
    this.growing = undefined;
  }

  #stop() {
    this.#answer.abort();
    this.focus();
  }

  async #forget() {
    const {id, display_name: name} = this.persona;
    const sure = await part(this, 'confirm-dialog').ask({
      title: 'Forget our conversation?',
      text: html`<bdi>${name}</bdi> will remember nothing of what you two said, but stays. This cannot be undone.`,
      action: 'Forget',
    });
    if (!sure) return;
    try {
      await api.forget(id);
      if (this.persona.id === id) this.#enter();
      this.said = `${name} has forgotten your conversation.`;
      this.focus();
    } catch (thrown) {
      this.#complain(thrown);
    }
  }

  get #box() {
    return part(this, 'textarea');
  }

  get #log() {
    return part(this, '.log');
  }

  get #atEnd() {
    const log = this.#log;
    return log.scrollHeight - log.scrollTop - log.clientHeight < AT_THE_END_PIXELS;
  }

  /**
   * Lets the log grow by what `work` does, and stays at its end if the reader was there before.
   *
   * @param {() => void} work
   */
  async #follow(work) {
    const following = this.#atEnd;
    work();
    await this.updateComplete;
    if (following) await this.#toEnd();
  }

  async #toEnd() {
    await this.#drawn();
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  async #drawn() {
    await Promise.all([...this.renderRoot.querySelectorAll('chat-message')].map((each) => each.updateComplete));
  }

  /** @param {unknown} thrown */
  #complain(thrown) {
    this.dispatchEvent(new CustomEvent('problem', {detail: api.failure(thrown), bubbles: true, composed: true}));
  }
}
customElements.define('chat-panel', ChatPanel);
