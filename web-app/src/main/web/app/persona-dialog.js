import {LitElement, css, html} from 'lit';
import {ifDefined} from 'lit/directives/if-defined.js';
import {live} from 'lit/directives/live.js';
import * as api from './api.js';
import {firstWrong, part} from './parts.js';
import {basics, buttons, fields, sheets} from './shared-styles.js';
import {missing} from './words.js';
import './picture-picker.js';
import './voice-picker.js';

const STYLES = ['nurturing', 'playful', 'calm', 'direct', 'thoughtful', 'encouraging', 'witty'];

/** @typedef {'name' | 'display_name' | 'description' | 'personality_traits' | 'communication_style' | 'tagline'} Line what is typed */

/**
 * @typedef {object} Properties
 * @property {Partial<Api.Persona>} persona
 * @property {Api.VoicePreset[]} presets
 * @property {Wrong} wrong
 * @property {string} [general]
 * @property {boolean} [busy]
 */

/** Creates a persona or edits one. Fires `saved` with a sentence about it. */
export class PersonaDialog extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    persona: {state: true},
    presets: {state: true},
    wrong: {state: true},
    general: {state: true},
    busy: {state: true},
  };

  static styles = [
    basics,
    buttons,
    fields,
    sheets,
    css`
      form {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 20px;
        padding: clamp(18px, 4vw, 32px);
      }
      h2 {
        font-size: 28px;
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
        align-items: start;
        gap: 20px;
      }
      .alert:not(:empty) {
        padding: 12px 16px;
        border-radius: var(--round-small);
        background: var(--danger-soft);
      }
      footer {
        position: sticky;
        bottom: 0;
        display: flex;
        justify-content: flex-end;
        gap: 10px;
        margin-block-end: calc(-1 * clamp(18px, 4vw, 32px));
        margin-inline: calc(-1 * clamp(18px, 4vw, 32px));
        padding: 14px clamp(18px, 4vw, 32px);
        border-top: 1px solid var(--line);
        background: var(--surface);
      }
    `,
  ];

  /** @type {string | null | undefined} */
  #version;

  constructor() {
    super();
    /** @type {Partial<Api.Persona>} */
    this.persona = {};
    /** @type {Api.VoicePreset[]} */
    this.presets = [];
    /** @type {Wrong} */
    this.wrong = {};
  }

  /** @param {Api.Persona} [persona] the one to edit; none creates a new one */
  async open(persona) {
    this.#start(persona);
    if (persona) {
      const fresh = await api.persona(persona.id);
      const {name, display_name: shown} = fresh.persona;
      // Left empty it follows the name, also when the name changes.
      this.#start({...fresh.persona, display_name: shown === name ? '' : shown}, fresh.version);
    }
    await this.updateComplete;
    part(this, 'picture-picker').reset();
    part(this, 'voice-picker').reset(this.persona);
    part(this, 'dialog').showModal();
    part(this, '#name').focus();
    try {
      this.presets = await api.voicePresets();
    } catch (thrown) {
      this.wrong = {...this.wrong, voice_id: `The ready voices cannot be shown now. ${api.failure(thrown).message}`};
    }
  }

  render() {
    const {persona, wrong} = this;
    const shown = {...persona, display_name: persona.display_name || persona.name || '?'};
    return html`<dialog aria-labelledby="title" @cancel=${this.#cancelled}>
      <form @submit=${this.#submit} novalidate>
        <h2 id="title">${persona.id ? html`Edit <bdi>${persona.display_name || persona.name}</bdi>` : 'A new persona'}</h2>
        <div class="alert" role="alert">${this.general}</div>
        <picture-picker .persona=${shown} .error=${wrong.avatar}></picture-picker>
        <div class="pair">
          ${this.#line('name', 'Name', {max: 50, required: true, hint: 'Required, at most 50 letters.'})}
          ${this.#line('display_name', 'Display name', {max: 100, hint: 'What you see; the name if left empty.'})}
        </div>
        ${this.#line('tagline', 'Tagline', {max: 150, hint: 'One sentence under the name.'})}
        ${this.#text('description', 'Description', 5000, 'Who they are, where they come from, what they care about.')}
        <div class="pair">
          ${this.#line('personality_traits', 'Traits', {max: 2000, hint: 'With commas: curious, patient, dry humour'})}
          ${this.#line('communication_style', 'Way of talking', {max: 50, list: 'styles'})}
        </div>
        <datalist id="styles">${STYLES.map((style) => html`<option value=${style}></option>`)}</datalist>
        <voice-picker .presets=${this.presets} .error=${wrong.voice_file ?? wrong.voice_id ?? wrong.consent}></voice-picker>
        <footer>
          <button type="button" ?disabled=${this.busy} @click=${() => part(this, 'dialog').close()}>Cancel</button>
          <button class="main" ?disabled=${this.busy}>
            ${this.busy ? 'Saving…' : persona.id ? 'Save' : 'Create persona'}
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  /** @param {Event} event */
  #cancelled(event) {
    if (this.busy) event.preventDefault();
  }

  /**
   * @param {Line} name
   * @param {string} label
   * @param {{max: number, required?: boolean, hint?: string, list?: string}} more
   */
  #line(name, label, {max, required = false, hint = '', list}) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} maxlength=${max} ?required=${required} autocomplete="off" dir="auto"
        list=${ifDefined(list)} .value=${live(this.persona[name] ?? '')}
        aria-invalid=${this.wrong[name] ? 'true' : 'false'} aria-describedby="${name}-hint ${name}-wrong"
        @input=${this.#typed}>
      <span class="hint" id="${name}-hint">${hint}</span>
      <span class="wrong" id="${name}-wrong">${this.wrong[name] ?? ''}</span>
    </div>`;
  }

  /**
   * @param {Line} name
   * @param {string} label
   * @param {number} max letters
   * @param {string} hint
   */
  #text(name, label, max, hint) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <textarea id=${name} name=${name} rows="4" maxlength=${max} dir="auto" .value=${live(this.persona[name] ?? '')}
        aria-invalid=${this.wrong[name] ? 'true' : 'false'} aria-describedby="${name}-hint ${name}-wrong"
        @input=${this.#typed}></textarea>
      <span class="hint" id="${name}-hint">${hint}</span>
      <span class="wrong" id="${name}-wrong">${this.wrong[name] ?? ''}</span>
    </div>`;
  }

  /** @param {At<HTMLInputElement | HTMLTextAreaElement>} event */
  #typed({target: {name, value}}) {
    this.persona = {...this.persona, [name]: value};
  }

  /**
   * @param {Partial<Api.Persona>} [persona]
   * @param {string | null} [version]
   */
  #start(persona, version) {
    this.persona = persona ? {...persona} : {};
    this.#version = version;
    this.wrong = {};
    this.general = '';
    this.busy = false;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const voice = part(this, 'voice-picker').choice;
    this.wrong = missing(this.persona, voice);
    this.general = '';
    if (Object.keys(this.wrong).length) {
      await this.#showWrong();
      return;
    }
    this.busy = true;
    try {
      await this.#save(voice);
      part(this, 'dialog').close();
    } catch (thrown) {
      const problem = api.failure(thrown);
      this.wrong = problem.fields ?? {};
      const shown = Object.keys(this.wrong).length > 0;
      this.general = shown ? 'Please look at what is marked below.' : problem.message;
      await this.#showWrong();
    } finally {
      this.busy = false;
    }
  }

  async #showWrong() {
    await this.updateComplete;
    const parts = [part(this, 'picture-picker'), this, part(this, 'voice-picker')];
    await Promise.all(parts.map((each) => each.updateComplete));
    const wrong = parts.map((each) => firstWrong(each.renderRoot)).find((field) => field !== null);
    (wrong ?? part(this, '.alert')).scrollIntoView({block: 'center'});
    wrong?.focus({preventScroll: true});
  }

  /** @param {import('./voice-picker.js').Choice} voice */
  async #save(voice) {
    const {id} = this.persona;
    const form = new FormData(part(this, 'form'));
    if (!String(form.get('display_name')).trim()) form.set('display_name', String(form.get('name')));
    if (voice.kind === 'preset') form.set('voice_id', voice.voiceId);
    const {file} = part(this, 'picture-picker');
    if (file) form.set('avatar', file);
    const {persona} =
      id === undefined ? await api.createPersona(form) : await api.updatePersona(id, form, this.#version);
    const saved = {...this.persona, ...persona};
    try {
      if (voice.kind === 'recording' && voice.file) await api.uploadVoice(saved.id, voice.file);
      if (voice.kind === 'preset' && this.persona.has_custom_voice) await api.removeVoice(saved.id);
    } catch (thrown) {
      // The persona itself is safe: go on editing it, with the voice alone to mend.
      this.persona = saved;
      this.#version = undefined;
      this.#tell(saved, id !== undefined);
      const {status = 0, message, fields = {}, requestId} = api.failure(thrown);
      throw new api.ApiProblem({
        status,
        message,
        fields: Object.keys(fields).length ? fields : {voice_file: message},
        requestId,
      });
    }
    this.#tell(saved, id !== undefined);
  }

  /**
   * @param {{display_name: string}} persona
   * @param {boolean} edited
   */
  #tell({display_name: name}, edited) {
    const detail = edited ? `${name} is saved.` : `${name} is here.`;
    this.dispatchEvent(new CustomEvent('saved', {detail, bubbles: true, composed: true}));
  }
}
customElements.define('persona-dialog', PersonaDialog);
