import {LitElement, css, html} from 'lit';
import {basics, buttons, fields} from './shared-styles.js';
import './persona-picture.js';

/**
 * @typedef {object} Properties
 * @property {Partial<Api.Persona>} [persona]
 * @property {string} [error]
 * @property {File} [file]
 * @property {string} [preview]
 */

/** Chooses a picture file and shows how it will look. The chosen file is `file`. */
export class PicturePicker extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    persona: {attribute: false},
    error: {attribute: false},
    file: {state: true},
    preview: {state: true},
  };

  static styles = [
    basics,
    buttons,
    fields,
    css`
      .row {
        display: grid;
        grid-template-columns: 104px minmax(0, 1fr);
        align-items: center;
        gap: 16px;
      }
      persona-picture {
        --picture-round: 50%;
        width: 104px;
      }
    `,
  ];

  reset() {
    this.#show(undefined);
    const input = this.renderRoot?.querySelector('input');
    if (input) input.value = '';
  }

  disconnectedCallback() {
    this.#show(undefined);
    super.disconnectedCallback();
  }

  render() {
    const shown = this.preview ? {...this.persona, avatar_url: this.preview} : this.persona;
    return html`<div class="row">
      <persona-picture .persona=${shown}></persona-picture>
      <div class="field">
        <label for="avatar">Picture</label>
        <input id="avatar" type="file" accept="image/png,image/jpeg,image/gif,image/webp"
          aria-invalid=${this.error ? 'true' : 'false'} aria-describedby="hint wrong"
          @change=${this.#chosen}>
        <span class="hint" id="hint">PNG, JPEG, GIF or WebP; it is shown as a square.</span>
        <span class="wrong" id="wrong">${this.error ?? ''}</span>
      </div>
    </div>`;
  }

  /** @param {At<HTMLInputElement>} event */
  #chosen({target}) {
    this.#show(target.files?.[0]);
  }

  /** @param {File} [file] */
  #show(file) {
    if (this.preview) URL.revokeObjectURL(this.preview);
    this.file = file;
    this.preview = file ? URL.createObjectURL(file) : undefined;
    this.error = undefined;
  }
}
customElements.define('picture-picker', PicturePicker);
