package io.mybella.voice;

import io.mybella.chassis.blob.BlobStore;
import java.util.Optional;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The blob store of the service, which nobody may wait for while a database connection is held: ten
 * calls that hang would leave no connection to anybody.
 */
record WatchedBlobs(BlobStore blobs) implements BlobStore {

  /** Puts itself before the real store. */
  static final class Installed implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      return bean instanceof BlobStore blobs ? new WatchedBlobs(blobs) : bean;
    }
  }

  @Override
  public void put(String key, byte[] content) {
    refuseInTransaction();
    blobs.put(key, content);
  }

  @Override
  public Optional<byte[]> get(String key) {
    refuseInTransaction();
    return blobs.get(key);
  }

  @Override
  public void delete(String key) {
    blobs.delete(key);
  }

  @Override
  public int deleteAll(String prefix) {
    refuseInTransaction();
    return blobs.deleteAll(prefix);
  }

  private static void refuseInTransaction() {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("the blob store is waited for in a transaction");
    }
  }
}
