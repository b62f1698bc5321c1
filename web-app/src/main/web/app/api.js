/** The platform's public HTTP interface, as thin as it goes. */
import {events} from './event-stream.js';

/** An answer other than success: an RFC 9457 problem, or none at all or only a part of one (status 0). */
export class ApiProblem extends Error {
  /** @param {{status: number, message: string, fields?: Wrong, requestId?: string}} problem */
  constructor({status, message, fields = {}, requestId = ''}) {
    super(message);
    this.status = status;
    this.fields = fields;
    this.requestId = requestId;
  }

  /** @param {Response} response */
  static async from(response) {
    /** @type {Partial<Api.Problem>} */
    let body = {};
    try {
      body = await response.json();
    } catch {
      // A proxy's HTML page, say: the status has to tell it all.
    }
    /** @type {Wrong} */
    const fields = {};
    for (const {field, message} of body.errors ?? []) fields[field] ??= message;
    const message =
      body.error ?? body.detail ?? `Something went wrong (${response.status}). Please try again.`;
    return new ApiProblem({
      status: response.status,
      message,
      fields,
      requestId: body.request_id ?? response.headers.get('X-Request-Id') ?? '',
    });
  }
}

/** @param {unknown} thrown anything that was caught */
export const failure = (thrown) => /** @type {Failure} */ (thrown instanceof Error ? thrown : new Error(String(thrown)));

/**
 * The token that shows that a request was made by one of our own pages.
 *
 * @param {string} cookies as `document.cookie` has them
 */
export function csrfToken(cookies) {
  const [, token = ''] = cookies.match(/(?:^|;\s*)XSRF-TOKEN=([^;]*)/) ?? [];
  return decodeURIComponent(token);
}

/**
 * @typedef {object} Options
 * @property {unknown} [json] the body
 * @property {FormData} [form] the body
 * @property {string} [accept]
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 * @property {boolean} [anonymous] whether a 401 tells something else than that nobody is signed in
 */

/**
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 */
async function send(method, path, {json, form, accept = 'application/json', headers = {}, signal} = {}) {
  const all = new Headers({Accept: accept, ...headers});
  if (json !== undefined) all.set('Content-Type', 'application/json');
  if (method !== 'GET') all.set('X-XSRF-TOKEN', csrfToken(document.cookie));
  try {
    return await fetch(path, {
      method,
      headers: all,
      body: json === undefined ? form : JSON.stringify(json),
      signal,
    });
  } catch (thrown) {
    if (failure(thrown).name === 'AbortError') throw thrown;
    throw new ApiProblem({status: 0, message: 'MyBella cannot be reached. Are you online?'});
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 */
async function request(method, path, options = {}) {
  const token = csrfToken(document.cookie);
  let response = await send(method, path, options);
  if (response.status === 403 && method !== 'GET' && csrfToken(document.cookie) !== token) {
    // Another tab signed in meanwhile; the refusal itself brought the new token.
    response = await send(method, path, options);
  }
  if (response.ok) return response;
  const problem = await ApiProblem.from(response);
  if (response.status === 401 && !options.anonymous) problem.message = 'You have been signed out.';
  throw problem;
}

/** Where one signs in to come back to this page. */
export const signInAddress = () => `/login?return_to=${encodeURIComponent(location.pathname)}`;

/**
 * Whether a page could not even begin because nobody is signed in; it goes to the sign-in page then.
 *
 * @param {Failure} problem
 */
export function sentToSignIn(problem) {
  const signedOut = problem.status === 401;
  if (signedOut) location.replace(signInAddress());
  return signedOut;
}

/**
 * Browsers have words of their own for a connection that broke; people need others.
 *
 * @param {unknown} thrown
 */
function lost(thrown) {
  if (failure(thrown).name === 'AbortError' || thrown instanceof ApiProblem) return thrown;
  return new ApiProblem({status: 0, message: 'The connection was lost before the answer was complete.'});
}

/**
 * A body, or a part of it.
 *
 * @template Body
 * @param {Promise<Body>} body
 */
export async function received(body) {
  try {
    return await body;
  } catch (thrown) {
    throw lost(thrown);
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Options} [options]
 */
const json = async (method, path, options) => received((await request(method, path, options)).json());

// Accounts
/**
 * @param {string} email
 * @param {string} password
 * @returns {Promise<Api.Account>}
 */
export const login = (email, password) =>
  json('POST', '/api/auth/login', {json: {email, password}, anonymous: true});
/**
 * @param {string} name
 * @param {string} email
 * @param {string} password
 * @returns {Promise<Api.Account>}
 */
export const register = (name, email, password) =>
  json('POST', '/api/auth/register', {json: {name, email, password}, anonymous: true});
export const logout = () => request('POST', '/api/auth/logout');
/** @returns {Promise<Api.Account>} */
export const me = () => json('GET', '/api/auth/me');
/**
 * @param {string | null} current null where there is none
 * @param {string} replacement
 */
export const changePassword = (current, replacement) =>
  request('PUT', '/api/auth/password', {json: {current_password: current, new_password: replacement}});
/** @returns {Promise<Api.Session[]>} */
export const sessions = () => json('GET', '/api/auth/sessions');
/** @param {string} id */
export const endSession = (id) => request('DELETE', `/api/auth/sessions/${encodeURIComponent(id)}`);
/** @returns {Promise<Api.ApiKey[]>} */
export const apiKeys = () => json('GET', '/api/auth/api-keys');
/**
 * @param {string} name
 * @returns {Promise<Api.NewApiKey>}
 */
export const createApiKey = (name) => json('POST', '/api/auth/api-keys', {json: {name}});
/** @param {string} id */
export const revokeApiKey = (id) => request('DELETE', `/api/auth/api-keys/${encodeURIComponent(id)}`);
/**
 * @param {string | null} password null where there is none
 * @returns {Promise<{erasure_id: string}>}
 */
export const deleteAccount = (password) => json('DELETE', '/api/auth/me', {json: {password}});
/**
 * @param {string} id
 * @returns {Promise<Api.AccountErasure>}
 */
export const accountErasure = (id) =>
  json('GET', `/api/auth/erasures/${encodeURIComponent(id)}`, {anonymous: true});

// Personas
/** @returns {Promise<Api.Persona[]>} */
export const personas = () => json('GET', '/api/personas/available');
/**
 * @param {FormData} form
 * @returns {Promise<Api.PersonaCreated>}
 */
export const createPersona = (form) => json('POST', '/api/personas/create', {form});
/**
 * @param {number} id
 * @returns {Promise<{message: string, erasure_id: string}>}
 */
export const deletePersona = (id) => json('DELETE', `/api/personas/${id}`);
/** @param {number} id */
export const switchTo = (id) => json('POST', '/api/personas/switch', {json: {persona_id: id}});
/**
 * @param {string} id
 * @returns {Promise<Api.Erasure>}
 */
export const erasure = (id) => json('GET', `/api/personas/erasures/${encodeURIComponent(id)}`);

/**
 * @param {number} id
 * @returns {Promise<{persona: Api.Persona, version: string | null}>} the persona and its entity tag
 */
export async function persona(id) {
  const response = await request('GET', `/api/personas/${id}`);
  return {persona: await received(response.json()), version: response.headers.get('ETag')};
}

/**
 * Refused with 412 when the persona is no longer at `version`.
 *
 * @param {number} id
 * @param {FormData} form
 * @param {string | null | undefined} version
 * @returns {Promise<{message: string, persona: Api.Persona}>}
 */
export const updatePersona = (id, form, version) =>
  json('PUT', `/api/personas/${id}`, {form, headers: version ? {'If-Match': version} : {}});

// Voices
/** @returns {Promise<Api.VoicePreset[]>} */
export const voicePresets = () => json('GET', '/api/personas/voice-presets');
/** @param {number} id */
export const removeVoice = (id) => request('DELETE', `/api/personas/${id}/voice`);

/**
 * @param {number} id
 * @param {File} file
 */
export function uploadVoice(id, file) {
  const form = new FormData();
  form.append('voice_file', file);
  form.append('consent', 'true');
  return json('POST', `/api/personas/${id}/voice/upload`, {form});
}

/**
 * @typedef {object} Audio on its way
 * @property {string} type
 * @property {ReadableStream<Uint8Array<ArrayBuffer>> | null} body as it comes
 * @property {() => Promise<Blob>} blob all of it
 */

/**
 * @param {number} id
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<Audio & {source: string, fallback: string}>} speech and which voice it is
 */
export async function speak(id, text, signal) {
  const response = await request('POST', `/api/personas/${id}/voice/speech`, {
    json: {text},
    accept: 'audio/mpeg, audio/*, application/problem+json',
    signal,
  });
  return {
    type: response.headers.get('Content-Type') ?? '',
    body: response.body,
    blob: () => received(response.blob()),
    source: response.headers.get('X-Voice-Source') ?? '',
    fallback: response.headers.get('X-Voice-Fallback') ?? '',
  };
}

// Chat and memory
/**
 * @param {number} id
 * @param {{before?: string, around?: string, limit?: number, signal?: AbortSignal}} [page]
 * @returns {Promise<Api.MessagePage>}
 */
export function messages(id, {before, around, limit = 30, signal} = {}) {
  const query = new URLSearchParams({limit: String(limit)});
  if (before) query.set('before', before);
  if (around) query.set('around', around);
  return json('GET', `/api/personas/${id}/messages?${query}`, {signal});
}

/**
 * @param {number} persona
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<Api.Message | undefined>} one message; undefined when it is no longer there
 */
export async function message(persona, id, signal) {
  try {
    const page = await messages(persona, {around: id, limit: 1, signal});
    return page.messages.find((each) => each.id === id);
  } catch (thrown) {
    if (failure(thrown).status === 404) return undefined;
    throw thrown;
  }
}

/**
 * Messages with certain words, newest first, and where the next page begins.
 *
 * @param {number} id
 * @param {{query: string, cursor?: string, limit?: number, signal: AbortSignal}} search
 * @returns {Promise<Api.FoundPage>}
 */
export function search(id, {query, cursor, limit = 20, signal}) {
  const parameters = new URLSearchParams({q: query, limit: String(limit)});
  if (cursor) parameters.set('cursor', cursor);
  return json('GET', `/api/personas/${id}/memory/search?${parameters}`, {signal});
}

/** @param {number} id */
export const forget = (id) => request('DELETE', `/api/personas/${id}/messages`);

/**
 * @typedef {{event: 'message', data: Api.Message}
 *   | {event: 'delta', data: Api.ChatDelta}
 *   | {event: 'reply', data: Api.ChatReply}
 *   | {event: 'error', data: Api.Problem}} ChatEvent
 */

/**
 * Sends a message and yields the answer's events ({event, data}) as they arrive; fails when they end before the answer does.
 *
 * @param {number} persona
 * @param {{content: string, id: string}} message the same `id` sent again is the same message, remembered once
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<ChatEvent>}
 */
export async function* chat(persona, {content, id}, signal) {
  const response = await request('POST', `/api/personas/${persona}/chat`, {
    json: {content, client_message_id: id},
    accept: 'text/event-stream',
    signal,
  });
  if (response.body === null) throw lost(new Error('There are no events in the answer'));
  let complete = false;
  try {
    for await (const {event, data} of events(response.body)) {
      complete ||= event === 'reply' || event === 'error';
      yield /** @type {ChatEvent} */ ({event, data: JSON.parse(data)});
    }
  } catch (thrown) {
    if (complete) return; // what broke off is nothing but the end
    throw lost(thrown);
  }
  if (!complete) throw lost(new Error('The events ended before the answer'));
}
