import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CatchUp } from '../src/replay.js';

/** Answers as the broker would; both partitions of the topic end at offset 5. */
function admin(committed) {
  return {
    fetchTopicOffsets: async () => [
      { partition: 0, low: '0', high: '5' },
      { partition: 1, low: '5', high: '5' },
    ],
    fetchOffsets: async () => [{ topic: 't', partitions: committed }],
  };
}

test('a group is caught up when it has handled what was there at its start', async () => {
  const catchUp = await CatchUp.of(admin([]), 'group', ['t']);
  assert.equal(catchUp.complete, false);

  catchUp.handled('t', 0, '3');
  assert.equal(catchUp.complete, false);

  catchUp.handled('t', 0, '4');
  assert.equal(catchUp.complete, true);
});

test('a group whose offsets are at the end has nothing to catch up with', async () => {
  const committed = [
    { partition: 0, offset: '5' },
    { partition: 1, offset: '-1' },
  ];

  assert.equal((await CatchUp.of(admin(committed), 'group', ['t'])).complete, true);
});
