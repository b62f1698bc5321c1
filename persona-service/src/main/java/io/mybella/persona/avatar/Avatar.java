package io.mybella.persona.avatar;

/**
 * A persona's picture.
 *
 * @param name its name in the store
 * @param version the version of the persona that brought it
 */
public record Avatar(String name, long version) {

  /** How it is encoded. */
  public String mediaType() {
    return Picture.Kind.of(name).mediaType();
  }
}
