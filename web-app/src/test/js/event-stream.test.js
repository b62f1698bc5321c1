import assert from 'node:assert/strict';
import {test} from 'node:test';
import {events} from '../../main/web/app/event-stream.js';

const MODEL = 'event:delta\ndata:{"text":"Hé 🦊"}\n\nevent: reply\ndata: one\ndata: two\n\n';
const EXPECTED = [
  {event: 'delta', data: '{"text":"Hé 🦊"}'},
  {event: 'reply', data: 'one\ntwo'},
];

const bytes = (text) => new TextEncoder().encode(text);

function body(chunks, failure) {
  const left = [...chunks];
  return new ReadableStream({
    pull(controller) {
      if (left.length) controller.enqueue(left.shift());
      else if (failure) controller.error(failure);
      else controller.close();
    },
  });
}

async function read(...chunks) {
  const all = [];
  for await (const event of events(body(chunks))) all.push(event);
  return all;
}

test('events are the same wherever the network cuts them', async () => {
  const whole = bytes(MODEL);
  for (let cut = 0; cut <= whole.length; cut++) {
    assert.deepEqual(await read(whole.slice(0, cut), whole.slice(cut)), EXPECTED, `cut at ${cut}`);
  }
  assert.deepEqual(await read(...[...whole].map((byte) => Uint8Array.of(byte))), EXPECTED);
});

test('lines may end in all three ways, also where a chunk ends between two characters of one', async () => {
  for (const end of ['\r\n', '\r', '\n']) {
    const whole = bytes(MODEL.replaceAll('\n', end) + 'event: last\n\n');
    for (let cut = 0; cut <= whole.length; cut++) {
      assert.deepEqual(await read(whole.slice(0, cut), whole.slice(cut)), EXPECTED, `${JSON.stringify(end)} at ${cut}`);
    }
  }
});

test('comments keep the line open and tell nothing, nor do fields without a name that is known', async () => {
  assert.deepEqual(await read(bytes(': hello\n\n:\nid: 7\nretry: 9\ndata\n\ndata:  x\n\n')), [
    {event: 'message', data: ''},
    {event: 'message', data: ' x'},
  ]);
});

test('an event that is not complete is not told', async () => {
  assert.deepEqual(await read(bytes('data: whole\n\ndata: half\n')), [{event: 'message', data: 'whole'}]);
});

test('what came before the connection broke is told, and then that it broke', async () => {
  const all = [];
  await assert.rejects(async () => {
    for await (const event of events(body([bytes('data: before\n\ndata: ha')], new Error('broken')))) all.push(event);
  }, /broken/);
  assert.deepEqual(all, [{event: 'message', data: 'before'}]);
});

test('who listens no longer ends the request', async () => {
  let cancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(bytes('data: more\n\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  const listening = events(endless);
  assert.equal((await listening.next()).value.data, 'more');
  await listening.return();
  assert.equal(cancelled, true);
});
