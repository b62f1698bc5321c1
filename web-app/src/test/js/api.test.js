import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import * as api from '../../main/web/app/api.js';

/** What was asked for, and what is answered in turn. */
let asked;
let answers;
const ordinary = {fetch: globalThis.fetch, document: globalThis.document, location: globalThis.location};

beforeEach(() => {
  asked = [];
  answers = [];
  globalThis.document = {cookie: 'a=1; XSRF-TOKEN=first%3D; b=2'};
  globalThis.fetch = async (path, options) => {
    asked.push({path, ...options});
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer() : answer;
  };
});

afterEach(() => Object.assign(globalThis, ordinary));

const problem = (status, body) => new Response(JSON.stringify(body), {status});

const sse = (text) => new Response(text, {headers: {'Content-Type': 'text/event-stream'}});

async function conversation(text) {
  answers = [sse(text)];
  const all = [];
  for await (const event of api.chat(7, {content: 'Hello', id: 'one'}, undefined)) all.push(event);
  return all;
}

test('the token is read from whatever stands beside it', () => {
  assert.equal(api.csrfToken('XSRF-TOKEN=abc'), 'abc');
  assert.equal(api.csrfToken('a=1; XSRF-TOKEN=a%2Bb; c=3'), 'a+b');
  assert.equal(api.csrfToken('NOT-XSRF-TOKEN=abc'), '');
  assert.equal(api.csrfToken(''), '');
});

test('only what changes something carries the token', async () => {
  answers = [Response.json([]), Response.json({})];
  await api.personas();
  await api.switchTo(7);
  assert.equal(asked[0].headers.get('X-XSRF-TOKEN'), null);
  assert.equal(asked[1].headers.get('X-XSRF-TOKEN'), 'first=');
  assert.equal(asked[1].body, '{"persona_id":7}');
});

test('a refusal that brought a new token is tried once more, any other is not', async () => {
  answers = [
    () => {
      document.cookie = 'XSRF-TOKEN=second';
      return problem(403, {error: 'no'});
    },
    Response.json({}),
    problem(403, {error: 'really no'}),
  ];
  await api.switchTo(7);
  assert.equal(asked[1].headers.get('X-XSRF-TOKEN'), 'second');
  await assert.rejects(api.switchTo(7), {message: 'really no', status: 403});
  assert.equal(asked.length, 3);
});

test('a problem tells its fields, each with the first of its messages, and its request', async () => {
  answers = [
    problem(422, {
      error: 'Not so',
      request_id: 'r1',
      errors: [
        {field: 'name', message: 'too long'},
        {field: 'name', message: 'too odd'},
        {field: 'email', message: 'taken'},
      ],
    }),
  ];
  await assert.rejects(api.register('', '', ''), {
    message: 'Not so',
    status: 422,
    requestId: 'r1',
    fields: {name: 'too long', email: 'taken'},
  });
});

test("a proxy's page is told by its status, and the request by its header", async () => {
  answers = [new Response('<html>', {status: 502, headers: {'X-Request-Id': 'r2'}})];
  await assert.rejects(api.me(), {
    message: 'Something went wrong (502). Please try again.',
    status: 502,
    requestId: 'r2',
    fields: {},
  });
});

test('a 401 means signed out, but not to who signs in', async () => {
  answers = [problem(401, {error: 'Unauthorized'}), problem(401, {error: 'Wrong password'})];
  await assert.rejects(api.me(), {message: 'You have been signed out.', status: 401});
  await assert.rejects(api.login('a', 'b'), {message: 'Wrong password'});
});

test('who is signed out goes to the sign-in page and comes back from there', () => {
  const gone = [];
  globalThis.location = {pathname: '/users/account', replace: (address) => gone.push(address)};
  assert.equal(api.sentToSignIn({status: 401}), true);
  assert.equal(api.sentToSignIn({status: 503}), false);
  assert.deepEqual(gone, ['/login?return_to=%2Fusers%2Faccount']);
});

test('no connection is told in words for people, a request that was stopped is not told at all', async () => {
  answers = [new TypeError('Failed to fetch'), Object.assign(new Error('stopped'), {name: 'AbortError'})];
  await assert.rejects(api.me(), {message: 'MyBella cannot be reached. Are you online?', status: 0});
  await assert.rejects(api.me(), {name: 'AbortError'});
});

test('ids go into the path as they are, never as a way out of it', async () => {
  answers = [new Response(null, {status: 204})];
  await api.endSession('../me?x');
  assert.equal(asked[0].path, '/api/auth/sessions/..%2Fme%3Fx');
});

test('a message that is gone is no failure', async () => {
  answers = [problem(404, {error: 'gone'}), Response.json({messages: [{id: 'a'}, {id: 'b'}]}), problem(500, {error: 'no'})];
  assert.equal(await api.message(7, 'a'), undefined);
  assert.deepEqual(await api.message(7, 'b'), {id: 'b'});
  assert.equal(asked[1].path, '/api/personas/7/messages?limit=1&around=b');
  await assert.rejects(api.message(7, 'a'), {status: 500});
});

test('a persona is changed under the version that was seen', async () => {
  answers = [Response.json({id: 7}, {headers: {ETag: '"3"'}}), Response.json({}), Response.json({})];
  const {persona, version} = await api.persona(7);
  assert.deepEqual([persona, version], [{id: 7}, '"3"']);
  await api.updatePersona(7, undefined, version);
  await api.updatePersona(7, undefined, null);
  assert.equal(asked[1].headers.get('If-Match'), '"3"');
  assert.equal(asked[2].headers.get('If-Match'), null);
});

test('a conversation is told event by event, to its end', async () => {
  const all = await conversation('event:message\ndata:{"id":"m"}\n\nevent:delta\ndata:{"text":"Hi"}\n\nevent:reply\ndata:{"id":"r"}\n\n');
  assert.deepEqual(all, [
    {event: 'message', data: {id: 'm'}},
    {event: 'delta', data: {text: 'Hi'}},
    {event: 'reply', data: {id: 'r'}},
  ]);
  assert.equal(asked[0].body, '{"content":"Hello","client_message_id":"one"}');
});

test('a conversation that ends before its answer has broken off', async () => {
  const broken = {status: 0, message: 'The connection was lost before the answer was complete.'};
  await assert.rejects(conversation('event:delta\ndata:{"text":"Hi"}\n\n'), broken);
  await assert.rejects(conversation(''), broken);
  await assert.rejects(conversation('event:delta\ndata:{"te\n\n'), broken);
});

test('what breaks off after the answer is nothing but the end', async () => {
  assert.equal((await conversation('event:error\ndata:{"error":"no"}\n\nevent:x\ndata:{\n\n')).length, 1);
});

test('whatever is thrown can be told', () => {
  const known = new api.ApiProblem({status: 409, message: 'no'});
  assert.equal(api.failure(known), known);
  assert.equal(api.failure('a word').message, 'a word');
});
