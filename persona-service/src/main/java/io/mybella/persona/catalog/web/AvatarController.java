package io.mybella.persona.catalog.web;

import io.mybella.chassis.security.Caller;
import io.mybella.persona.avatar.Avatar;
import io.mybella.persona.avatar.Avatars;
import io.mybella.persona.catalog.PersonaDirectory;
import io.mybella.persona.catalog.PersonaException;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.WebRequest;

/** The pictures of the personas over HTTP. */
@RestController
@RequestMapping("/api/personas")
class AvatarController {

  private static final CacheControl FOREVER =
      CacheControl.maxAge(Duration.ofDays(365)).cachePrivate().immutable();
  private static final CacheControl REVALIDATED = CacheControl.noCache().cachePrivate();

  private final PersonaDirectory directory;
  private final Avatars avatars;

  AvatarController(PersonaDirectory directory, Avatars avatars) {
    this.directory = directory;
    this.avatars = avatars;
  }

  /**
   * The present picture. Asked for by its present version it may be kept for ever; asked for by
   * another one, or by none, it must not be.
   */
  @GetMapping("/{id}/avatar")
  ResponseEntity<byte[]> avatar(
      Caller caller,
      @PathVariable long id,
      @RequestParam(name = "v", required = false) @Nullable String version,
      WebRequest request) {
    Avatar avatar =
        directory
            .picture(UserId.of(caller), new PersonaId(id))
            .orElseThrow(PersonaException.NotFound::new);
    String tag = "\"" + avatar.version() + '"';
    boolean unchanged = request.checkNotModified(tag);
    ResponseEntity.BodyBuilder answer =
        ResponseEntity.status(unchanged ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
            .cacheControl(Long.toString(avatar.version()).equals(version) ? FOREVER : REVALIDATED)
            .eTag(tag)
            .header("X-Content-Type-Options", "nosniff")
            .header("Content-Security-Policy", "default-src 'none'; sandbox");
    if (unchanged) {
      return answer.build();
    }
    return answer
        .contentType(MediaType.parseMediaType(avatar.mediaType()))
        .body(avatars.load(avatar).orElseThrow(PersonaException.NotFound::new));
  }
}
