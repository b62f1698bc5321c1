import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvent } from '../src/event.js';
import { golden } from './golden.js';

test('the golden example reads as a CloudEvent', () => {
  const event = readEvent(golden('io.mybella.persona.switched.v1'));

  assert.equal(event.type, 'io.mybella.persona.switched.v1');
  assert.equal(event.source, 'persona-service');
  assert.equal(event.subject, '7');
  assert.equal(event.partitionkey, '7');
  assert.equal(event.data.reason, 'persona_deleted');
});

test('a message without an id is no event', () => {
  const message = golden('io.mybella.persona.switched.v1');
  delete message.headers.ce_id;

  assert.throws(() => readEvent(message));
});

test('a message without a type is refused', () => {
  const message = golden('io.mybella.persona.switched.v1');
  delete message.headers.ce_type;

  assert.throws(() => readEvent(message));
});

test('a message without a value, or with one that is no JSON, is refused', () => {
  const message = golden('io.mybella.persona.switched.v1');

  assert.throws(() => readEvent({ ...message, value: null }));
  assert.throws(() => readEvent({ ...message, value: Buffer.from('{') }));
});
