import assert from 'node:assert/strict';
import {afterEach, test} from 'node:test';
import {sound} from '../../main/web/app/sound.js';

/** A player's source that takes MP3 and does what it is told at once, as far as a browser would. */
class Source extends EventTarget {
  static isTypeSupported = (type) => type === 'audio/mpeg';
  static last;

  readyState = 'closed';
  taken = [];

  constructor() {
    super();
    Source.last = this;
    queueMicrotask(() => {
      this.readyState = 'open';
      this.dispatchEvent(new Event('sourceopen'));
    });
  }

  addSourceBuffer() {
    const buffer = new EventTarget();
    buffer.appendBuffer = (bytes) => {
      this.taken.push(...bytes);
      queueMicrotask(() => buffer.dispatchEvent(new Event('updateend')));
    };
    return buffer;
  }

  endOfStream() {
    this.readyState = 'ended';
  }
}

const {createObjectURL} = URL;

afterEach(() => {
  delete globalThis.MediaSource;
  URL.createObjectURL = createObjectURL;
});

function speech(type, ...parts) {
  const left = parts;
  const body = new ReadableStream({
    pull(controller) {
      const next = left.shift();
      if (next === undefined) controller.close();
      else if (next instanceof Error) controller.error(next);
      else controller.enqueue(Uint8Array.from(next));
    },
  });
  return {type, body, blob: () => new Response(body).blob()};
}

function browserWith(source) {
  globalThis.MediaSource = source;
  URL.createObjectURL = (object) => (object instanceof EventTarget ? 'stream' : 'whole');
}

test('what the browser can stream is played from its first bytes on', async () => {
  browserWith(Source);
  const {url, whole} = await sound(speech('audio/mpeg', [1, 2], [3]));
  assert.equal(url, 'stream');
  await whole;
  assert.deepEqual(Source.last.taken, [1, 2, 3]);
  assert.equal(Source.last.readyState, 'ended');
});

test('what it cannot is waited for', async () => {
  for (const source of [undefined, Source]) {
    browserWith(source);
    const {url, whole} = await sound(speech('audio/wav', [1, 2], [3]));
    assert.equal(url, 'whole');
    await whole;
  }
});

test('when the rest does not come, what has come is played to its end and the failure is told', async () => {
  browserWith(Source);
  const {whole} = await sound(speech('audio/mpeg', [1, 2], new TypeError('network')));
  await assert.rejects(whole, {status: 0, message: 'The connection was lost before the answer was complete.'});
  assert.deepEqual(Source.last.taken, [1, 2]);
  assert.equal(Source.last.readyState, 'ended');
});
