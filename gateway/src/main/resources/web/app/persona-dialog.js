import {LitElement, css, html} from 'lit';
import {ifDefined} from 'lit/directives/if-defined.js';
import {live} from 'lit/directives/live.js';
import * as api from './api.js';
import {basics, buttons, fields, sheets} from './shared-styles.js';
import './picture-picker.js';
import './voice-picker.js';

const STYLES = ['nurturing', 'playful', 'calm', 'direct', 'thoughtful', 'encouraging', 'witty'];

/** Creates a persona or edits one. Fires `saved` with a sentence about it. */
class PersonaDialog extends LitElement {
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

  #version;

  constructor() {
    super();
    this.presets = [];
    this.wrong = {};
  }

  /** @param {object} [persona] the one to edit; none creates a new one */
  async open(persona) {
    this.#start(persona, undefined);
    if (persona) {
      const fresh = await api.persona(persona.id);
      const {name, display_name: shown} = fresh.persona;
      // Left empty it follows the name, also when the name changes.
      this.#start({...fresh.persona, display_name: shown === name ? '' : shown}, fresh.version);
    }
    await this.updateComplete;
    this.#part('picture-picker').reset();
    this.#part('voice-picker').reset(this.persona);
    this.#part('dialog').showModal();
    this.#part('#name').focus();
    try {
      this.presets = await api.voicePresets();
    } catch (problem) {
      this.wrong = {...this.wrong, voice_id: `The ready voices cannot be shown now. ${problem.message}`};
    }
  }

  render() {
    const {persona, wrong} = this;
    const shown = {...persona, display_name: persona?.display_name || persona?.name || '?'};
    return html`<dialog aria-labelledby="title" @cancel=${(event) => this.busy && event.preventDefault()}>
      <form @submit=${this.#submit} novalidate>
        <h2 id="title">${persona?.id ? html`Edit <bdi>${persona.display_name || persona.name}</bdi>` : 'A new persona'}</h2>
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
          <button type="button" ?disabled=${this.busy} @click=${() => this.#part('dialog').close()}>Cancel</button>
          <button class="main" ?disabled=${this.busy}>
            ${this.busy ? 'Saving…' : persona?.id ? 'Save' : 'Create persona'}
          </button>
        </footer>
      </form>
    </dialog>`;
  }

  #line(name, label, {max, required = false, hint = '', list}) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} maxlength=${max} ?required=${required} autocomplete="off" dir="auto"
        list=${ifDefined(list)} .value=${live(this.persona?.[name] ?? '')}
        aria-invalid=${this.wrong[name] ? 'true' : 'false'} aria-describedby="${name}-hint ${name}-wrong"
        @input=${(event) => this.#typed(name, event.target.value)}>
      <span class="hint" id="${name}-hint">${hint}</span>
      <span class="wrong" id="${name}-wrong">${this.wrong[name] ?? ''}</span>
    </div>`;
  }

  #text(name, label, max, hint) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <textarea id=${name} name=${name} rows="4" maxlength=${max} dir="auto" .value=${live(this.persona?.[name] ?? '')}
        aria-invalid=${this.wrong[name] ? 'true' : 'false'} aria-describedby="${name}-hint ${name}-wrong"
        @input=${(event) => this.#typed(name, event.target.value)}></textarea>
      <span class="hint" id="${name}-hint">${hint}</span>
      <span class="wrong" id="${name}-wrong">${this.wrong[name] ?? ''}</span>
    </div>`;
  }

  #typed(name, value) {
    this.persona = {...this.persona, [name]: value};
  }

  #start(persona, version) {
    this.persona = persona ? {...persona} : {};
    this.#version = version;
    this.wrong = {};
    this.general = '';
    this.busy = false;
  }

  #part(selector) {
    return this.renderRoot.querySelector(selector);
  }

  async #submit(event) {
    event.preventDefault();
    const voice = this.#part('voice-picker').choice;
    this.wrong = this.#missing(voice);
    this.general = '';
    if (Object.keys(this.wrong).length) return this.#showWrong();
    this.busy = true;
    try {
      await this.#save(voice);
      this.#part('dialog').close();
    } catch (problem) {
      this.wrong = problem.fields ?? {};
      const shown = Object.keys(this.wrong).length > 0;
      this.general = shown ? 'Please look at what is marked below.' : problem.message;
      await this.#showWrong();
    } finally {
      this.busy = false;
    }
  }

  #missing(voice) {
    const wrong = {};
    if (!this.persona.name?.trim()) wrong.name = 'Give your persona a name.';
    if (voice.kind === 'recording' && !voice.file) wrong.voice_file = 'Choose a recording, or a ready voice.';
    else if (voice.kind === 'recording' && !voice.consent) {
      wrong.voice_file = 'A recording needs the consent of the person who speaks.';
    }
    return wrong;
  }

  async #showWrong() {
    await this.updateComplete;
    const parts = [this.#part('picture-picker'), this, this.#part('voice-picker')];
    await Promise.all(parts.map((part) => part.updateComplete));
    const wrong = parts.map((part) => part.renderRoot.querySelector('[aria-invalid="true"]')).find(Boolean);
    (wrong ?? this.#part('.alert')).scrollIntoView({block: 'center'});
    wrong?.focus({preventScroll: true});
  }

  async #save(voice) {
    const editing = Boolean(this.persona.id);
    const form = new FormData(this.#part('form'));
    if (!form.get('display_name').trim()) form.set('display_name', form.get('name'));
    if (voice.kind === 'preset') form.set('voice_id', voice.voiceId);
    const {file} = this.#part('picture-picker');
    if (file) form.set('avatar', file);
    const {persona} = editing
      ? await api.updatePersona(this.persona.id, form, this.#version)
      : await api.createPersona(form);
    const saved = {...this.persona, ...persona};
    try {
      if (voice.kind === 'recording') await api.uploadVoice(saved.id, voice.file);
      if (voice.kind === 'preset' && this.persona.has_custom_voice) await api.removeVoice(saved.id);
    } catch (problem) {
      // The persona itself is safe: go on editing it, with the voice alone to mend.
      this.persona = saved;
      this.#version = undefined;
      this.#tell(saved, editing);
      const fields = Object.keys(problem.fields).length ? problem.fields : {voice_file: problem.message};
      throw new api.ApiProblem({...problem, message: problem.message, fields});
    }
    this.#tell(saved, editing);
  }

  #tell({display_name: name}, edited) {
    const detail = edited ? `${name} is saved.` : `${name} is here.`;
    this.dispatchEvent(new CustomEvent('saved', {detail, bubbles: true, composed: true}));
  }
}
customElements.define('persona-dialog', PersonaDialog);
