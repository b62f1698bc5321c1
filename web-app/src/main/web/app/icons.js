import {svg, html} from 'lit';

/** @param {unknown} shape */
const icon = (shape) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shape}</svg>`;

export const plus = icon(svg`<path d="M12 5v14M5 12h14"/>`);
export const pencil = icon(svg`<path d="M4 20l1-4L16 5l3 3L8 19ZM14 7l3 3"/>`);
export const bin = icon(svg`<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5"/>`);
export const speaker = icon(svg`<path d="M4 10v4h4l5 4V6L8 10ZM16 9q2 3 0 6M19 6q4 6 0 12"/>`);
export const arrow = icon(svg`<path d="M12 19V5M6 11l6-6 6 6"/>`);
export const stop = icon(svg`<rect x="7" y="7" width="10" height="10" rx="1.5"/>`);
export const glass = icon(svg`<circle cx="11" cy="11" r="6"/><path d="M15.5 15.5L20 20"/>`);
export const cross = icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`);
export const check = icon(svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`);
export const bubble = icon(svg`<path d="M4 6q0-2 2-2h12q2 0 2 2v8q0 2-2 2h-7l-5 4v-4q-2 0-2-2Z"/>`);
export const person = icon(svg`<circle cx="12" cy="8" r="4"/><path d="M4 21q0-7 8-7t8 7"/>`);
