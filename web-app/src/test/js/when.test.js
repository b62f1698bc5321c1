import assert from 'node:assert/strict';
import {test} from 'node:test';
import {when} from '../../main/web/app/when.js';

const NOW = new Date(2026, 10, 27, 0, 30);

test('of today only the time is told, of this year no year', () => {
  const today = when(new Date(2026, 10, 27, 0, 5), NOW);
  const yesterday = when(new Date(2026, 10, 26, 23, 55), NOW);
  const lastYear = when(new Date(2025, 10, 27, 0, 5), NOW);
  assert.doesNotMatch(today, /27|2026/);
  assert.match(yesterday, /26/);
  assert.doesNotMatch(yesterday, /2026/);
  assert.match(lastYear, /2025/);
});
