package io.mybella.memory.export.web;

import java.io.IOException;

/** An export failed in the middle: the answer has begun, so it can only be cut off. */
final class BrokenExportException extends IOException {

  BrokenExportException(RuntimeException cause) {
    super("the export broke off", cause);
  }
}
