package io.mybella.voice.job.web;

import io.mybella.chassis.security.Caller;
import io.mybella.voice.job.JobAudio;
import io.mybella.voice.job.SpeechJob;
import io.mybella.voice.job.SpeechJobs;
import io.mybella.voice.persona.KnownPersonas;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Profile;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** {@code /api/personas/{id}/voice/jobs}: long texts, spoken in the background. */
@RestController
@Profile("!worker")
@RequestMapping("/api/personas/{id}/voice/jobs")
class SpeechJobController {

  private static final MediaType MP3 = MediaType.parseMediaType("audio/mpeg");

  private final KnownPersonas personas;
  private final SpeechJobs jobs;

  SpeechJobController(KnownPersonas personas, SpeechJobs jobs) {
    this.personas = personas;
    this.jobs = jobs;
  }

  @PostMapping
  ResponseEntity<JobBody> accept(
      Caller caller, @PathVariable long id, @Valid @RequestBody JobRequest request) {
    SpeechJob job = jobs.accept(caller, personas.visibleTo(caller, id), request.words());
    return ResponseEntity.accepted()
        .location(URI.create("/api/personas/%d/voice/jobs/%s".formatted(id, job.id())))
        .body(JobBody.of(job));
  }

  @GetMapping
  JobList list(Caller caller, @PathVariable long id) {
    return new JobList(
        jobs.list(caller, personas.visibleTo(caller, id)).stream().map(JobBody::of).toList());
  }

  @GetMapping("/{job}")
  JobBody find(Caller caller, @PathVariable long id, @PathVariable UUID job) {
    return JobBody.of(jobs.find(caller, personas.visibleTo(caller, id), job));
  }

  /** The audio of a job never changes, so its id names it; parts of it are given as asked for. */
  @GetMapping("/{job}/audio")
  ResponseEntity<JobAudio> audio(
      Caller caller,
      @PathVariable long id,
      @PathVariable UUID job,
      @RequestHeader(name = HttpHeaders.RANGE, required = false) @Nullable String range,
      HttpServletResponse response) {
    JobAudio audio = jobs.audio(caller, personas.visibleTo(caller, id), job);
    check(range, audio, response);
    return ResponseEntity.ok()
        .contentType(MP3)
        .eTag(job.toString())
        .cacheControl(CacheControl.noCache().cachePrivate())
        .body(audio);
  }

  /** Spring answers a part that is not there without a body. */
  private static void check(@Nullable String range, JobAudio audio, HttpServletResponse response) {
    try {
      HttpRange.toResourceRegions(HttpRange.parseRanges(range), audio);
    } catch (IllegalArgumentException e) {
      response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + audio.contentLength());
      throw new ResponseStatusException(
          HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "There is no such part of the audio", e);
    }
  }

  @DeleteMapping("/{job}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void remove(Caller caller, @PathVariable long id, @PathVariable UUID job) {
    jobs.remove(caller, personas.visibleTo(caller, id), job);
  }

  record JobList(List<JobBody> jobs) {}

  /** A job as the contract shows it. */
  record JobBody(
      UUID id,
      long personaId,
      String state,
      int characters,
      Progress progress,
      int attempts,
      @Nullable String problem,
      @Nullable String voiceSource,
      @Nullable String fallback,
      @Nullable Audio audio,
      Instant createdAt,
      @Nullable Instant endedAt) {

    static JobBody of(SpeechJob job) {
      return new JobBody(
          job.id(),
          job.personaId(),
          job.state().wireName(),
          job.characters(),
          new Progress(job.said(), job.pieces()),
          job.attempts(),
          job.problem(),
          job.voiceSource(),
          job.fallback(),
          Audio.of(job),
          job.createdAt(),
          job.endedAt());
    }
  }

  /**
   * How far it is.
   *
   * @param said pieces that are there
   * @param of how many there will be
   */
  record Progress(int said, int of) {}

  record Audio(String url, String mediaType, long bytes) {

    static @Nullable Audio of(SpeechJob job) {
      return switch (job.state()) {
        case COMPLETED ->
            new Audio(
                "/api/personas/%d/voice/jobs/%s/audio".formatted(job.personaId(), job.id()),
                MP3.toString(),
                job.bytes());
        default -> null;
      };
    }
  }
}
