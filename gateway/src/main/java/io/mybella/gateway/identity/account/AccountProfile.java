package io.mybella.gateway.identity.account;

import io.mybella.chassis.security.Caller.Role;
import java.time.Instant;

/**
 * What may be told about an account; never its password hash.
 *
 * @param id the user's id throughout the platform
 * @param name as the person wrote it
 * @param email in lower case
 * @param role what the account may do
 * @param createdAt when it was registered
 * @param hasPassword false when its owner signs in elsewhere only
 * @param version how often its password or its role was changed
 */
public record AccountProfile(
    long id,
    String name,
    String email,
    Role role,
    Instant createdAt,
    boolean hasPassword,
    int version) {}
