/** The platform's public HTTP interface, as thin as it goes. */
import {events} from './event-stream.js';

/** An answer other than success: an RFC 9457 problem, or none at all or only a part of one (status 0). */
export class ApiProblem extends Error {
  constructor({status, message, fields = {}, requestId = ''}) {
    super(message);
    this.status = status;
    this.fields = fields;
    this.requestId = requestId;
  }

  static async from(response) {
    let body = {};
    try {
      body = await response.json();
    } catch {
      // A proxy's HTML page, say: the status has to tell it all.
    }
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

function csrfToken() {
  const found = document.cookie.match(/(?:^|;\s*)XSRF-TOKEN=([^;]*)/);
  return found ? decodeURIComponent(found[1]) : '';
}

async function send(method, path, {json, form, accept = 'application/json', headers = {}, signal} = {}) {
  const all = new Headers({Accept: accept, ...headers});
  if (json !== undefined) all.set('Content-Type', 'application/json');
  if (method !== 'GET') all.set('X-XSRF-TOKEN', csrfToken());
  try {
    return await fetch(path, {
      method,
      headers: all,
      body: json === undefined ? form : JSON.stringify(json),
      signal,
    });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiProblem({status: 0, message: 'MyBella cannot be reached. Are you online?'});
  }
}

async function request(method, path, options = {}) {
  const token = csrfToken();
  let response = await send(method, path, options);
  if (response.status === 403 && method !== 'GET' && csrfToken() !== token) {
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

/** Whether a page could not even begin because nobody is signed in; it goes to the sign-in page then. */
export function sentToSignIn(problem) {
  const signedOut = problem.status === 401;
  if (signedOut) location.replace(signInAddress());
  return signedOut;
}

/** Browsers have words of their own for a connection that broke; people need others. */
function lost(failure) {
  if (failure.name === 'AbortError' || failure instanceof ApiProblem) return failure;
  return new ApiProblem({status: 0, message: 'The connection was lost before the answer was complete.'});
}

/** A body, or a part of it. */
export async function received(body) {
  try {
    return await body;
  } catch (failure) {
    throw lost(failure);
  }
}

const json = async (method, path, options) => received((await request(method, path, options)).json());

// Accounts
export const login = (email, password) =>
  json('POST', '/api/auth/login', {json: {email, password}, anonymous: true});
export const register = (name, email, password) =>
  json('POST', '/api/auth/register', {json: {name, email, password}, anonymous: true});
export const logout = () => request('POST', '/api/auth/logout');
export const me = () => json('GET', '/api/auth/me');
export const changePassword = (current, replacement) =>
  request('PUT', '/api/auth/password', {json: {current_password: current, new_password: replacement}});
export const sessions = () => json('GET', '/api/auth/sessions');
export const endSession = (id) => request('DELETE', `/api/auth/sessions/${encodeURIComponent(id)}`);
export const apiKeys = () => json('GET', '/api/auth/api-keys');
export const createApiKey = (name) => json('POST', '/api/auth/api-keys', {json: {name}});
export const revokeApiKey = (id) => request('DELETE', `/api/auth/api-keys/${encodeURIComponent(id)}`);
export const deleteAccount = (password) => json('DELETE', '/api/auth/me', {json: {password}});
export const accountErasure = (id) =>
  json('GET', `/api/auth/erasures/${encodeURIComponent(id)}`, {anonymous: true});

// Personas
export const personas = () => json('GET', '/api/personas/available');
export const createPersona = (form) => json('POST', '/api/personas/create', {form});
export const deletePersona = (id) => json('DELETE', `/api/personas/${id}`);
export const switchTo = (id) => json('POST', '/api/personas/switch', {json: {persona_id: id}});
export const erasure = (id) => json('GET', `/api/personas/erasures/${encodeURIComponent(id)}`);

/** @returns {Promise<{persona: object, version: string|null}>} the persona and its entity tag */
export async function persona(id) {
  const response = await request('GET', `/api/personas/${id}`);
  return {persona: await received(response.json()), version: response.headers.get('ETag')};
}

/** Refused with 412 when the persona is no longer at `version`. */
export const updatePersona = (id, form, version) =>
  json('PUT', `/api/personas/${id}`, {form, headers: version ? {'If-Match': version} : {}});

// Voices
export const voicePresets = () => json('GET', '/api/personas/voice-presets');
export const removeVoice = (id) => request('DELETE', `/api/personas/${id}/voice`);

export function uploadVoice(id, file) {
  const form = new FormData();
  form.append('voice_file', file);
  form.append('consent', 'true');
  return json('POST', `/api/personas/${id}/voice/upload`, {form});
}

/** @returns {Promise<object>} speech on its way (`type`, `body`, or `blob` for all of it) and which voice it is (`source`, `fallback`) */
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
export function messages(id, {before, around, limit = 30, signal} = {}) {
  const query = new URLSearchParams({limit});
  if (before) query.set('before', before);
  if (around) query.set('around', around);
  return json('GET', `/api/personas/${id}/messages?${query}`, {signal});
}

/** @returns {Promise<object|undefined>} one message; undefined when it is no longer there */
export async function message(persona, id, signal) {
  try {
    const page = await messages(persona, {around: id, limit: 1, signal});
    return page.messages.find((each) => each.id === id);
  } catch (problem) {
    if (problem.status === 404) return undefined;
    throw problem;
  }
}

/** Messages with certain words, newest first, and where the next page begins. */
export function search(id, {query, cursor, limit = 20, signal}) {
  const parameters = new URLSearchParams({q: query, limit});
  if (cursor) parameters.set('cursor', cursor);
  return json('GET', `/api/personas/${id}/memory/search?${parameters}`, {signal});
}

export const forget = (id) => request('DELETE', `/api/personas/${id}/messages`);

/**
 * Sends a message and yields the answer's events ({event, data}) as they arrive; fails when they end before the answer does.
 *
 * @param {{content: string, id: string}} message the same `id` sent again is the same message, remembered once
 */
export async function* chat(persona, {content, id}, signal) {
  const response = await request('POST', `/api/personas/${persona}/chat`, {
    json: {content, client_message_id: id},
    accept: 'text/event-stream',
    signal,
  });
  let complete = false;
  try {
    for await (const {event, data} of events(response.body)) {
      complete ||= event === 'reply' || event === 'error';
      yield {event, data: JSON.parse(data)};
    }
  } catch (failure) {
    if (complete) return; // what broke off is nothing but the end
    throw lost(failure);
  }
  if (!complete) throw lost(new Error('The events ended before the answer'));
}
