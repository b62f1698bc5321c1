import {LitElement, css, html} from 'lit';
import {basics} from './shared-styles.js';
import {when} from './when.js';
import {recalledFor} from './words.js';
import './listen-button.js';
import './recalled-messages.js';

/**
 * @typedef {object} Said one message, or what is here of one
 * @property {string} [id]
 * @property {Api.Role} role
 * @property {string} content
 * @property {string} [created_at]
 * @property {string | null} [model]
 * @property {Record<string, unknown> | null} [metadata]
 * @property {string[]} [recalled]
 * @property {string} [partial]
 */

/**
 * @typedef {object} Properties
 * @property {Said} message
 * @property {Api.Persona} persona
 * @property {boolean} [growing]
 */

/** One message; while `growing`, it is still being written, and `partial` says why it is not whole. */
export class ChatMessage extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {
    message: {attribute: false},
    persona: {attribute: false},
    growing: {type: Boolean},
  };

  static styles = [
    basics,
    css`
      article {
        width: fit-content;
        max-width: min(92%, 60ch);
        padding: 10px 16px;
        border-radius: 18px;
        border-end-start-radius: 5px;
        background: var(--sunken);
        overflow-wrap: anywhere;
      }
      .mine {
        margin-inline-start: auto;
        border-end-start-radius: 18px;
        border-end-end-radius: 5px;
        background: var(--accent-soft);
        color: var(--on-accent-soft);
      }
      .note {
        color: var(--ink-soft);
        font: italic 14px var(--serif);
      }
      .text {
        white-space: pre-wrap;
        unicode-bidi: plaintext; /* each line in the direction of its own language */
      }
      header {
        display: flex;
        gap: 8px;
        align-items: baseline;
        font-size: 13px;
      }
      .mine header {
        justify-content: flex-end;
      }
      strong {
        font-weight: 600;
      }
      time {
        color: var(--ink-soft);
      }
      .mine time {
        color: inherit;
        opacity: 0.85;
      }
      .growing .text::after {
        content: '';
        display: inline-block;
        width: 8px;
        height: 8px;
        margin-inline-start: 5px;
        border-radius: 50%;
        background: var(--accent);
        animation: breathe 700ms ease-in-out infinite alternate;
      }
      @keyframes breathe {
        to {
          opacity: 0.2;
        }
      }
    `,
  ];

  render() {
    const {role, content, created_at: at, partial} = this.message;
    const mine = role === 'user';
    const recalled = role === 'assistant' ? recalledFor(this.message) : [];
    return html`<article class="${mine ? 'mine' : ''} ${this.growing ? 'growing' : ''}">
      <header>
        <strong dir="auto">${mine ? 'You' : this.persona.display_name}</strong>
        ${at ? html`<time datetime=${at}>${when(new Date(at))}</time>` : ''}
      </header>
      <p class="text" dir="auto">${content}</p>
      ${partial ? html`<p class="note">${partial}</p>` : ''}
      ${recalled.length
        ? html`<recalled-messages .persona=${this.persona} .ids=${recalled}></recalled-messages>`
        : ''}
      ${role === 'assistant' && !this.growing && !partial
        ? html`<listen-button .personaId=${this.persona.id} .text=${content}></listen-button>`
        : ''}
    </article>`;
  }
}
customElements.define('chat-message', ChatMessage);
