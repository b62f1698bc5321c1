/**
 * What was written to a persona and has not arrived there.
 *
 * It lives as long as the tab, so it is still there after signing in again, and is kept by account and persona: nobody
 * finds the words of somebody else.
 */
import {failure} from './api.js';

const PREFIX = 'mybella.draft.';

/** @typedef {{id: number}} Known an account or a persona */

/**
 * @param {Known} account
 * @param {Known} persona
 */
const keyOf = (account, persona) => `${PREFIX}${account.id}.${persona.id}`;

/**
 * Browsers may forbid pages to store anything, or have no room left: then a draft lives as long as the page.
 *
 * @template Result
 * @param {(storage: Storage) => Result} work
 */
function stored(work) {
  try {
    return work(sessionStorage);
  } catch (refused) {
    console.info('Drafts are not kept:', failure(refused).message);
    return undefined;
  }
}

/**
 * @param {Known} account
 * @param {Known} persona
 */
export const draftOf = (account, persona) =>
  stored((storage) => storage.getItem(keyOf(account, persona))) ?? '';

/**
 * @param {Known} account
 * @param {Known} persona
 * @param {string} words none forgets the draft
 */
export function keepDraft(account, persona, words) {
  const key = keyOf(account, persona);
  stored((storage) => (words ? storage.setItem(key, words) : storage.removeItem(key)));
}

/**
 * Leaves only what `account` wrote; without one, nothing.
 *
 * @param {Known} [account]
 */
export function forgetOthers(account) {
  const own = account ? `${PREFIX}${account.id}.` : undefined;
  stored((storage) =>
    Object.keys(storage)
      .filter((key) => key.startsWith(PREFIX) && !(own && key.startsWith(own)))
      .forEach((key) => storage.removeItem(key)),
  );
}
