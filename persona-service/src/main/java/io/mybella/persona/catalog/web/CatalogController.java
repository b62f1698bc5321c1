package io.mybella.persona.catalog.web;

import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.security.Caller;
import io.mybella.persona.catalog.AvailablePersonas;
import io.mybella.persona.catalog.PersonaCatalog;
import io.mybella.persona.catalog.PersonaDirectory;
import io.mybella.persona.catalog.PersonaException;
import io.mybella.persona.catalog.PersonaView;
import io.mybella.persona.catalog.ProfileTexts;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.accept.ContentNegotiationStrategy;
import org.springframework.web.accept.HeaderContentNegotiationStrategy;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RequestPart;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.multipart.MultipartFile;

/** The catalogue over HTTP. */
@RestController
@RequestMapping("/api/personas")
class CatalogController {

  /** A cache may keep the answer for its user, but asks each time whether it still holds. */
  private static final CacheControl REVALIDATED = CacheControl.noCache().cachePrivate();

  private static final ContentNegotiationStrategy ACCEPTED = new HeaderContentNegotiationStrategy();

  private final PersonaCatalog catalog;
  private final PersonaDirectory directory;
  private final PersonaLists lists;

  CatalogController(PersonaCatalog catalog, PersonaDirectory directory, PersonaLists lists) {
    this.catalog = catalog;
    this.directory = directory;
    this.lists = lists;
  }

  /**
   * What front ends poll. The list is written while it is read: as a whole it would take as much
   * memory as it likes.
   */
  @GetMapping("/available")
  void available(Caller caller, NativeWebRequest request, HttpServletResponse response)
      throws HttpMediaTypeNotAcceptableException, IOException {
    requireJson(request);
    AvailablePersonas personas = directory.available(UserId.of(caller));
    response.setHeader(HttpHeaders.CACHE_CONTROL, REVALIDATED.getHeaderValue());
    if (!request.checkNotModified(PersonaTags.of(caller.userId(), personas.entries()))) {
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      lists.write(personas, response.getOutputStream());
    }
  }

  /** The framework sees to this for what its own converters write. */
  private static void requireJson(NativeWebRequest request)
      throws HttpMediaTypeNotAcceptableException {
    if (ACCEPTED.resolveMediaTypes(request).stream()
        .noneMatch(MediaType.APPLICATION_JSON::isCompatibleWith)) {
      throw new HttpMediaTypeNotAcceptableException(List.of(MediaType.APPLICATION_JSON));
    }
  }

  @GetMapping("/{id}")
  ResponseEntity<PersonaResponse> show(Caller caller, @PathVariable long id) {
    PersonaView persona =
        directory
            .find(UserId.of(caller), new PersonaId(id))
            .orElseThrow(PersonaException.NotFound::new);
    return ResponseEntity.ok()
        .cacheControl(REVALIDATED)
        .eTag(PersonaTags.of(persona))
        .body(PersonaResponse.of(persona));
  }

  @BodyLimit(kilobytes = 128)
  @PostMapping(path = "/create", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<CreatedResponse> create(
      Caller caller, @RequestBody(required = false) @Nullable ProfileBody body) {
    return created(caller, WrittenTexts.of(body), null);
  }

  @PostMapping(
      path = "/create",
      consumes = {MediaType.MULTIPART_FORM_DATA_VALUE, MediaType.APPLICATION_FORM_URLENCODED_VALUE})
  ResponseEntity<CreatedResponse> createByForm(
      Caller caller,
      @RequestParam MultiValueMap<String, String> form,
      @RequestPart(name = "avatar", required = false) @Nullable MultipartFile avatar) {
    return created(caller, WrittenTexts.of(form), chosen(avatar));
  }

  @BodyLimit(kilobytes = 128)
  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<UpdatedResponse> update(
      Caller caller,
      @PathVariable long id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestBody(required = false) @Nullable ProfileBody body) {
    return updated(caller, new PersonaId(id), ifMatch, WrittenTexts.of(body), null);
  }

  @PutMapping(
      path = "/{id}",
      consumes = {MediaType.MULTIPART_FORM_DATA_VALUE, MediaType.APPLICATION_FORM_URLENCODED_VALUE})
  ResponseEntity<UpdatedResponse> updateByForm(
      Caller caller,
      @PathVariable long id,
      @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
      @RequestParam MultiValueMap<String, String> form,
      @RequestPart(name = "avatar", required = false) @Nullable MultipartFile avatar) {
    return updated(caller, new PersonaId(id), ifMatch, WrittenTexts.of(form), chosen(avatar));
  }

  @DeleteMapping("/{id}")
  DeletedResponse delete(Caller caller, @PathVariable long id) {
    return new DeletedResponse(
        "Persona deleted successfully", catalog.remove(caller, new PersonaId(id)));
  }

  private ResponseEntity<CreatedResponse> created(
      Caller caller, ProfileTexts texts, @Nullable Resource avatar) {
    PersonaView persona = catalog.create(caller, texts, avatar);
    return ResponseEntity.created(URI.create("/api/personas/" + persona.id()))
        .eTag(PersonaTags.of(persona))
        .body(CreatedResponse.of(persona));
  }

  private ResponseEntity<UpdatedResponse> updated(
      Caller caller,
      PersonaId id,
      @Nullable String ifMatch,
      ProfileTexts texts,
      @Nullable Resource avatar) {
    PersonaView persona = catalog.update(caller, id, texts, avatar, PersonaTags.ifMatch(ifMatch));
    return ResponseEntity.ok()
        .eTag(PersonaTags.of(persona))
        .body(new UpdatedResponse("Persona updated successfully", PersonaResponse.of(persona)));
  }

  /** A browser sends an empty part when no file was chosen. */
  private static @Nullable Resource chosen(@Nullable MultipartFile file) {
    return file == null || file.isEmpty() ? null : file.getResource();
  }
}
