import kafkajs from 'kafkajs';
import { readEvent } from './event.js';
import { ReadModel } from './read-model.js';
import { CatchUp, rewind } from './replay.js';
import { StateFile } from './state-file.js';

const TOPICS = ['mybella.persona.lifecycle', 'mybella.persona.switched'];

const settings = {
  brokers: (process.env.KAFKA_BROKERS ?? '127.0.0.1:19092').split(','),
  username: process.env.KAFKA_USERNAME,
  password: process.env.KAFKA_PASSWORD,
  group: process.env.GROUP ?? 'example-node-consumer',
  state: process.env.STATE ?? 'read-model.json',
  once: process.argv.includes('--once'),
};

/** Logs go to standard error; standard output is for the read model. */
function log(message) {
  console.error(`${new Date().toISOString()} ${message}`);
}

const kafka = new kafkajs.Kafka({
  clientId: settings.group,
  brokers: settings.brokers,
  logLevel: kafkajs.logLevel.WARN,
  ...(settings.username && {
    ssl: true,
    sasl: {
      mechanism: 'scram-sha-512',
      username: settings.username,
      password: settings.password,
    },
  }),
});

const file = new StateFile(settings.state);
const admin = kafka.admin();
const consumer = kafka.consumer({ groupId: settings.group, allowAutoTopicCreation: false });
let model = await file.load();
let catchUp;

await admin.connect();
try {
  if (!model) {
    log(`no ${settings.state}: replaying from the beginning`);
    model = new ReadModel();
    await rewind(admin, settings.group, TOPICS);
  }
  catchUp = await CatchUp.of(admin, settings.group, TOPICS);
} finally {
  await admin.disconnect();
}

let stop;
const stopped = new Promise((resolve) => (stop = resolve));
process.once('SIGTERM', () => stop('told to'));
process.once('SIGINT', () => stop('told to'));
consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
  if (!restart) {
    process.exitCode = 1;
    stop(`giving up: ${error.message}`);
  }
});
reportCatchUp();

await consumer.connect();
await consumer.subscribe({ topics: TOPICS, fromBeginning: true });
await consumer.run({
  // Offsets are committed when this has returned, which is after the file was written: a crash in
  // between brings the batch again, and the model knows what it has seen.
  eachBatch: async ({ batch }) => {
    const outcomes = {};
    for (const message of batch.messages) {
      const outcome = take(batch, message);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    await file.store(model);
    log(`${batch.topic}/${batch.partition} up to ${batch.lastOffset()}: ${JSON.stringify(outcomes)}`);
    if (!catchUp.complete) {
      catchUp.handled(batch.topic, batch.partition, batch.lastOffset());
      reportCatchUp();
    }
  },
});

log(`stopping: ${await stopped}`);
// Waits for the batch under way, commits and leaves the group.
await consumer.disconnect();
console.log(JSON.stringify(model, null, 1));

function take(batch, message) {
  let event;
  try {
    event = readEvent(message);
  } catch (error) {
    // No retry makes it readable. A program that must not miss it would put it aside here.
    log(`${batch.topic}/${batch.partition} offset ${message.offset} cannot be read: ${error.message}`);
    return 'unreadable';
  }
  return model.apply(event);
}

function reportCatchUp() {
  if (catchUp.complete) {
    const { personas, users } = model.size;
    log(`caught up: ${personas} personas, active ones of ${users} users`);
    if (settings.once) {
      stop('caught up');
    }
  }
}
