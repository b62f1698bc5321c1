import {LitElement, css, html} from 'lit';
import {part} from './parts.js';
import {basics, buttons, sheets} from './shared-styles.js';

/** @typedef {{title: unknown, text: unknown, action: string}} Question what it asks, as text or template, and the word for yes */

/** @typedef {{question?: Question}} Properties */

/** Asks before something that cannot be undone. */
export class ConfirmDialog extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {question: {state: true}};

  static styles = [
    basics,
    buttons,
    sheets,
    css`
      dialog {
        width: min(460px, calc(100vw - 24px));
      }
      form {
        display: grid;
        gap: 14px;
        padding: 24px;
        overflow-wrap: anywhere;
      }
      p {
        color: var(--ink-soft);
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 10px;
        margin-top: 6px;
      }
    `,
  ];

  /** @type {(agreed: boolean) => void} */
  #answer = () => {};

  /**
   * @param {Question} question
   * @returns {Promise<boolean>} whether the person agreed; Escape means no
   */
  async ask(question) {
    this.question = question;
    await this.updateComplete;
    const dialog = part(this, 'dialog');
    dialog.returnValue = '';
    dialog.showModal();
    return new Promise((answer) => (this.#answer = answer));
  }

  /** @param {At<HTMLDialogElement>} event */
  #closed({target}) {
    this.#answer(target.returnValue === 'yes');
  }

  render() {
    const {title = '', text = '', action = ''} = this.question ?? {};
    return html`<dialog aria-labelledby="title" aria-describedby="text"
        @close=${this.#closed}>
      <form method="dialog">
        <h2 id="title">${title}</h2>
        <p id="text">${text}</p>
        <footer>
          <button value="no" autofocus>Cancel</button>
          <button class="danger" value="yes">${action}</button>
        </footer>
      </form>
    </dialog>`;
  }
}
customElements.define('confirm-dialog', ConfirmDialog);
