/**
 * A part of what an element shows, which is there whenever it is asked for.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @overload
 * @param {import('lit').LitElement} element
 * @param {Name} selector
 * @returns {HTMLElementTagNameMap[Name]}
 */
/**
 * @overload
 * @param {import('lit').LitElement} element
 * @param {string} selector
 * @returns {HTMLElement}
 */
/**
 * @param {import('lit').LitElement} element
 * @param {string} selector
 */
export function part(element, selector) {
  const found = element.renderRoot.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`${element.localName} shows no ${selector}`);
  return found;
}

/**
 * The first field that says that something is wrong with it.
 *
 * @param {ParentNode | undefined} root
 * @returns {HTMLElement | null}
 */
export const firstWrong = (root) => root?.querySelector('[aria-invalid="true"]') ?? null;
