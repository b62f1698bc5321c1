import {LitElement, css, html} from 'lit';
import * as api from './api.js';
import {basics, buttons} from './shared-styles.js';
import {speaker} from './icons.js';

const SPEAKABLE_LENGTH = 5000;
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
let speaking;

/** Reads one reply aloud and says which voice it is. One reply speaks at a time. */
class ListenButton extends LitElement {
  static properties = {
    personaId: {attribute: false},
    text: {attribute: false},
    state: {state: true},
    source: {state: true},
    notice: {state: true},
    url: {state: true},
  };

  static styles = [
    basics,
    buttons,
    css`
      :host {
        margin-top: 6px;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
      }
      button {
        min-height: 40px;
        margin-left: -10px;
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
    this.#request?.abort();
    if (this.url) URL.revokeObjectURL(this.url);
    this.url = undefined;
    super.disconnectedCallback();
  }

  render() {
    return html`<div>
      ${this.url
        ? html`<audio controls src=${this.url} aria-label="The reply, spoken" @play=${this.#alone}></audio>`
        : html`<button class="quiet" type="button" aria-disabled=${this.state === 'loading' ? 'true' : 'false'} @click=${this.#listen}>
            ${speaker}${this.state === 'loading' ? 'Getting the voice…' : 'Listen'}
          </button>`}
      <span role="status">${this.notice ?? ''}</span>
    </div>`;
  }

  async #listen() {
    if (this.state === 'loading') return;
    this.state = 'loading';
    this.notice = '';
    this.#request = new AbortController();
    try {
      const {audio, source, fallback} = await api.speak(
        this.personaId,
        this.text.slice(0, SPEAKABLE_LENGTH),
        this.#request.signal,
      );
      this.url = URL.createObjectURL(audio);
      const voice = VOICES[source] ? `Spoken with ${VOICES[source]}` : '';
      const reason = fallback.split(', ').map((code) => REASONS[code]).find(Boolean);
      this.notice = voice && reason ? `${voice}: ${reason}.` : voice;
      await this.updateComplete;
      const player = this.renderRoot.querySelector('audio');
      player.focus();
      await player.play();
    } catch (problem) {
      if (problem.name === 'AbortError') return;
      // NotAllowedError: the browser wants a press on the player's own button, which is there now.
      if (problem.name !== 'NotAllowedError') this.notice = problem.message;
    } finally {
      this.state = 'idle';
    }
  }

  #alone(event) {
    if (speaking && speaking !== event.target) speaking.pause();
    speaking = event.target;
  }
}
customElements.define('listen-button', ListenButton);
