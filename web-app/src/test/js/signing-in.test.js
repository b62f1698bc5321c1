import assert from 'node:assert/strict';
import {test} from 'node:test';
import {providerProblem, returnPath} from '../../main/web/app/signing-in.js';

test('signing in leads back only to pages of this platform', () => {
  assert.equal(returnPath('?return_to=/users/account'), '/users/account');
  for (const search of [
    '',
    '?return_to=',
    '?return_to=https://elsewhere.example/users/account',
    '?return_to=//elsewhere.example/users/account',
    '?return_to=/users/account/../../api',
    '?return_to=/users/account%0a',
    '?return_to=javascript:alert(1)',
    '?return_to=/users/Account?x',
  ]) {
    assert.equal(returnPath(search), '/users/personas', search);
  }
});

test('what went wrong at the provider is told by its name, whatever the address says', () => {
  assert.match(providerProblem('declined', 'Acme'), /^You were not signed in: Acme says/);
  assert.match(providerProblem('declined'), /The provider says/);
  for (const code of ['', 'unheard-of', 'constructor', '__proto__', 'toString']) {
    assert.equal(providerProblem(code, 'Acme'), providerProblem('provider', 'Acme'), code);
  }
});
