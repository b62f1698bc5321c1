package io.mybella.operator.doctor;

import java.util.List;

/** Something to look at. */
public interface Check {

  /** Its name in the table, a few words in lower case. */
  String name();

  /**
   * Looks.
   *
   * @return what was found, at least one finding
   * @throws Exception when it cannot be told; that is a finding as well, with the message as its
   *     result, so the message must hold no secrets
   */
  List<Finding> look() throws Exception;

  /** Findings about a part of the installation. */
  default Finding.About about(String subject) {
    return new Finding.About(name(), subject);
  }
}
