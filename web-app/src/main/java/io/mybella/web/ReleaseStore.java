package io.mybella.web;

import java.util.Map;
import java.util.Optional;

/**
 * Where gateways share the files of their releases. A page comes from one gateway and its files
 * from any, also while those of two releases run side by side.
 */
public interface ReleaseStore {

  /**
   * Keeps the files of a release that starts here; those that were started before the last few are
   * dropped.
   *
   * @param digest what its files' address begins with
   * @param files contents by path, such as {@code web/app/x.js}; all of the release
   */
  void keep(String digest, Map<String, byte[]> files);

  /**
   * One file, if the release is kept and has it.
   *
   * @param digest of any release, or any other text
   * @param path of any file, or any other text
   */
  Optional<byte[]> find(String digest, String path);
}
