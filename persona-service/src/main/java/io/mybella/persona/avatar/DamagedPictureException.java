package io.mybella.persona.avatar;

/** Bytes that begin like a picture and do not go on like one. */
final class DamagedPictureException extends Exception {

  DamagedPictureException(String message) {
    super(message);
  }
}
