package io.mybella.voice.conversion;

import io.mybella.voice.inspection.MalformedSoundException;
import io.mybella.voice.inspection.SampleType;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Decodes sound and makes MP3 of it, mono, 44.1 kHz, 128 kbit/s.
 *
 * <p>The fence around the program: it is told which one format to read and which codecs, opens
 * nothing but its two files, sees no environment, and has limits of time, processor time, memory
 * and bytes that it writes. It works in a folder that is gone afterwards. The shell that sets the
 * limits gets every argument as one, so no part of it is read as a command.
 */
@Component
public class Ffmpeg {

  private static final Logger LOG = LoggerFactory.getLogger(Ffmpeg.class);

  private static final Path SHELL = Path.of("/bin/sh");

  private static final int NO_FENCE = 125;

  /** Limits of the process, then the program in its place. */
  private static final String FENCE =
      """
      ulimit -v "$1" && ulimit -t "$2" && ulimit -f "$3" && ulimit -c 0 || exit 125
      shift 3
      exec "$@"
      """;

  /** More than the longest sample; what is cut off here is too long. */
  private static final int MOST_SECONDS = 182;

  /** Of 182 s, 2.9 MB, in the blocks of 512 bytes that the shell counts in; some count in 1024. */
  private static final int MOST_BLOCKS = 8 * 1024;

  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private static final String CODECS =
      "aac,alac,flac,mp3,mp3float,opus,vorbis,pcm_alaw,pcm_mulaw,pcm_u8,pcm_s16le,pcm_s24le,"
          + "pcm_s32le,pcm_f32le,pcm_f64le";

  private final FfmpegProperties properties;
  private final @Nullable Path program;

  Ffmpeg(FfmpegProperties properties) {
    this.properties = properties;
    this.program = program(properties.program()).orElse(null);
    LOG.info(
        "Voice samples are {}",
        program == null ? "kept as they are: there is no ffmpeg" : "made uniform by " + program);
  }

  /** Whether there is one; without it nothing can be converted. */
  public boolean isThere() {
    return program != null;
  }

  /**
   * Converts a file; what is longer than three minutes is cut a moment later.
   *
   * @param file the sound
   * @param type what it was found to be
   * @return an MP3 file of at most 4 MB, not empty
   * @throws MalformedSoundException when there is no sound to be decoded in it, or decoding it
   *     takes more than it may
   * @throws IOException when it could not be done for a reason of this side, such as no time on a
   *     busy machine
   */
  public byte[] toMp3(byte[] file, SampleType type) throws MalformedSoundException, IOException {
    if (program == null) {
      throw new IOException("there is no ffmpeg");
    }
    Path folder = Files.createTempDirectory("mybella-sample");
    try {
      Path from = Files.write(folder.resolve("from"), file);
      Path to = folder.resolve("to.mp3");
      end(run(command(program, type, from, to), folder));
      return converted(to);
    } finally {
      remove(folder);
    }
  }

  private List<String> command(Path ffmpeg, SampleType type, Path from, Path to) {
    List<String> command = new ArrayList<>();
    Collections.addAll(command, SHELL.toString(), "-c", FENCE, "sh");
    command.add(Long.toString(properties.memory().toKilobytes()));
    command.add(Long.toString(properties.timeout().toSeconds()));
    command.add(Integer.toString(MOST_BLOCKS));
    command.add(ffmpeg.toString());
    Collections.addAll(command, "-nostdin", "-hide_banner", "-loglevel", "quiet");
    Collections.addAll(command, "-protocol_whitelist", "file", "-f", type.demuxer());
    Collections.addAll(command, "-codec_whitelist", CODECS, "-max_streams", "8", "-threads", "1");
    Collections.addAll(command, "-i", "file:" + from);
    Collections.addAll(command, "-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1");
    Collections.addAll(command, "-t", Integer.toString(MOST_SECONDS), "-ac", "1", "-ar", "44100");
    Collections.addAll(command, "-c:a", "libmp3lame", "-b:a", "128k", "-threads", "1");
    Collections.addAll(command, "-write_xing", "0", "-id3v2_version", "0", "-f", "mp3");
    command.add("file:" + to);
    return command;
  }

  /** Runs a command to its end, or to the end of its time. */
  private int run(List<String> command, Path folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    Process process = builder.start();
    try {
      if (!process.waitFor(properties.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("ffmpeg took longer than " + properties.timeout());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while ffmpeg ran", e);
    } finally {
      // What it writes to is removed next, so it has to be gone.
      process.destroyForcibly().onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
    }
  }

  private static void end(int status) throws MalformedSoundException, IOException {
    switch (status) {
      case 0 -> {}
      case NO_FENCE -> throw new IOException("the limits for ffmpeg cannot be set on this system");
      case 126, 127 -> throw new IOException("ffmpeg cannot be started, status " + status);
      // Above 128 a signal ended it, such as the one for too much processor time.
      default -> throw new MalformedSoundException("ffmpeg ended with status " + status);
    }
  }

  private static byte[] converted(Path to) throws MalformedSoundException, IOException {
    try {
      long size = Files.size(to);
      if (size == 0 || size > MOST_BYTES) {
        throw new MalformedSoundException("ffmpeg made " + size + " bytes of it");
      }
      return Files.readAllBytes(to);
    } catch (NoSuchFileException e) {
      throw new MalformedSoundException("ffmpeg made nothing of it");
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.delete(folder);
  }

  private static Optional<Path> program(String setting) {
    if (setting.equals("off") || !Files.isExecutable(SHELL)) {
      return Optional.empty();
    }
    if (!setting.isEmpty()) {
      Path program = Path.of(setting);
      if (!Files.isExecutable(program)) {
        throw new IllegalArgumentException(
            "mybella.voice.ffmpeg.program names no program: " + setting);
      }
      return Optional.of(program);
    }
    String path = System.getenv("PATH");
    return path == null
        ? Optional.empty()
        : Pattern.compile(File.pathSeparator, Pattern.LITERAL)
            .splitAsStream(path)
            .filter(folder -> folder.startsWith("/"))
            .map(folder -> Path.of(folder, "ffmpeg"))
            .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
            .findFirst();
  }
}
