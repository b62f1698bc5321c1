import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {basics, buttons} from './shared-styles.js';
import {speaker, stop} from './icons.js';
import {sound} from './sound.js';

const SPEAKABLE_LENGTH = 5000;
const UNPLAYABLE = 'This browser cannot play the voice.';
const VOICES = {
  custom: 'its own recorded voice',
  preset: 'its ready voice',
  default: "the platform's own voice",
};
/** Why a better voice did not speak; whoever runs the platform reads the rest in its metrics. */
const REASONS = {
  no_api_key: 'other voices need an ElevenLabs key',
  cloning: 'its recording is still being cloned',
  no_consent: 'its recording may not be cloned without consent',
  quota_exceeded: 'the voice quota is used up',
  voice_not_found: 'its ready voice is no longer offered',
  paid_plan_required: 'its voice is not in the plan of the voice account',
};
/** The button whose reply is being read. */
let speaking;

/** Reads one reply aloud and says which voice it is. One reply speaks at a time. */
class ListenButton extends LitElement {
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
      await Promise.all([this.#player.play(), whole]);
    } catch (problem) {
      if (!signal.aborted) this.#fail(problem);
    }
  }

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

function spokenWith({source, fallback}) {
  const voice = VOICES[source] ? `Spoken with ${VOICES[source]}` : '';
  const reason = fallback.split(', ').map((code) => REASONS[code]).find(Boolean);
  return voice && reason ? `${voice}: ${reason}.` : voice;
}
customElements.define('listen-button', ListenButton);
