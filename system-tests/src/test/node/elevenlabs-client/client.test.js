import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ElevenLabsClient, ElevenLabsError } from '@elevenlabs/elevenlabs-js';

// The stand-in, with the plan "creator" and the voices that an account has.
const baseUrl = process.env.ELEVENLABS_URL;
const RACHEL = '21m00Tcm4TlvDq8ikWAM';
const client = new ElevenLabsClient({ apiKey: 'made-up', baseUrl, maxRetries: 0 });

async function fault(details) {
  const answer = await fetch(`${baseUrl}/_faults`, { method: 'PUT', body: JSON.stringify(details) });
  assert.equal(answer.status, 200);
}

async function bytes(stream) {
  const pieces = [];
  for await (const piece of stream) {
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function refusal(call) {
  const error = await call.then(
    () => assert.fail('it was not refused'),
    (e) => e,
  );
  assert.ok(error instanceof ElevenLabsError, String(error));
  return error;
}

function speak(more = {}) {
  return client.textToSpeech.stream(RACHEL, { text: 'Good morning.', ...more });
}

beforeEach(() => fetch(`${baseUrl}/_faults`, { method: 'DELETE' }));

test('a text is said, whole and as a stream, with the headers that tell what it took', async () => {
  const { data, rawResponse } = await client.textToSpeech
    .convert(RACHEL, {
      text: 'Good morning.',
      modelId: 'eleven_multilingual_v2',
      outputFormat: 'mp3_44100_128',
      voiceSettings: { stability: 0.5, similarityBoost: 0.8, speed: 1 },
    })
    .withRawResponse();
  const whole = await bytes(data);

  assert.equal(rawResponse.headers.get('content-type'), 'audio/mpeg');
  assert.equal(rawResponse.headers.get('character-cost'), '13');
  assert.equal(rawResponse.headers.get('current-concurrent-requests'), '1');
  assert.equal(rawResponse.headers.get('maximum-concurrent-requests'), '5');
  assert.match(rawResponse.headers.get('request-id'), /^[0-9a-f]{20}$/);
  assert.equal(whole[0], 0xff);
  assert.deepEqual(await bytes(await speak()), whole);
});

test('voices come page by page and can be looked for', async () => {
  const first = await client.voices.search({ pageSize: 4 });
  assert.equal(first.voices.length, 4);
  assert.equal(first.totalCount, 10);
  assert.equal(first.hasMore, true);

  const names = [];
  let token;
  do {
    const page = await client.voices.search({ pageSize: 4, nextPageToken: token });
    names.push(...page.voices.map((voice) => voice.name));
    token = page.hasMore ? page.nextPageToken : undefined;
  } while (token);
  assert.equal(new Set(names).size, 10);

  const british = await client.voices.search({ search: 'british', category: 'premade' });
  assert.deepEqual(british.voices.map((voice) => voice.name), ['George']);
  assert.equal(british.voices[0].labels.accent, 'british');
});

test('models tell their limits and the subscription what is left', async () => {
  const models = await client.models.list();
  const flash = models.find((model) => model.modelId === 'eleven_flash_v2_5');
  assert.equal(flash.maximumTextLengthPerRequest, 40000);
  assert.equal(flash.concurrencyGroup, 'turbo');

  const before = await client.user.subscription.get();
  await bytes(await speak());
  const after = await client.user.subscription.get();
  assert.equal(after.tier, 'creator');
  assert.equal(after.characterLimit, 100000);
  assert.equal(after.characterCount - before.characterCount, 13);
  assert.equal(after.canUseInstantVoiceCloning, true);
  assert.equal(after.voiceLimit, 30);
});

test('a voice is cloned, speaks, and is deleted', async () => {
  const made = await client.voices.ivc.create({
    name: 'Größe',
    description: 'from two samples',
    removeBackgroundNoise: true,
    files: [Buffer.from('RIFF one'), new Blob([Buffer.from('RIFF two')])],
  });
  assert.equal(made.requiresVerification, false);

  const used = (await client.user.subscription.get()).voiceSlotsUsed;
  assert.ok(used > 0);
  const clone = await client.voices.get(made.voiceId);
  assert.equal(clone.name, 'Größe');
  assert.equal(clone.category, 'cloned');
  const audio = await bytes(await client.textToSpeech.stream(made.voiceId, { text: 'It is me.' }));
  assert.equal(audio[0], 0xff);

  assert.equal((await client.voices.delete(made.voiceId)).status, 'ok');
  assert.equal((await client.user.subscription.get()).voiceSlotsUsed, used - 1);
  const gone = await refusal(client.voices.delete(made.voiceId));
  assert.equal(gone.statusCode, 404);
  assert.equal(gone.body.detail.code, 'voice_not_found');
});

test('errors arrive as the client knows them, in both of their shapes', async () => {
  await fault({ fault: 'quota_exceeded' });
  const quota = await refusal(speak());
  assert.equal(quota.statusCode, 401);
  assert.equal(quota.body.detail.code, 'quota_exceeded');
  assert.equal(quota.body.detail.type, 'authentication_error');

  await fault({ fault: 'voice_not_found', older_shape: true });
  const older = await refusal(speak());
  assert.equal(older.statusCode, 404);
  assert.deepEqual(Object.keys(older.body.detail), ['status', 'message']);

  await fault({ fault: 'invalid_request' });
  const invalid = await refusal(speak());
  assert.equal(invalid.constructor.name, 'UnprocessableEntityError');
  assert.deepEqual(invalid.body.detail[0].loc, ['body', 'text']);

  await fault({ fault: 'system_busy', retry_after: 3 });
  const busy = await refusal(speak());
  assert.equal(busy.statusCode, 429);
  assert.equal(busy.rawResponse.headers.get('retry-after'), '3');
});

test('after one fault the client repeats its request by itself', async () => {
  await fault({ fault: 'no_detail', times: 1 });
  const patient = new ElevenLabsClient({ apiKey: 'made-up', baseUrl, maxRetries: 1 });

  const audio = await bytes(await patient.textToSpeech.stream(RACHEL, { text: 'Once more.' }));

  assert.equal(audio[0], 0xff);
});

test('a stream that breaks off fails where it does', async () => {
  await fault({ fault: 'reset' });

  await assert.rejects(bytes(await speak()));
});
