import assert from 'node:assert/strict';
import {afterEach, beforeEach, test} from 'node:test';
import {draftOf, forgetOthers, keepDraft} from '../../main/web/app/drafts.js';

const ADA = {id: 1};
const EVE = {id: 11};
const BELLA = {id: 7};

/** As browsers have it: its own keys are what is stored. */
class Storage {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    this[key] = value;
  }

  removeItem(key) {
    delete this[key];
  }
}

const {info} = console;

beforeEach(() => {
  globalThis.sessionStorage = new Storage();
});

afterEach(() => {
  delete globalThis.sessionStorage;
  console.info = info;
});

test('a draft is kept by account and persona, until it is empty', () => {
  keepDraft(ADA, BELLA, 'Hello');
  assert.equal(draftOf(ADA, BELLA), 'Hello');
  assert.equal(draftOf(EVE, BELLA), '');
  assert.equal(draftOf(ADA, {id: 8}), '');
  keepDraft(ADA, BELLA, '');
  assert.deepEqual(Object.keys(sessionStorage), []);
});

test("others' drafts are forgotten, what is not ours is left alone", () => {
  sessionStorage.setItem('something.else', 'x');
  keepDraft(ADA, BELLA, 'mine');
  keepDraft(EVE, BELLA, 'not mine');
  forgetOthers(ADA);
  assert.deepEqual(Object.keys(sessionStorage).sort(), ['mybella.draft.1.7', 'something.else']);
  forgetOthers();
  assert.deepEqual(Object.keys(sessionStorage), ['something.else']);
});

test('where nothing may be stored, nothing fails', () => {
  const said = [];
  console.info = (...words) => said.push(words);
  Object.defineProperty(globalThis, 'sessionStorage', {
    configurable: true,
    get: () => {
      throw new Error('forbidden');
    },
  });
  keepDraft(ADA, BELLA, 'Hello');
  assert.equal(draftOf(ADA, BELLA), '');
  forgetOthers();
  assert.equal(said.length, 3);
});
