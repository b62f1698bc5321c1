package io.mybella.gateway.identity.credential;

import io.mybella.chassis.security.Caller;
import java.util.UUID;

/**
 * A secret that was found to be good.
 *
 * @param id names it without being good for anything
 * @param kind how the caller brought it
 * @param caller whom it stands for, with the role that the account has now
 */
public record Credential(UUID id, Kind kind, Caller caller) {

  /** How a credential is brought along. */
  public enum Kind {
    /** The cookie of a browser. */
    SESSION,
    /** A key in the {@code Authorization} header of a program. */
    KEY
  }
}
