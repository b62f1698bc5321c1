import {LitElement, css, html} from 'lit';
import {basics, buttons} from './shared-styles.js';
import {bin, bubble, check, pencil} from './icons.js';
import './persona-picture.js';

/**
 * @typedef {object} Properties
 * @property {Api.Persona} persona
 * @property {boolean} [busy]
 */

/** One persona to choose. Fires `choose`, `talk`, `edit` and `remove`, each with the persona. */
export class PersonaCard extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {persona: {attribute: false}, busy: {type: Boolean}};

  static styles = [
    basics,
    buttons,
    css`
      :host {
        height: 100%;
      }
      article {
        display: flex;
        flex-direction: column;
        height: 100%;
        border: 1px solid var(--line);
        border-radius: var(--round);
        background: var(--surface);
        box-shadow: var(--shadow);
        overflow: hidden;
      }
      article.current {
        border-color: var(--accent);
        box-shadow: 0 0 0 1.5px var(--accent), var(--shadow);
      }
      .picture {
        position: relative;
      }
      persona-picture {
        --picture-round: 0;
        aspect-ratio: 5 / 4;
      }
      .badge {
        position: absolute;
        inset-block-end: 10px;
        inset-inline-start: 10px;
        display: inline-flex;
        align-items: center;
        gap: 5px;
        padding-block: 4px;
        padding-inline: 8px 12px;
        border-radius: 999px;
        background: var(--accent);
        color: var(--on-accent);
        font-size: 13px;
        font-weight: 700;
      }
      .text {
        flex: 1;
        padding: 14px 16px 0;
        overflow-wrap: anywhere;
      }
      h3 {
        font-size: 21px;
      }
      p {
        display: -webkit-box;
        margin-top: 4px;
        color: var(--ink-soft);
        font-size: 15px;
        line-height: 1.4;
        overflow: hidden;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
      }
      footer {
        display: flex;
        gap: 6px;
        padding: 14px 12px 12px;
      }
      .select {
        flex: 1;
      }
      .square {
        width: 44px;
        padding: 0;
        flex: none;
      }
      @media (max-width: 600px) {
        article {
          display: grid;
          grid-template-columns: 96px minmax(0, 1fr);
        }
        .picture {
          grid-row: 1 / 3;
        }
        persona-picture {
          height: 100%;
          aspect-ratio: auto;
        }
        .badge {
          inset-block-end: 6px;
          inset-inline-start: 6px;
          padding-block: 3px;
          padding-inline: 5px 8px;
          font-size: 12px;
        }
        .text {
          padding: 10px 12px 0;
        }
        p {
          -webkit-line-clamp: 2;
        }
        footer {
          padding: 8px 10px 10px;
        }
      }
    `,
  ];

  render() {
    const {display_name: name, tagline, description, is_current: current, is_custom: custom} = this.persona;
    return html`<article class=${current ? 'current' : ''} aria-labelledby="name">
      <div class="picture">
        <persona-picture .persona=${this.persona}></persona-picture>
        ${current ? html`<span class="badge">${check}Active</span>` : ''}
      </div>
      <div class="text">
        <h3 id="name" dir="auto">${name}</h3>
        <p dir="auto">${tagline || description}</p>
      </div>
      <footer>
        <button class="select ${current ? '' : 'soft'}" type="button" aria-disabled=${this.busy ? 'true' : 'false'}
          aria-label="${current ? 'Talk to' : 'Select'} ${name}"
          @click=${() => this.#tell(current ? 'talk' : 'choose')}>
          ${current ? html`${bubble}Talk` : 'Select'}
        </button>
        ${custom
          ? html`<button class="square quiet" type="button" aria-label="Edit ${name}" title="Edit"
                @click=${() => this.#tell('edit')}>${pencil}</button>
              <button class="square quiet" type="button" aria-label="Delete ${name}" title="Delete"
                @click=${() => this.#tell('remove')}>${bin}</button>`
          : ''}
      </footer>
    </article>`;
  }

  /** @param {'choose' | 'talk' | 'edit' | 'remove'} wish */
  #tell(wish) {
    if (this.busy) return; // not `disabled`: that would throw away the keyboard's place
    this.dispatchEvent(new CustomEvent(wish, {detail: this.persona, bubbles: true, composed: true}));
  }
}
customElements.define('persona-card', PersonaCard);
