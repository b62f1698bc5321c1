import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {basics, buttons} from './shared-styles.js';
import {speaker, stop} from './icons.js';
import {sound} from './sound.js';
import {spokenWith} from './words.js';

const SPEAKABLE_LENGTH = 5000;
const UNPLAYABLE = 'This browser cannot play the voice.';
/**
 * The button whose reply is being read.
 *
 * @type {ListenButton | undefined}
 */
let speaking;

/**
 * @typedef {object} Properties
 * @property {number} personaId
 * @property {string} text
 * @property {boolean} [loading]
 * @property {string} [notice]
 * @property {string} [url]
 */

/** Reads one reply aloud and says which voice it is. One reply speaks at a time. */
export class ListenButton extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    personaId: {attribute: false},
    text: {attribute: false},
    loading: {state: true},
    notice: {state: true},
    url: {state: true},
  };

  static styles = [
    basics,
    buttons,
    css`
      :host {
        margin-block-start: 6px;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
      }
      button {
        min-height: 40px;
        margin-inline-start: -10px;
        padding: 4px 12px;
        font-size: 14px;
      }
      audio {
        width: min(300px, 100%);
        height: 40px;
      }
      span {
        color: var(--ink-soft);
        font-size: 14px;
      }
    `,
  ];

  /** @type {AbortController | undefined} */
  #request;

  disconnectedCallback() {
    this.stop();
    super.disconnectedCallback();
  }

  render() {
    const active = this.loading || this.url;
    return html`<div>
      <button class="quiet" type="button" @click=${active ? this.stop : this.#listen}>
        ${active ? stop : speaker}${active ? 'Stop' : 'Listen'}
      </button>
      ${this.url
        ? html`<audio controls disableremoteplayback src=${this.url} aria-label="The reply, spoken"
            @ended=${this.stop} @error=${() => this.#fail(new Error('not decodable'))}></audio>`
        : ''}
      <span role="status">${this.loading ? 'Getting the voice…' : this.notice}</span>
    </div>`;
  }

  /** Ends the reading and whatever it holds: the request, the player, the sound. */
  stop() {
    this.#request?.abort();
    this.#request = undefined;
    this.#player?.pause();
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = undefined;
    this.loading = false;
    if (speaking === this) speaking = undefined;
  }

  async #listen() {
    speaking?.stop();
    speaking = this;
    this.#request = new AbortController();
    const {signal} = this.#request;
    this.loading = true;
    this.notice = '';
    try {
      const speech = await api.speak(this.personaId, this.text.slice(0, SPEAKABLE_LENGTH), signal);
      const {url, whole} = await sound(speech);
      this.url = url;
      this.loading = false;
      this.notice = spokenWith(speech);
      await this.updateComplete;
      this.scrollIntoView({block: 'nearest'}); // it grew, perhaps out of sight
      await Promise.all([this.#player?.play(), whole]);
    } catch (thrown) {
      if (!signal.aborted) this.#fail(api.failure(thrown));
    }
  }

  /** @param {Failure} problem */
  #fail(problem) {
    // The browser wants a press on the player's own button, which is there now.
    if (problem.name === 'NotAllowedError') return;
    this.notice = problem instanceof api.ApiProblem ? problem.message : UNPLAYABLE;
    const player = this.#player;
    if (player?.error || !player?.buffered.length) this.stop();
  }

  get #player() {
    return this.renderRoot?.querySelector('audio');
  }
}

customElements.define('listen-button', ListenButton);
