import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { readEvent } from '../src/event.js';
import { ReadModel } from '../src/read-model.js';
import { golden } from './golden.js';

let model;
let ids;

beforeEach(() => {
  model = new ReadModel();
  ids = 0;
});

function event(kind, data) {
  return readEvent(golden(`io.mybella.persona.${kind}.v1`, `id-${++ids}`, data));
}

function personas() {
  return model.toJSON().personas.map(({ persona_id, version, deleted }) => [
    persona_id,
    version,
    deleted ?? false,
  ]);
}

test('a persona is known as it was told last', () => {
  model.apply(event('created', { version: 1, tagline: 'old' }));
  model.apply(event('updated', { version: 2, tagline: 'new' }));

  assert.deepEqual(personas(), [[42, 2, false]]);
  assert.equal(model.toJSON().personas[0].tagline, 'new');
});

test('an older version changes nothing', () => {
  model.apply(event('updated', { version: 3, tagline: 'newest' }));

  assert.equal(model.apply(event('updated', { version: 2, tagline: 'late' })), 'outdated');
  assert.equal(model.toJSON().personas[0].tagline, 'newest');
});

test('nothing revives a deleted persona, and none of its texts stay', () => {
  model.apply(event('created', { version: 1 }));
  model.apply(event('deleted', { version: 2 }));

  assert.equal(model.apply(event('updated', { version: 9 })), 'outdated');
  assert.equal(model.apply(event('deleted', { version: 2 })), 'outdated');
  assert.deepEqual(model.toJSON().personas, [{ persona_id: 42, version: 2, deleted: true }]);
  assert.equal(model.size.personas, 0);
});

test('what was compacted to its deletion alone is known as deleted', () => {
  model.apply(event('deleted', { version: 7 }));

  assert.deepEqual(personas(), [[42, 7, true]]);
});

test('the newest switch of a user wins', () => {
  model.apply(event('switched', { persona_id: 2, version: 2 }));

  assert.equal(model.apply(event('switched', { persona_id: 3, version: 1 })), 'outdated');
  assert.deepEqual(model.toJSON().active, [{ user_id: 7, persona_id: 2, version: 2 }]);
});

test('a switch delivered twice is counted once', () => {
  const once = event('switched', { persona_id: 2, version: 1 });

  assert.equal(model.apply(once), 'applied');
  assert.equal(model.apply(once), 'duplicate');
  assert.deepEqual(model.toJSON().choices, [[2, 1]]);
});

test('a switch that comes late is counted all the same', () => {
  model.apply(event('switched', { persona_id: 2, version: 2 }));
  model.apply(event('switched', { persona_id: 3, version: 1 }));

  assert.deepEqual(model.toJSON().choices, [
    [2, 1],
    [3, 1],
  ]);
});

test('a type that is not known is left alone', () => {
  const other = golden('io.mybella.persona.switched.v1');
  other.headers.ce_type = Buffer.from('io.mybella.persona.renamed.v1');

  assert.equal(model.apply(readEvent(other)), 'ignored');
});

test('what was stored goes on as before, and still knows what it has seen', () => {
  const switched = event('switched', { persona_id: 2, version: 1 });
  model.apply(event('created'));
  model.apply(event('deleted'));
  model.apply(switched);

  const restored = new ReadModel(JSON.parse(JSON.stringify(model)));

  assert.deepEqual(restored.toJSON(), model.toJSON());
  assert.equal(restored.apply(switched), 'duplicate');
});
