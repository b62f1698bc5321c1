package io.mybella.gateway.account;

import io.mybella.chassis.security.Caller.Role;
import jakarta.persistence.AttributeConverter;
import java.util.Locale;

/** Roles are stored as tokens and answers spell them: in lower case. */
class RoleConverter implements AttributeConverter<Role, String> {

  @Override
  public String convertToDatabaseColumn(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Role convertToEntityAttribute(String column) {
    return Role.valueOf(column.toUpperCase(Locale.ROOT));
  }
}
