import {LitElement, css, html} from 'lit';
import {basics} from './shared-styles.js';
import {traitsOf} from './words.js';
import './persona-picture.js';

/** @typedef {{persona: Api.Persona}} Properties */

/** Who is listening: picture, name, tagline, traits. */
export class ActivePersona extends /** @type {Component<Properties>} */ (LitElement) {
  static properties = {persona: {attribute: false}};

  static styles = [
    basics,
    css`
      section {
        display: grid;
        grid-template-columns: minmax(120px, 220px) minmax(0, 1fr);
        align-items: center;
        gap: calc(var(--gap) * 1.25);
        padding: var(--gap);
        border: 1px solid var(--line);
        border-radius: calc(var(--round) + 8px);
        background: radial-gradient(circle at 12% 50%, var(--glow), transparent 58%), var(--surface);
        box-shadow: var(--shadow);
      }
      persona-picture {
        --picture-round: 50%;
        border: 5px solid var(--surface);
        box-shadow: var(--shadow);
      }
      .text {
        display: grid;
        gap: 8px;
        overflow-wrap: anywhere;
      }
      .over {
        color: var(--ink);
        font-size: 14px;
        font-weight: 600;
        letter-spacing: 0.02em;
      }
      h2 {
        font-size: clamp(30px, 4vw, 46px);
      }
      .tagline {
        font: italic 19px/1.4 var(--serif);
      }
      .description {
        max-width: 60ch;
        font-size: 15px;
        white-space: pre-line;
        unicode-bidi: plaintext;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 4px;
        list-style: none;
      }
      li {
        padding: 3px 12px;
        border: 1px solid var(--line);
        border-radius: 999px;
        background: var(--surface);
        font-size: 14px;
      }
      @media (max-width: 600px) {
        section {
          grid-template-columns: 92px minmax(0, 1fr);
          align-items: start;
          gap: 16px;
        }
        .tagline {
          font-size: 17px;
        }
        .description {
          display: none;
        }
      }
    `,
  ];

  render() {
    const persona = this.persona;
    const traits = traitsOf(persona.personality_traits ?? '');
    return html`<section aria-labelledby="name">
      <persona-picture .persona=${persona}></persona-picture>
      <div class="text">
        <p class="over">With you now</p>
        <h2 id="name" dir="auto">${persona.display_name}</h2>
        ${persona.tagline ? html`<p class="tagline" dir="auto">${persona.tagline}</p>` : ''}
        ${persona.description ? html`<p class="description" dir="auto">${persona.description}</p>` : ''}
        ${traits.length
          ? html`<ul aria-label="Traits">${traits.map((trait) => html`<li dir="auto">${trait}</li>`)}</ul>`
          : ''}
      </div>
    </section>`;
  }
}
customElements.define('active-persona', ActivePersona);
