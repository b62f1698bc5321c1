package io.mybella.gateway.identity.account.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.gateway.identity.account.AccountIntake;
import io.mybella.gateway.identity.account.AccountProfile;
import io.mybella.gateway.identity.account.Accounts;
import io.mybella.gateway.identity.credential.web.SignedIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/auth}: registering, signing in and out, the password, the end of an account. */
@RestController
@RequestMapping("/api/auth")
class AccountController {

  /** One line of text that PostgreSQL and JSON can hold. */
  private static final String ONE_LINE = "[^\\p{Cntrl}\\p{Cs}]*";

  /** No half of a surrogate pair, which no encoding can tell from another. */
  private static final String TEXT = "\\P{Cs}*";

  private static final String TOO_LONG_EMAIL = "An e-mail address has at most {max} characters";

  private final Accounts accounts;
  private final SignedIn signedIn;

  AccountController(Accounts accounts, SignedIn signedIn) {
    this.accounts = accounts;
    this.signedIn = signedIn;
  }

  record Registration(
      @NotBlank(message = "Your name is required")
          @Size(max = 100, message = "A name has at most 100 characters")
          @Pattern(regexp = ONE_LINE, message = "A name is one line of text")
          String name,
      @NotBlank(message = "An e-mail address is required")
          @Email(message = "This is not an e-mail address")
          @Size(max = AccountIntake.LONGEST_EMAIL, message = TOO_LONG_EMAIL)
          @Pattern(regexp = ONE_LINE, message = "This is not an e-mail address")
          String email,
      @NotNull(message = "A password is required")
          @Size(max = 256, message = "A password has at most 256 characters")
          @Pattern(regexp = TEXT, message = "The password is not valid text")
          String password) {

    /** Never tells the password, wherever it may be printed. */
    @Override
    public String toString() {
      return "Registration[…]";
    }
  }

  record Credentials(
      @NotNull(message = "An e-mail address is required")
          @Size(max = AccountIntake.LONGEST_EMAIL, message = TOO_LONG_EMAIL)
          @Pattern(regexp = ONE_LINE, message = "This is not an e-mail address")
          String email,
      @NotNull(message = "A password is required")
          @Size(max = 256, message = "A password has at most 256 characters")
          @Pattern(regexp = TEXT, message = "The password is not valid text")
          String password) {

    /** Never tells the password, wherever it may be printed. */
    @Override
    public String toString() {
      return "Credentials[…]";
    }
  }

  record NewPassword(
      @Nullable
          @Size(max = 256, message = "A password has at most 256 characters")
          @Pattern(regexp = TEXT, message = "The password is not valid text")
          String currentPassword,
      @NotNull(message = "A new password is required")
          @Size(max = 256, message = "A password has at most 256 characters")
          @Pattern(regexp = TEXT, message = "The password is not valid text")
          String newPassword) {

    /** Never tells the passwords, wherever they may be printed. */
    @Override
    public String toString() {
      return "NewPassword[…]";
    }
  }

  record Farewell(
      @Nullable
          @Size(max = 256, message = "A password has at most 256 characters")
          @Pattern(regexp = TEXT, message = "The password is not valid text")
          String password) {

    /** Never tells the password, wherever it may be printed. */
    @Override
    public String toString() {
      return "Farewell[…]";
    }
  }

  record Deleted(UUID erasureId) {}

  record Me(long id, String name, String email, String role, boolean hasPassword) {

    static Me of(AccountProfile profile) {
      return new Me(
          profile.id(),
          profile.name(),
          profile.email(),
          profile.role().word(),
          profile.hasPassword());
    }
  }

  @PostMapping("/register")
  @ResponseStatus(HttpStatus.CREATED)
  Me register(
      @Valid @RequestBody Registration body,
      HttpServletRequest request,
      HttpServletResponse response) {
    var profile =
        accounts.register(body.name(), body.email(), body.password(), request.getRemoteAddr());
    signedIn.begin(request, response, profile.id(), profile.version());
    return Me.of(profile);
  }

  @PostMapping("/login")
  Me login(
      @Valid @RequestBody Credentials body,
      HttpServletRequest request,
      HttpServletResponse response) {
    var profile = accounts.signIn(body.email(), body.password(), request.getRemoteAddr());
    signedIn.begin(request, response, profile.id(), profile.version());
    return Me.of(profile);
  }

  @PostMapping("/logout")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void logout(HttpServletRequest request, HttpServletResponse response) {
    signedIn.end(request, response);
  }

  /** The session goes on under another id; all others end. */
  @PutMapping("/password")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void changePassword(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody NewPassword body,
      HttpServletRequest request,
      HttpServletResponse response) {
    var profile =
        accounts.changePassword(
            caller.userId(), body.currentPassword(), body.newPassword(), signedIn.since(request));
    signedIn.begin(request, response, profile.id(), profile.version());
  }

  /** The account is gone at once; what the services hold of it follows. */
  // Of a DELETE with another media type Spring would only say that its body is missing.
  @DeleteMapping(path = "/me", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.ACCEPTED)
  Deleted delete(
      @AuthenticationPrincipal Caller caller,
      @Valid @RequestBody Farewell body,
      HttpServletRequest request,
      HttpServletResponse response) {
    UUID erasureId = accounts.delete(caller.userId(), body.password(), signedIn.since(request));
    signedIn.end(request, response);
    return new Deleted(erasureId);
  }

  @GetMapping("/me")
  Me me(@AuthenticationPrincipal Caller caller) {
    return accounts
        .find(caller.userId())
        .map(Me::of)
        .orElseThrow(() -> Problem.unauthorized("Sign in to continue"));
  }
}
