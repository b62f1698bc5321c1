import assert from 'node:assert/strict';
import {test} from 'node:test';
import {
  browser,
  mayPass,
  missing,
  recalledFor,
  receipts,
  spokenWith,
  standIn,
  traitsOf,
} from '../../main/web/app/words.js';

test('traits are listed in any language, long ones are left out, and eight are enough', () => {
  assert.deepEqual(traitsOf('curious, patient;dry humour\nkind'), ['curious', 'patient', 'dry humour', 'kind']);
  assert.deepEqual(traitsOf('صبور، فضولي'), ['صبور', 'فضولي']);
  assert.deepEqual(traitsOf('好奇、耐心，温柔'), ['好奇', '耐心', '温柔']);
  assert.deepEqual(traitsOf(`${'x'.repeat(40)}, ${'x'.repeat(41)}, , `), ['x'.repeat(40)]);
  assert.equal(traitsOf('1,2,3,4,5,6,7,8,9').length, 8);
  assert.deepEqual(traitsOf(''), []);
});

test('an initial is a whole character, and a name keeps its colour', () => {
  assert.equal(standIn('  ada').initial, 'A');
  assert.equal(standIn('🦊 Fox').initial, '🦊');
  assert.equal(standIn('   ').initial, '?');
  assert.deepEqual(standIn('Bella'), standIn('Bella'));
  assert.notEqual(standIn('a').tone, standIn('b').tone);
  assert.ok(standIn('𝒩ova').tone < 6);
});

test('of metadata that anybody may have written only ids are taken', () => {
  assert.deepEqual(recalledFor({recalled: ['a', 'b']}), ['a', 'b']);
  assert.deepEqual(recalledFor({metadata: {recalled: ['a', 7, null, {}, 'b']}}), ['a', 'b']);
  assert.deepEqual(recalledFor({metadata: {recalled: 'a'}}), []);
  assert.deepEqual(recalledFor({metadata: null}), []);
  assert.equal(recalledFor({recalled: Array(11).fill('a')}).length, 10);
});

test('receipts name services as people would', () => {
  const services = [
    {service: 'memory-service', status: 'complete'},
    {service: 'voice-service', status: 'pending'},
  ];
  assert.equal(receipts(services), 'memory: erased · voice: waiting');
});

test('a voice says what it is, and why it is not a better one', () => {
  assert.equal(spokenWith({source: 'custom', fallback: ''}), 'Spoken with its own recorded voice');
  assert.equal(
    spokenWith({source: 'default', fallback: 'unheard_of, cloning, no_api_key'}),
    "Spoken with the platform's own voice: its recording is still being cloned.",
  );
  assert.equal(spokenWith({source: 'default', fallback: 'unheard_of'}), "Spoken with the platform's own voice");
  assert.equal(spokenWith({source: '', fallback: 'cloning'}), '');
});

test('browsers are called what people call them, though all say they are Safari', () => {
  const mozilla = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36';
  assert.equal(browser(`${mozilla} Chrome/130.0 Safari/537.36`), 'Chrome on Windows');
  assert.equal(browser(`${mozilla} Chrome/130.0 Safari/537.36 Edg/130.0`), 'Edge on Windows');
  assert.equal(browser('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1'), 'Safari on iPhone');
  assert.equal(browser('Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0'), 'Firefox on Linux');
  assert.equal(browser('curl/8.0'), 'A browser or program');
});

test('only what may pass is tried again', () => {
  for (const status of [0, 429, 500, 503]) assert.equal(mayPass({status}), true, String(status));
  for (const status of [400, 401, 404, 422, undefined]) assert.equal(mayPass({status}), false, String(status));
});

test('a persona needs a name, and a recording its consent', () => {
  const file = /** @type {File} */ ({});
  assert.deepEqual(missing({name: ' Nova '}, {kind: 'preset', voiceId: ''}), {});
  assert.deepEqual(missing({name: 'Nova'}, {kind: 'kept'}), {});
  assert.deepEqual(Object.keys(missing({name: '  '}, {kind: 'kept'})), ['name']);
  assert.match(missing({name: 'Nova'}, {kind: 'recording', consent: true}).voice_file, /Choose a recording/);
  assert.match(missing({name: 'Nova'}, {kind: 'recording', file, consent: false}).voice_file, /consent/);
  assert.deepEqual(missing({name: 'Nova'}, {kind: 'recording', file, consent: true}), {});
});
