/** Topics by name, as they are at this moment: `[{ topic, partition, low, high }]`. */
async function partitionsOf(admin, topics) {
  const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
  return offsets.flatMap((partitions, i) => partitions.map((each) => ({ topic: topics[i], ...each })));
}

/** Sends a group back to the beginning of its topics. It must have no running member. */
export async function rewind(admin, groupId, topics) {
  const all = await partitionsOf(admin, topics);
  for (const topic of topics) {
    await admin.setOffsets({
      groupId,
      topic,
      partitions: all
        .filter((each) => each.topic === topic)
        .map(({ partition, low }) => ({ partition, offset: low })),
    });
  }
}

/**
 * Tells when a group has read all that was there when it started. What arrives later is not waited
 * for, so this comes true on a busy topic, too.
 */
export class CatchUp {
  #missing;

  constructor(missing) {
    this.#missing = missing;
  }

  /** Compares where the group stands with where the topics end. */
  static async of(admin, groupId, topics) {
    const committed = await admin.fetchOffsets({ groupId, topics });
    const position = new Map(
      committed.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [`${topic}/${partition}`, BigInt(offset)]),
      ),
    );
    const missing = new Map();
    for (const { topic, partition, low, high } of await partitionsOf(admin, topics)) {
      // -1 says that nothing is committed: the group begins at the lowest offset.
      const stored = position.get(`${topic}/${partition}`) ?? -1n;
      if ((stored < 0n ? BigInt(low) : stored) < BigInt(high)) {
        missing.set(`${topic}/${partition}`, BigInt(high));
      }
    }
    return new CatchUp(missing);
  }

  /** Notes that all up to an offset of a partition is handled. */
  handled(topic, partition, lastOffset) {
    const end = this.#missing.get(`${topic}/${partition}`);
    if (end !== undefined && BigInt(lastOffset) + 1n >= end) {
      this.#missing.delete(`${topic}/${partition}`);
    }
  }

  get complete() {
    return this.#missing.size === 0;
  }
}
