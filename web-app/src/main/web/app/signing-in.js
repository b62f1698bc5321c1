/** Ways back to a page after signing in, and what may have gone wrong on them. */

/**
 * What the way back from the provider may end with, as `?problem=` says.
 *
 * @type {Record<string, (name: string) => string>}
 */
const PROBLEMS = {
  provider: (name) => `${name} cannot be reached just now, or did not answer as it should. Please try again in a while.`,
  busy: () => 'Too many people are signing in just now. Please try again in a moment.',
  declined: (name) => `You were not signed in: ${name} says that the sign-in was cancelled or is not allowed for you.`,
  stale: () => 'That sign-in took too long, or was begun elsewhere. Please begin again.',
  untrusted: (name) => `You were not signed in: the answer of ${name} could not be verified. Please tell whoever runs MyBella.`,
  'email-missing': (name) => `You were not signed in: ${name} does not tell your e-mail address, and MyBella needs one.`,
  'email-unverified': (name) =>
    `You were not signed in: ${name} has not verified your e-mail address yet. Verify it there, then try again.`,
  'email-taken': () =>
    'There is already another account with your e-mail address. Sign in to it the way you did before.',
  inactive: () => 'This account is not active.',
};

/** Only pages for people who are signed in, whatever the address asks for. */
const RETURN_PATH = /^\/users\/[a-z]+$/;
const START = '/users/personas';

/**
 * Where signing in leads to.
 *
 * @param {string} search of the address
 */
export function returnPath(search) {
  const asked = new URLSearchParams(search).get('return_to') ?? '';
  return RETURN_PATH.test(asked) ? asked : START;
}

/**
 * What went wrong at the provider, for people.
 *
 * @param {string} code as the address says it, which may be anything
 * @param {string} [provider] what people call it
 */
export function providerProblem(code, provider = 'The provider') {
  const text = (Object.hasOwn(PROBLEMS, code) && PROBLEMS[code]) || PROBLEMS.provider;
  return text?.(provider) ?? '';
}
