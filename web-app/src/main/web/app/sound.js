/** Audio for a player, from its first bytes on where the browser can, else once it is all there. */
import {received} from './api.js';

/**
 * @param {import('./api.js').Audio} audio on its way
 * @returns {Promise<{url: string, whole: Promise<void>}>} the player's address, to be revoked; `whole` fails when the rest does not come
 */
export async function sound(audio) {
  // Safari on a phone has only the one that decides itself when to load.
  const Source = globalThis.ManagedMediaSource ?? globalThis.MediaSource;
  if (!Source?.isTypeSupported(audio.type)) {
    return {url: URL.createObjectURL(await audio.blob()), whole: Promise.resolve()};
  }
  const source = new Source();
  return {url: URL.createObjectURL(source), whole: pour(audio, source)};
}

/**
 * @param {import('./api.js').Audio} audio
 * @param {MediaSource} source
 */
async function pour({type, body}, source) {
  await happens(source, 'sourceopen');
  if (body === null) throw new Error('There is no sound in the answer');
  const buffer = source.addSourceBuffer(type);
  const reader = body.getReader();
  try {
    for (;;) {
      const {value, done} = await received(reader.read());
      if (done || source.readyState !== 'open') return;
      buffer.appendBuffer(value);
      await happens(buffer, 'updateend');
    }
  } finally {
    // What has come is played to its end, whatever the reason that no more does.
    if (source.readyState === 'open') source.endOfStream();
    await reader.cancel().catch(() => {}); // already failed or ended: nothing left to stop
  }
}

/**
 * @param {EventTarget} target
 * @param {string} event
 */
const happens = (target, event) => new Promise((then) => target.addEventListener(event, then, {once: true}));
