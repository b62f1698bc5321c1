import {LitElement, css, html} from 'lit';
import {basics, buttons, fields} from './shared-styles.js';
import {speaker, stop} from './icons.js';

/**
 * @typedef {{kind: 'preset', voiceId: string}
 *   | {kind: 'recording', file?: File, consent: boolean}
 *   | {kind: 'kept'}} Choice
 */

/**
 * @typedef {object} Properties
 * @property {Api.VoicePreset[]} presets
 * @property {string} [error]
 * @property {boolean} [hasRecording]
 * @property {boolean} [own]
 * @property {string} voiceId
 * @property {boolean} [playing]
 * @property {string} [notice]
 */

/**
 * Chooses a voice: a ready one, or a recording of one's own with consent.
 *
 * `choice` is `{kind: 'preset', voiceId}`, `{kind: 'recording', file, consent}` (a new one) or
 * `{kind: 'kept'}` (the recording that the persona already has).
 */
export class VoicePicker extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    presets: {attribute: false},
    error: {attribute: false},
    hasRecording: {state: true},
    own: {state: true},
    voiceId: {state: true},
    playing: {state: true},
    notice: {state: true},
  };

  static styles = [
    basics,
    buttons,
    fields,
    css`
      fieldset {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      .kinds {
        display: flex;
        flex-wrap: wrap;
        gap: 0 24px;
      }
      .preset {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 10px;
      }
      .recording {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
        padding: 14px 16px;
        border-radius: var(--round-small);
        background: var(--sunken);
      }
    `,
  ];

  /** @type {HTMLAudioElement | undefined} */
  #sound;

  constructor() {
    super();
    /** @type {Api.VoicePreset[]} */
    this.presets = [];
    this.voiceId = '';
  }

  /** @returns {Choice} */
  get choice() {
    if (!this.own) return {kind: 'preset', voiceId: this.voiceId};
    const file = this.#file?.files?.[0];
    if (!file && this.hasRecording) return {kind: 'kept'};
    return {kind: 'recording', file, consent: this.#consent?.checked ?? false};
  }

  /** @returns {HTMLInputElement | null} */
  get #file() {
    return this.renderRoot?.querySelector('#voice_file');
  }

  /** @returns {HTMLInputElement | null} */
  get #consent() {
    return this.renderRoot?.querySelector('#consent');
  }

  /** @param {Partial<Api.Persona>} [persona] */
  reset(persona) {
    this.#silence();
    this.hasRecording = Boolean(persona?.has_custom_voice);
    this.own = this.hasRecording;
    this.voiceId = persona?.voice_id ?? '';
    this.error = undefined;
    if (this.#file) this.#file.value = '';
    if (this.#consent) this.#consent.checked = false;
  }

  disconnectedCallback() {
    this.#silence();
    super.disconnectedCallback();
  }

  render() {
    const preset = this.presets.find(({id}) => id === this.voiceId);
    const stale = this.voiceId && !preset;
    /**
     * @param {boolean} own
     * @param {string} text
     */
    const kind = (own, text) => html`<label class="choice">
      <input type="radio" name="kind" .checked=${Boolean(this.own) === own} @change=${() => this.#pickKind(own)}>${text}
    </label>`;
    return html`<fieldset>
      <legend>Voice</legend>
      <div class="kinds">${kind(false, 'A ready voice')}${kind(true, 'A recording of my own')}</div>
      <div ?hidden=${this.own} class="field">
        <div class="preset">
          <select aria-label="Ready voice" aria-invalid=${this.error && !this.own ? 'true' : 'false'} .value=${this.voiceId} aria-describedby="about wrong"
            @change=${this.#pickPreset}>
            <option value="" ?selected=${!this.voiceId}>The platform's own voice</option>
            ${stale ? html`<option value=${this.voiceId} selected>A voice that is no longer offered</option>` : ''}
            ${this.presets.map(
              ({id, name, available}) => html`<option value=${id} ?selected=${id === this.voiceId}>
                ${name}${available === false ? ' (not available now)' : ''}
              </option>`,
            )}
          </select>
          ${preset?.preview_url
            ? html`<button type="button" @click=${this.#preview}>
                ${this.playing ? stop : speaker}${this.playing ? 'Stop' : 'Preview'}
              </button>`
            : ''}
        </div>
        <span class="hint" id="about">${preset?.description ?? ''}</span>
        <span class="hint" role="status">${this.notice ?? ''}</span>
      </div>
      <div ?hidden=${!this.own} class="recording">
        <label for="voice_file">${this.hasRecording ? 'Replace the recording' : 'Recording'}</label>
        <input id="voice_file" type="file" accept="audio/*,.mp3,.wav,.ogg,.m4a,.flac" aria-describedby="limits wrong"
          aria-invalid=${this.error && this.own ? 'true' : 'false'}>
        <span class="hint" id="limits">
          ${this.hasRecording ? 'This persona already speaks with a recording; choose a file only to replace it. ' : ''}
          1 to 180 seconds of one clear speaker; MP3, WAV, OGG, M4A or FLAC up to 10 MB.
        </span>
        <label class="choice">
          <input id="consent" type="checkbox">
          <span>This is my voice, or its owner allowed me to have it cloned.</span>
        </label>
      </div>
      <span class="wrong" id="wrong">${this.error ?? ''}</span>
    </fieldset>`;
  }

  /** @param {boolean} own */
  #pickKind(own) {
    this.#silence();
    this.own = own;
    this.error = undefined;
  }

  /** @param {At<HTMLSelectElement>} event */
  #pickPreset({target}) {
    this.#silence();
    this.voiceId = target.value;
    this.error = undefined;
  }

  async #preview() {
    if (this.playing) {
      this.#silence();
      return;
    }
    const preset = this.presets.find(({id}) => id === this.voiceId);
    if (!preset) return;
    const {id, name, preview_url: given} = preset;
    // The page may only play what comes from this platform, which serves every preview itself.
    const url = new URL(given, location.href);
    const own = `/api/personas/voice-presets/${encodeURIComponent(id)}/preview`;
    this.#sound = new Audio(url.origin === location.origin ? url.href : own);
    this.#sound.addEventListener('ended', () => this.#silence());
    this.playing = true;
    this.notice = '';
    const sound = this.#sound;
    try {
      await sound.play();
    } catch {
      if (sound !== this.#sound) return; // stopped while it was loading
      this.#silence();
      this.notice = `There is no preview of ${name} right now.`;
    }
  }

  #silence() {
    this.#sound?.pause();
    this.#sound = undefined;
    this.playing = false;
    this.notice = '';
  }
}
customElements.define('voice-picker', VoicePicker);
