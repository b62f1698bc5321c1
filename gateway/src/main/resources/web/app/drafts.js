/**
 * What was written to a persona and has not arrived there.
 *
 * It lives as long as the tab, so it is still there after signing in again, and is kept by account and persona: nobody
 * finds the words of somebody else.
 */
const PREFIX = 'mybella.draft.';

const keyOf = (account, persona) => `${PREFIX}${account.id}.${persona.id}`;

/** Browsers may forbid pages to store anything, or have no room left: then a draft lives as long as the page. */
function stored(work) {
  try {
    return work(sessionStorage);
  } catch (refused) {
    console.info('Drafts are not kept:', refused.message);
    return undefined;
  }
}

export const draftOf = (account, persona) =>
  stored((storage) => storage.getItem(keyOf(account, persona))) ?? '';

export function keepDraft(account, persona, words) {
  const key = keyOf(account, persona);
  stored((storage) => (words ? storage.setItem(key, words) : storage.removeItem(key)));
}

/** Leaves only what `account` wrote; without one, nothing. */
export function forgetOthers(account) {
  const own = account ? `${PREFIX}${account.id}.` : undefined;
  stored((storage) =>
    Object.keys(storage)
      .filter((key) => key.startsWith(PREFIX) && !(own && key.startsWith(own)))
      .forEach((key) => storage.removeItem(key)),
  );
}
