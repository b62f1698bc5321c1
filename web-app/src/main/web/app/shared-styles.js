import {css} from 'lit';

/** What every component builds on: box model, focus, headings. */
export const basics = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  h1,
  h2,
  h3 {
    font-family: var(--serif);
    font-weight: 600;
    line-height: 1.2;
    text-wrap: balance;
  }
  :focus-visible {
    outline: 3px solid var(--focus);
    outline-offset: 2px;
  }
  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 1ms !important;
      scroll-behavior: auto !important;
    }
  }
`;

/** Buttons: plain, `main` for the one thing to do, `soft` for a choice among many, `quiet`, `danger`. */
export const buttons = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 44px;
    padding: 8px 18px;
    border: 1.5px solid var(--edge);
    border-radius: 999px;
    background: transparent;
    color: var(--ink);
    font: 600 15px/1.2 var(--sans);
    cursor: pointer;
    transition: background-color 120ms, border-color 120ms;
  }
  button:hover {
    background: var(--accent-soft);
    border-color: var(--accent);
  }
  button.main {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  button.main:hover {
    border-color: var(--accent-strong);
    background: var(--accent-strong);
  }
  button.soft {
    border-color: var(--accent-soft);
    background: var(--accent-soft);
    color: var(--on-accent-soft);
  }
  button.soft:hover {
    border-color: var(--accent);
  }
  button.quiet {
    border-color: transparent;
    color: var(--ink-soft);
  }
  button.quiet:hover {
    border-color: transparent;
    color: var(--on-accent-soft);
  }
  button.danger {
    border-color: var(--danger);
    color: var(--danger);
  }
  button.danger:hover {
    background: var(--danger-soft);
  }
  button:disabled,
  button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }
  svg.icon {
    width: 18px;
    height: 18px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
`;

/** Labels, inputs, and what is wrong with them. */
export const fields = css`
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 6px;
  }
  label,
  legend {
    font-weight: 600;
    font-size: 15px;
  }
  legend {
    padding: 0;
  }
  .hint {
    color: var(--ink-soft);
    font-size: 14px;
  }
  .wrong {
    color: var(--danger);
    font-size: 14px;
    font-weight: 600;
  }
  input:not([type='radio'], [type='checkbox'], [type='file']),
  textarea,
  select {
    width: 100%;
    min-height: 46px;
    padding: 10px 14px;
    border: 1.5px solid var(--edge);
    border-radius: var(--round-small);
    background: var(--surface);
    color: var(--ink);
    font: 16px/1.4 var(--sans);
  }
  textarea {
    resize: vertical;
  }
  input[type='file'] {
    max-width: 100%;
    color: var(--ink-soft);
    font: 15px var(--sans);
  }
  input[type='file']::file-selector-button {
    min-height: 44px;
    margin-inline-end: 12px;
    padding: 8px 18px;
    border: 1.5px solid var(--edge);
    border-radius: 999px;
    background: transparent;
    color: var(--ink);
    font: 600 15px var(--sans);
    cursor: pointer;
  }
  input[type='radio'],
  input[type='checkbox'] {
    width: 20px;
    height: 20px;
    margin: 0;
    flex: none;
    accent-color: var(--accent);
  }
  .choice {
    display: flex;
    align-items: flex-start;
    gap: 10px;
    padding: 6px 0;
    font-weight: 400;
    font-size: 15px;
  }
  [aria-invalid='true'] {
    border-color: var(--danger) !important;
  }
`;

/** A native dialog as a centred sheet. */
export const sheets = css`
  dialog {
    width: min(640px, calc(100vw - 24px));
    max-height: calc(100dvh - 24px);
    padding: 0;
    border: 1px solid var(--line);
    border-radius: var(--round);
    background: var(--surface);
    color: var(--ink);
    box-shadow: var(--shadow-high);
    overflow: auto;
    overscroll-behavior: contain;
  }
  dialog::backdrop {
    background: var(--scrim);
  }
  dialog[open] {
    animation: rise 160ms ease-out;
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(12px);
    }
  }
`;
