package io.mybella.chassis.blob;

import org.jspecify.annotations.Nullable;

/**
 * The store did not do what was asked: it is away, full, or refuses the service. Callers of the API
 * get 503; the operator finds the cause in the log.
 */
public final class BlobStoreException extends RuntimeException {

  BlobStoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
