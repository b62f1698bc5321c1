package io.mybella.gateway.identity.credential.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.gateway.identity.credential.ApiKeys;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/auth/api-keys}. */
@RestController
@RequestMapping("/api/auth/api-keys")
class ApiKeyController {

  private final ApiKeys keys;

  ApiKeyController(ApiKeys keys) {
    this.keys = keys;
  }

  record NewKey(
      @NotBlank(message = "The key needs a name")
          @Size(max = 100, message = "A name has at most 100 characters")
          @Pattern(regexp = "[^\\p{Cntrl}\\p{Cs}]*", message = "A name is one line of text")
          String name) {}

  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  ApiKeys.Created create(@AuthenticationPrincipal Caller caller, @Valid @RequestBody NewKey body) {
    return keys.create(caller.userId(), body.name());
  }

  @GetMapping
  List<ApiKeys.Entry> list(@AuthenticationPrincipal Caller caller) {
    return keys.list(caller.userId());
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
    if (!keys.revoke(caller.userId(), id)) {
      throw Problem.notFound("There is no such key");
    }
  }
}
