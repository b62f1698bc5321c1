package io.mybella.memory.history.web;

import io.mybella.memory.history.StoredBatch;
import java.util.List;

/** What became of a batch, as it is shown: the texts are the caller's own. */
record BatchBody(long stored, List<StoredBatch.Entry> messages) {

  static BatchBody of(StoredBatch batch) {
    return new BatchBody(batch.stored(), batch.messages());
  }
}
